"""What went over a line, byte for byte, kept bounded on disk, shown, saved and replayed.

One line of text per piece: ``seconds direction hex bytes``, so that a person and the
replay read the same file. Directions: ``<`` received, ``>`` sent, ``#`` a note. Two files take
turns: when the newer is full, the older is dropped. A disk that refuses never stops a device.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from desktop_app.core import clock
from desktop_app.core.logging import get_logger

MAX_BYTES = 1_000_000
KEPT_IN_MEMORY = 500
_PIECE = 256
_log = get_logger("hardware.bytes")


class Direction(StrEnum):
    """Seen from this PC."""

    RECEIVED = "<"
    SENT = ">"
    NOTE = "#"


@dataclass(frozen=True)
class Record:
    """One piece; ``at`` is seconds since the log was begun."""

    at: float
    direction: Direction
    data: bytes

    def as_line(self) -> str:
        """The line of the file."""
        told = (
            self.data.decode("utf-8", "replace")
            if self.direction is Direction.NOTE
            else self.data.hex(" ").upper()
        )
        return f"{self.at:.3f} {self.direction} {told}"


class ByteLog:
    """Thread-safe. ``path`` None keeps the last pieces in memory only."""

    def __init__(self, path: Path | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._half = max_bytes // 2
        self._lock = threading.Lock()
        self._file: IO[str] | None = None
        self._written = 0
        self._begun = clock.monotonic()
        self._recent: deque[Record] = deque(maxlen=KEPT_IN_MEMORY)

    def add(self, direction: Direction, data: bytes) -> None:
        """Keep ``data``; never raises."""
        at = clock.monotonic() - self._begun
        with self._lock:
            for start in range(0, len(data), _PIECE):
                self._keep(Record(at, direction, data[start : start + _PIECE]))

    def note(self, text: str) -> None:
        """A remark between the bytes ("open COM5")."""
        line = " ".join(text.split())
        self.add(Direction.NOTE, line.encode("utf-8")[:_PIECE])

    def recent(self) -> list[Record]:
        """The last pieces, oldest first, for the live view."""
        with self._lock:
            return list(self._recent)

    def close(self) -> None:
        """Let go of the file; adding opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def save_for_support(self, target: Path, facts: Iterable[tuple[str, str]] = ()) -> Path:
        """Everything kept, with ``facts`` about the device on top, as one text file.

        Raises OSError when the target cannot be written.
        """
        with self._lock:
            if self._file is not None:
                self._file.flush()
            records = list(self._on_disk()) or list(self._recent)
        head = [f"{Direction.NOTE} saved {clock.now().isoformat(timespec='seconds')}"]
        head += [f"{Direction.NOTE} {name}: {value}" for name, value in facts]
        lines = head + [record.as_line() for record in records]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return target

    def _keep(self, record: Record) -> None:
        self._recent.append(record)
        if self.path is None:
            return
        line = record.as_line() + "\n"
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("a", encoding="utf-8", buffering=1)
                self._written = self._file.tell()
                self._file.write(f"0.000 # log of {_stamp(clock.now())}\n")
            if self._written + len(line) > self._half:
                self._turn_over()
            self._file.write(line)
            self._written += len(line)
        except OSError as error:
            _log.info("byte log %s not written: %s", self.path.name, error)

    def _turn_over(self) -> None:
        if self.path is None or self._file is None:
            return
        self._file.close()
        self.path.replace(_older(self.path))
        self._file = self.path.open("w", encoding="utf-8", buffering=1)
        self._written = 0

    def _on_disk(self) -> Iterator[Record]:
        if self.path is not None:
            for path in (_older(self.path), self.path):
                if path.is_file():
                    yield from read_log(path)


def read_log(path: Path) -> list[Record]:
    """The pieces of a log or of a file saved for support; lines that are none are left out.

    Raises OSError when the file cannot be read.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    return [record for line in text.splitlines() if (record := parse_line(line)) is not None]


def parse_line(line: str) -> Record | None:
    """One line of a log; None for anything else."""
    parts = line.split(" ", 2)
    if len(parts) < 3 or parts[1] not in {d.value for d in Direction}:
        return None
    try:
        at, direction = float(parts[0]), Direction(parts[1])
        is_note = direction is Direction.NOTE
        return Record(
            at, direction, parts[2].encode("utf-8") if is_note else bytes.fromhex(parts[2])
        )
    except ValueError:
        return None


def hex_view(record: Record, width: int = 16) -> list[str]:
    """The lines of a hex view: ``12.345 <  02 2D 30 …   .-0…``; control codes as points."""
    if record.direction is Direction.NOTE:
        return [record.as_line()]
    lines = []
    for start in range(0, len(record.data), width):
        part = record.data[start : start + width]
        shown = "".join(chr(b) if 0x20 <= b < 0x7F else "." for b in part)
        lead = f"{record.at:10.3f} {record.direction}" if start == 0 else " " * 12
        lines.append(f"{lead}  {part.hex(' ').upper():<{width * 3 - 1}}  {shown}")
    return lines


def _older(path: Path) -> Path:
    return path.with_name(path.name + ".1")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
