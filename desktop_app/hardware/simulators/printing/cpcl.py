"""A simulated CPCL printer."""

from __future__ import annotations

import re

from desktop_app.hardware.simulators.printing.interpreter import (
    Facts,
    Interpreter,
    taken,
    taken_line,
    whole,
)
from desktop_app.hardware.simulators.printing.paper import Asked, Canvas, Event, Nothing, Printed

_BYTES = re.compile(rb"CG (\d{1,4}) (\d{1,5}) (\d{1,5}) (\d{1,5}) ")
_BYTES_BEGUN = re.compile(rb"CG?[ \d]{0,30}")
_HEX = re.compile(r"EG (\d{1,4}) (\d{1,5}) (\d{1,5}) (\d{1,5}) ([0-9A-Fa-f]*)")
_SESSION = re.compile(r"! \d+ \d+ \d+ (\d{1,5}) (\d{1,4})")


class CpclPrinter(Interpreter):
    """Understands ``EG`` and ``CG``."""

    id = "cpcl"

    def __init__(self, dpi: int = 203) -> None:
        super().__init__(dpi)
        self._width, self._height, self._copies = 480, 320, 1
        self._canvas = Canvas(self._width, self._height)

    def take(self, buffer: bytearray) -> Event | None:
        while buffer and buffer[0] in b"\r\n":
            del buffer[:1]
        if buffer[:1] == b"\x1b":
            if len(buffer) < 2:
                return None
            query = taken(buffer, 2)
            return Asked(query) if query == b"\x1bh" else Nothing()
        found = _BYTES.match(buffer)
        if found:
            row_bytes, height, x, y = (int(part) for part in found.groups())
            end = found.end() + row_bytes * height
            if len(buffer) < end:
                return None
            rows = taken(buffer, end)[found.end() :]
            self._canvas.picture(x, y, row_bytes, rows, zero_is_black=False)
            return Nothing()
        if not buffer or _BYTES_BEGUN.fullmatch(bytes(buffer[:40])):
            return None
        line = taken_line(buffer)
        return None if line is None else self._line(line)

    def _line(self, line: str) -> Event:
        if found := _SESSION.fullmatch(line):
            self._height, self._copies = int(found.group(1)), max(1, int(found.group(2)))
            self._canvas = Canvas(self._width, self._height)
        elif line.startswith("PAGE-WIDTH "):
            self._width = whole(line[11:], self._width)
            self._canvas = Canvas(self._width, self._height)
        elif found := _HEX.fullmatch(line):
            row_bytes, height, x, y = (int(part) for part in found.groups()[:4])
            digits = found.group(5)
            if len(digits) == row_bytes * height * 2:
                self._canvas.picture(x, y, row_bytes, bytes.fromhex(digits), zero_is_black=False)
        elif line == "PRINT":
            return Printed(self._canvas.bitmap(), self._copies)
        return Nothing()

    def answer(self, query: bytes, facts: Facts) -> bytes:
        flags = (
            (facts.busy or facts.paused or facts.fault, 0x01),
            (facts.paper_out or facts.ribbon_out, 0x02),
            (facts.head_open, 0x04),
        )
        return bytes((sum(bit for on, bit in flags if on),))
