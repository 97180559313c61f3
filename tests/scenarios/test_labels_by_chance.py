"""A random life of a label queue: whatever happens, each label ends once, and the paper agrees."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from typing import Any
from uuid import uuid4

import pytest

from desktop_app.core.errors import ServerUnreachable, UserError
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.services import label_server as serving, print_queue
from tests.scenarios.label_life import (
    HOME,
    add_printer,
    drawn,
    enqueue,
    label_bytes,
    label_server,
    on_paper,
)

STEPS = 30
_EVERY = """
SELECT l.id, l.job_id, l.seq, l.state, l.fields->>'name', coalesce(l.fields->>'copy', '')
FROM print_label l JOIN print_job j ON j.id = l.job_id WHERE j.device_id = %s ORDER BY 2, 3
"""


@cache
def dots(name: str, copy: str) -> bytes:
    """What that label looks like."""
    return drawn(SimulatedPrinter("tspl"), name, copy)


class BreakingDatabase:
    """The line to the server; ``breaks_in`` calls from now it is cut once."""

    def __init__(self, real: Any, chance: random.Random) -> None:
        self._real, self._chance = real, chance
        self.breaks_in = 0

    def connect(self) -> Any:
        return self._real.connect()

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        self.breaks_in -= 1
        cut = self.breaks_in == 0
        if cut and self._chance.random() < 0.5:
            raise ServerUnreachable("cut before")
        result = self._real.run(function, *args, **kwargs)
        if cut:
            raise ServerUnreachable("cut after")
        return result


class Life:
    """One printer, its program, and the person beside it, who answers truthfully."""

    def __init__(self, home: Any, seed: int) -> None:
        self.chance = random.Random(seed)
        self.home = home
        self.database = BreakingDatabase(home, self.chance)
        self.printer = SimulatedPrinter("tspl")
        self.line = SimulatedPrinterTransport(self.printer, "x")
        self.printer_id = add_printer(home, f"Printer {seed}")
        self.closing = False
        self.wanted = 0
        self.copies = 0
        self.length = label_bytes(self.printer, "x")
        self.server = label_server(
            self.database, self.printer_id, self.printer, self.line, self.told,
            stopped=lambda: self.closing,
        )  # fmt: skip

    def told(self, state: PrinterState) -> None:
        """Out of paper: a new roll, the program closed, or switched off and on."""
        if state is PrinterState.PAPER_OUT:
            what = self.chance.choice(("roll", "roll", "close", "power"))
            self.closing = what == "close"
            if what == "power":
                self.printer.revive()
                self.printer.silent = True
            self.printer.load_paper(self.chance.choice((None, 3)))
        elif state is PrinterState.UNKNOWN:
            self.printer.silent = False

    def labels(self) -> list[tuple[Any, ...]]:
        return list(self.home.run(lambda u: u.execute(_EVERY, (self.printer_id,)).fetchall()))

    def ask(self) -> None:
        names = [f"{self.wanted + n}" for n in range(self.chance.randint(1, 6))]
        if self.chance.random() < 0.15:
            names[0] = f"bad {names[0]}"
        self.wanted += len(names)
        enqueue(self.home, self.printer_id, *names)

    def serve(self) -> None:
        self.closing = False
        try:
            self.server.serve()
        except ServerUnreachable:
            self.database.breaks_in = 0

    def break_it(self) -> None:
        what = self.chance.choice(("dies", "unplugged", "paper", "line", "silent"))
        if what == "dies":
            self.printer.die_after = self.chance.randint(0, self.length * 5)
        elif what == "paper":
            self.printer.load_paper(self.chance.randint(0, 3))
        elif what == "line":
            self.database.breaks_in = self.chance.randint(1, 9)
        elif what == "unplugged":
            self.line.plugged = False
        else:
            self.printer.silent = True
        self.serve()
        self.mend()

    def mend(self) -> None:
        self.line.plugged, self.printer.silent = True, False
        self.database.breaks_in = 0
        if self.printer.die_after is not None:
            self.printer.revive()

    def answer(self) -> None:
        """Look at the paper: is there one more of it than is known to have come out?"""
        rows = self.labels()
        known = Counter(dots(name, copy) for *_, state, name, copy in rows if state == "confirmed")
        paper = Counter(on_paper(self.printer))
        for label, _, _, state, name, copy in rows:
            if state == "uncertain":
                look = dots(name, copy)
                came_out = paper[look] > known[look]
                known[look] += came_out
                self.home.run(print_queue.answer, [label], came_out=came_out)

    def retry(self) -> None:
        failed = [row for row in self.labels() if row[3] == "failed"]
        if failed:
            self.home.run(print_queue.retry, self.chance.choice(failed)[1])

    def cancel(self) -> None:
        self.answer()
        rows = self.labels()
        if rows and self.chance.random() < 0.5:
            self.home.run(print_queue.cancel, self.chance.choice(rows)[1])

    def reprint(self) -> None:
        done = [row for row in self.labels() if row[3] == "confirmed"]
        if done:
            _, job, seq, *_ = self.chance.choice(done)
            self.home.run(print_queue.reprint, job, [seq], "torn", uuid4())
            self.wanted += 1
            self.copies += 1

    def finish(self) -> None:
        """Everything works again and every question is answered."""
        self.mend()
        self.printer.load_paper(None)
        for _ in range(STEPS * 6):
            self.answer()
            self.serve()
            if not {row[3] for row in self.labels()} & {"queued", "uncertain", "sending", "sent"}:
                return
        raise AssertionError("the queue does not come to an end")


@pytest.mark.parametrize("seed", range(8))
def test_every_label_ends_once_and_the_paper_agrees(
    worker_database: Any, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(serving, "REPLY_S", 0.05)
    monkeypatch.setattr(serving, "SILENCE_S", 0.15)
    real = serving.render

    def fussy(design: Any, fields: Any, **given: Any) -> Any:
        if fields["name"].startswith("bad"):
            raise UserError("It cannot be drawn.")
        return real(design, fields, **given)

    monkeypatch.setattr(serving, "render", fussy)
    life = Life(worker_database.as_user("storekeeper", workstation=HOME), seed)
    deeds = (
        [life.ask] * 4 + [life.serve] * 4 + [life.break_it] * 5
        + [life.answer, life.retry, life.cancel, life.reprint]
    )  # fmt: skip
    for _ in range(STEPS):
        life.chance.choice(deeds)()
    life.finish()
    rows = life.labels()
    assert len(rows) == life.wanted
    assert {row[3] for row in rows} <= {"confirmed", "cancelled", "failed"}
    assert all(row[4].startswith("bad") for row in rows if row[3] == "failed")
    confirmed = Counter(dots(name, copy) for *_, state, name, copy in rows if state == "confirmed")
    assert Counter(on_paper(life.printer)) == confirmed
    marked = [row for row in rows if row[5] == "Copy"]
    assert len(marked) == life.copies
    assert all(dots(name, "Copy") != dots(name, "") for *_, name, _copy in marked)
