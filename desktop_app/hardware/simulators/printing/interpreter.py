"""What every simulated language has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.hardware.simulators.printing.paper import Event


@dataclass(frozen=True)
class Facts:
    """The state a simulated printer answers from. ``waiting`` labels are still to print."""

    paper_out: bool = False
    ribbon_out: bool = False
    head_open: bool = False
    paused: bool = False
    fault: bool = False
    waiting: int = 0
    layout: str = ""

    @property
    def busy(self) -> bool:
        """Whether it is printing."""
        return self.waiting > 0


class Interpreter(ABC):
    """Reads one language from a growing buffer; remembers settings from label to label."""

    id: ClassVar[str]
    quiet_when_stopped: ClassVar[bool] = False
    """Some models say nothing at all when open or out of paper (Zebra ~HS)."""

    def __init__(self, dpi: int = 203) -> None:
        self.dpi = dpi

    @abstractmethod
    def take(self, buffer: bytearray) -> Event | None:
        """Remove one command from ``buffer`` and carry it out; None: more bytes are needed.

        Garbage is skipped. Never raises.
        """

    @abstractmethod
    def answer(self, query: bytes, facts: Facts) -> bytes:
        """The reply of a printer in that state."""

    def finish(self) -> Event | None:
        """A label that ends only because nothing more comes."""
        return None


def taken(buffer: bytearray, count: int) -> bytes:
    """Remove and return the first ``count`` bytes."""
    part = bytes(buffer[:count])
    del buffer[:count]
    return part


def taken_line(buffer: bytearray) -> str | None:
    """Remove a line that ends with LF; None when there is no end yet."""
    end = buffer.find(b"\n")
    if end < 0:
        return None
    return taken(buffer, end + 1).decode("latin-1").rstrip("\r\n")


def whole(text: str, default: int = 0) -> int:
    """An integer out of a command's argument; ``default`` when it is none."""
    text = text.strip()
    return int(text) if text.lstrip("-").isdigit() and text.isascii() and len(text) < 8 else default
