"""What a section of the bench hands back, and how much of everything it shall measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmarks.server import BenchServer


@dataclass
class Section:
    """Figures are judged by name; lines are printed; data goes to the JSON only."""

    figures: dict[str, float] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def say(self, line: str) -> None:
        """Keep a line for the report and show it now."""
        self.lines.append(line)
        print(line, flush=True)


@dataclass(frozen=True)
class Bench:
    """The server in use and the size of the run."""

    server: BenchServer
    quick: bool

    def size(self, full: int, quick: int) -> int:
        """One of two sizes."""
        return quick if self.quick else full


def milliseconds(seconds: float) -> str:
    """Seconds as printed in milliseconds."""
    return f"{seconds * 1000:.2f} ms"
