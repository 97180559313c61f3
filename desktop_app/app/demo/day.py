"""One day of the demo company, step by step, through the services and the real screens."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from desktop_app.app import company
from desktop_app.app.demo import (
    day_count,
    day_devices,
    day_money,
    day_open,
    day_purchase,
    day_sales,
    day_shapes,
    day_tables,
    day_why,
    pictures,
    summary,
)
from desktop_app.app.demo.record import LogCollector, Record
from desktop_app.app.demo.screen import Look
from desktop_app.app.demo.world import World, demo_world
from desktop_app.core.i18n import tr
from desktop_app.runtime.translator import speak

Step = Callable[[World], Any]
STEPS: tuple[tuple[str, Step], ...] = (
    ("own_fields", day_tables.own_words),
    ("import", day_tables.take_in),
    ("purchase_and_receive", day_purchase.play),
    ("sales_orders", day_sales.take_orders),
    ("deposit", day_sales.deposit_and_quarrel),
    ("pick_verify_ship", day_sales.ship_orders),
    ("blind_count", day_count.play),
    ("why", day_why.ask_why),
    ("reversal", day_why.reverse_a_receipt),
    ("transfer", day_shapes.transfer),
    ("production", day_shapes.production),
    ("outsourcing", day_shapes.outsource),
    ("labels", day_devices.labels),
    ("scale", day_devices.weigh),
    ("costs", day_money.value),
    ("seal_and_verify", day_money.seal),
    ("work_left_open", day_open.leave_work),
    ("excel", day_money.take_away),
)
_HARMLESS = (
    "This plugin does not support",
    "QFontDatabase: Cannot find font directory",
    "Note that Qt no longer ships fonts",
)
"""What Qt says on a computer without a screen."""


def run_demo(out: Path, language: str) -> int:
    """Play the day into ``out`` and photograph it; 0 when everything was as it should be."""
    return run_day(out, language, (Look(language),))


def run_day(out: Path, language: str, looks: Sequence[Look]) -> int:
    """The day, then a tour of every screen in each look. The failed step is named."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    record = Record(out.absolute())
    record.out.mkdir(parents=True, exist_ok=True)
    speak(language)
    figures: dict[str, Any] = {}
    made_with: dict[str, str] = {}
    with _listening(record):
        try:
            with demo_world(record) as world:
                _play(world, looks)
                made_with = summary.versions(world)
                figures = world.read(company.OWNER, summary.ledger_figures)
        except Exception as error:  # noqa: BLE001 - whatever it was, the step is named
            traceback.print_exc()
            record.problems.append(f"{record.steps[-1].name}: {error}")
    if figures and (figures["ledger_differences"] or not summary.conserved(figures)):
        record.problems.append("the ledger and its balances differ")
    summary.write(record, figures, made_with)
    return _tell(record)


def _play(world: World, looks: Sequence[Look]) -> None:
    steps: list[tuple[str, Step]] = list(STEPS)
    for look in looks:
        folder = "pictures" if len(looks) == 1 else look.name
        name = "screens" if len(looks) == 1 else f"screens_{look.name}"
        steps.append((name, partial(_tour, look=look, folder=folder)))
    for name, step in steps:
        with world.record.step(name):
            step(world)


def _tour(world: World, look: Look, folder: str) -> None:
    world.record.fact("pictures", pictures.tour(world, look, folder))


@contextmanager
def _listening(record: Record) -> Iterator[None]:
    """Everything the log or Qt warns of is a problem of the day."""
    logs = LogCollector()
    root = logging.getLogger()
    root.addHandler(logs)

    def qt_said(kind: QtMsgType, _where: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not text.startswith(_HARMLESS):
            logs.lines.append(f"Qt: {text}")

    before = qInstallMessageHandler(qt_said)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        root.removeHandler(logs)
        record.problems += dict.fromkeys(logs.lines)


def _tell(record: Record) -> int:
    for problem in record.problems:
        print(tr("Not as expected: {what}", what=problem), file=sys.stderr)
    print(tr("{files} files in {folder}", files=len(record.files), folder=record.out))
    return 1 if record.problems else 0
