"""Chores run for those who may, and only for them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from desktop_app.app.housekeeping import CHORES, Housekeeping
from desktop_app.runtime.context import CurrentUser
from desktop_app.services import costing, sealing


class Recorder(QObject):
    """Stands for Operations: remembers what it was asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Any] = []

    def command(self, function: Any, **_: Any) -> None:
        self.asked.append(function)


def test_the_owner_seals_and_costs_the_storekeeper_does_neither(qapp: Any) -> None:
    for permissions, wanted in (
        (frozenset({"ledger.seal", "cost.read"}), [sealing.seal_days, costing.update]),
        (frozenset({"stock.read"}), []),
    ):
        recorder = Recorder()
        keeper = Housekeeping(recorder, CurrentUser("x", "X", permissions), recorder)  # type: ignore[arg-type]
        keeper.run()
        assert recorder.asked == wanted


def test_chores_are_harmless_twice(database: Any) -> None:
    for _, chore in CHORES:
        database.run(chore)
        database.run(chore)
