"""What happened during the demo day: timed steps, refusals, files, and what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app.core import clock
from desktop_app.core.i18n import tr


class DemoFailed(Exception):
    """The program did something else than the demo promises; the text says what."""


@dataclass
class StepRecord:
    """One step of the day; ``facts`` are figures worth keeping, as JSON can hold them."""

    name: str
    seconds: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Refusal:
    """Something that was tried and refused, with the sentence the person read."""

    step: str
    who: str
    tried: str
    sentence: str


@dataclass
class Record:
    """Filled while the day is played; written as ``summary.json`` at its end."""

    out: Path
    steps: list[StepRecord] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[StepRecord]:
        """Time a step and tell that it went by."""
        begun = clock.monotonic()
        step = StepRecord(name)
        self.steps.append(step)
        try:
            yield step
        finally:
            step.seconds = round(clock.monotonic() - begun, 3)
            print(tr("{step}: {seconds} s", step=name, seconds=f"{step.seconds:.2f}"), flush=True)

    def fact(self, name: str, value: Any) -> None:
        """Keep a figure of the step under way."""
        self.steps[-1].facts[name] = value

    def refused(self, who: str, tried: str, sentence: str) -> None:
        """Keep that something was refused, as it should be."""
        self.refusals.append(Refusal(self.steps[-1].name, who, tried, sentence))

    def write(self, folder: str, name: str, content: bytes) -> Path:
        """Keep a file below the output folder."""
        path = self.path(folder, name)
        path.write_bytes(content)
        return path

    def path(self, folder: str, name: str) -> Path:
        """Where a file of the output goes; it is listed in the summary."""
        place = self.out / folder
        place.mkdir(parents=True, exist_ok=True)
        self.files.append(f"{folder}/{name}")
        return place / name


def expect(holds: bool, what: str) -> None:
    """Raises DemoFailed saying ``what`` should have held."""
    if not holds:
        raise DemoFailed(what)


class LogCollector(logging.Handler):
    """Warnings and errors of the day: there should be none."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")
