"""Cutting frames out of a stream of bytes: the one loop all protocols share.

A family says only what it sees at one place of the buffer. Its answer must depend on
nothing but the bytes from there on, and "more" only on frames not longer than ``LONGEST``; then the
readings are the same however the stream is cut into chunks, garbage is skipped byte by
byte, and the buffer stays small.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import NamedTuple

from desktop_app.hardware.scales.reading import Reading

BUFFER_LIMIT = 4096
LONGEST = 96
_CHUNK = 1024
_LINE_END = re.compile(rb"[\r\n]")


class Step(NamedTuple):
    """``used`` bytes are done with; 0 asks for more. ``checked``: a checksum agreed."""

    used: int
    reading: Reading | None = None
    checked: bool = False


MORE = Step(0)
SKIP = Step(1)


class Parser(ABC):
    """Bytes in, readings out; no I/O, no clock. Never raises on any bytes.

    ``frames``, ``checked`` and ``skipped`` count full frames, those with a good checksum, and
    bytes that belonged to none; auto-detection scores by them.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.frames = 0
        self.checked = 0
        self.skipped = 0
        self.total = 0

    @property
    def buffered(self) -> int:
        """Bytes kept for the next call; at most BUFFER_LIMIT."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Reading]:
        """Everything complete in the stream so far, in order."""
        found: list[Reading] = []
        for start in range(0, len(data), _CHUNK):
            self._buffer += data[start : start + _CHUNK]
            self._cut(found)
        self.total += len(data)
        return found

    def reset(self) -> None:
        """Forget a half frame (the line was broken)."""
        self._buffer.clear()

    def _cut(self, found: list[Reading]) -> None:
        data, at = bytes(self._buffer), 0
        while at < len(data):
            step = self.step(data, at)
            if step.used == 0 and len(data) - at < LONGEST:
                break
            begun = at
            at += max(1, step.used)
            if step.reading is None:
                self.skipped += len(data[begun:at].strip(b"\r\n"))
                continue
            self.frames += 1
            self.checked += step.checked
            found.append(step.reading)
        del self._buffer[:at]

    @abstractmethod
    def step(self, data: bytes, at: int) -> Step:
        """What stands at ``data[at:]``: a frame, something to skip, or MORE."""


class LineParser(Parser):
    """Frames that are lines of text ended by CR, LF or both; at most ``longest`` bytes.

    Garbage before a frame in the same line is cut off by the family's own pattern, which is
    searched so that it ends at the end of the line.
    """

    longest = 64

    def step(self, data: bytes, at: int) -> Step:
        end = _LINE_END.search(data, at, at + self.longest + 1)
        if end is None:
            return Step(1) if len(data) - at > self.longest else MORE
        line = data[at : end.start()]
        reading = self.line(line) if line else None
        if reading is not None:  # garbage in front of the frame
            self.skipped += max(0, len(line.strip()) - len(reading.raw.strip()))
        return Step(end.end() - at, reading)

    @abstractmethod
    def line(self, line: bytes) -> Reading | None:
        """The reading in ``line`` (without its end), ``raw`` being its part of it, or None."""


def skip_to(data: bytes, at: int, start: int) -> Step:
    """Skip to the next ``start`` byte, or past everything."""
    found = data.find(start, at + 1)
    return Step((len(data) if found < 0 else found) - at)


def xor(data: bytes) -> int:
    """All bytes exclusive-or'ed."""
    value = 0
    for byte in data:
        value ^= byte
    return value


def hex_pair(value: int) -> bytes:
    """A byte as two nibbles 0-9, A-F (Yaohua's check characters)."""
    return b"%02X" % value
