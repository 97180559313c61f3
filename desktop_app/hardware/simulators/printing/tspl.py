"""A simulated TSPL printer."""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.domain.label_bitmap import to_dots
from desktop_app.hardware.simulators.printing.interpreter import (
    Facts,
    Interpreter,
    taken,
    taken_line,
    whole,
)
from desktop_app.hardware.simulators.printing.paper import (
    Asked,
    Canvas,
    Event,
    Nothing,
    Printed,
    Reset,
    self_test_page,
)

_BITMAP = re.compile(rb"BITMAP\s+(-?\d{1,5}),(-?\d{1,5}),(\d{1,4}),(\d{1,5}),(\d),")
_BITMAP_BEGUN = re.compile(rb"BITMAP[\s\d,-]{0,40}")
_SIZE = re.compile(r"SIZE\s+(\d{1,3}(?:\.\d{1,3})?) mm,\s*(\d{1,3}(?:\.\d{1,3})?) mm")
_BARCODE = re.compile(r'BARCODE (-?\d+),(-?\d+),"(\w+)",(\d+),\d,0,(\d+),\d+,"(.*)"')
_QRCODE = re.compile(r'QRCODE (-?\d+),(-?\d+),M,(\d+),A,0,"(.*)"')


class TsplPrinter(Interpreter):
    """Understands what this program sends, in the printer's own terms."""

    id = "tspl"

    def __init__(self, dpi: int = 203) -> None:
        super().__init__(dpi)
        self._size = (to_dots(Decimal(60), dpi), to_dots(Decimal(40), dpi))
        self._turned = False
        self._canvas = Canvas(*self._size)

    def take(self, buffer: bytearray) -> Event | None:
        while buffer and buffer[0] in b"\r\n":
            del buffer[:1]
        if buffer[:1] == b"\x1b":
            return self._escape(buffer)
        found = _BITMAP.match(buffer)
        if found:
            return self._bitmap(buffer, [int(part) for part in found.groups()], found.end())
        begun = _BITMAP_BEGUN.fullmatch(bytes(buffer[:60]))
        if not buffer or begun:
            return None
        line = taken_line(buffer)
        return None if line is None else self._line(line)

    def _escape(self, buffer: bytearray) -> Event | None:
        if len(buffer) < 3:
            return None
        query = taken(buffer, 3)
        if query == b"\x1b!R":
            return Reset()
        return Asked(query) if query in (b"\x1b!?", b"\x1b!S") else Nothing()

    def _bitmap(self, buffer: bytearray, arguments: list[int], start: int) -> Event | None:
        x, y, row_bytes, height, _ = arguments
        end = start + row_bytes * height
        if len(buffer) < end:
            return None
        rows = taken(buffer, end)[start:]
        self._canvas.picture(x, y, row_bytes, rows, zero_is_black=True)
        return Nothing()

    def _line(self, line: str) -> Event:
        if found := _SIZE.match(line):
            width, height = (to_dots(Decimal(part), self.dpi) for part in found.groups())
            self._size = (width, height)
        elif line.startswith("DIRECTION"):
            self._turned = line[9:].strip().startswith("1")
        elif line.strip() == "CLS":
            self._canvas = Canvas(*self._size)
        elif line.strip() == "SELFTEST":
            return Printed(self_test_page(*self._size), 1)
        elif line.startswith("PRINT"):
            sets, _, copies = line[5:].partition(",")
            count = min(9999, whole(sets, 1) * whole(copies, 1))
            return Printed(self._canvas.bitmap(turned=self._turned), count)
        else:
            self._code(line)
        return Nothing()

    def _code(self, line: str) -> None:
        if found := _BARCODE.fullmatch(line):
            x, y, kind, height, module, data = found.groups()
            name = "ean13" if kind == "EAN13" else "128"
            text = data.replace('\\["]', '"')
            self._canvas.symbol(name, text, int(x), int(y), whole(module), whole(height))
        elif found := _QRCODE.fullmatch(line):
            x, y, module, data = found.groups()
            text = data.replace('\\["]', '"')
            self._canvas.symbol("qr", text, int(x), int(y), whole(module), 0)

    def answer(self, query: bytes, facts: Facts) -> bytes:
        if query == b"\x1b!S":
            return _block(facts)
        flags = (
            (facts.head_open, 0x01),
            (facts.fault, 0x02),
            (facts.paper_out, 0x04),
            (facts.ribbon_out, 0x08),
            (facts.paused, 0x10),
            (facts.busy, 0x20),
        )
        return bytes((sum(bit for on, bit in flags if on),))


def _block(facts: Facts) -> bytes:
    wrong = facts.paper_out or facts.ribbon_out or facts.head_open
    message = 0x45 if wrong or facts.fault else 0x60 if facts.paused else 0x40
    if message == 0x40 and facts.busy:
        message = 0x50
    fault = 0x40
    for on, bit in ((facts.paper_out, 1), (facts.ribbon_out, 4), (facts.head_open, 0x20)):
        fault |= bit if on else 0
    return bytes((0x02, message, 0x40, 0x41 if facts.fault else 0x40, fault, 0x03, 0x0D, 0x0A))
