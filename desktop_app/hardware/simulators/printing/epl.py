"""A simulated EPL2 printer."""

from __future__ import annotations

import re

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
)

_PICTURE = re.compile(rb"GW(\d{1,5}),(\d{1,5}),(\d{1,4}),(\d{1,5}),")
_PICTURE_BEGUN = re.compile(rb"GW?[\d,]{0,30}")
_BARS = re.compile(r'B(\d+),(\d+),0,(1|E30),(\d+),\d+,(\d+),N,"(.*)"')
_QR = re.compile(r'b(\d+),(\d+),Q,s(\d+),eM,"(.*)"')


class EplPrinter(Interpreter):
    """Understands ``GW``, bars and QR."""

    id = "epl"

    def __init__(self, dpi: int = 203) -> None:
        super().__init__(dpi)
        self._width, self._height, self._turned = 480, 320, False
        self._canvas = Canvas(self._width, self._height)

    def take(self, buffer: bytearray) -> Event | None:
        while buffer and buffer[0] in b"\r\n":
            del buffer[:1]
        found = _PICTURE.match(buffer)
        if found:
            x, y, row_bytes, height = (int(part) for part in found.groups())
            end = found.end() + row_bytes * height
            if len(buffer) < end:
                return None
            rows = taken(buffer, end)[found.end() :]
            self._canvas.picture(x, y, row_bytes, rows, zero_is_black=True)
            return Nothing()
        if not buffer or _PICTURE_BEGUN.fullmatch(bytes(buffer[:40])):
            return None
        line = taken_line(buffer)
        return None if line is None else self._line(line)

    def _line(self, line: str) -> Event:
        if line == "^ee":
            return Asked(b"^ee")
        if line == "^@":
            return Reset()
        if line == "N":
            self._canvas = Canvas(self._width, self._height)
        elif line[:1] == "q":
            self._width = whole(line[1:], self._width)
            self._canvas = Canvas(self._width, self._height)
        elif line[:1] == "Q":
            self._height = whole(line[1:].partition(",")[0], self._height)
            self._canvas = Canvas(self._width, self._height)
        elif line in ("ZT", "ZB"):
            self._turned = line == "ZB"
        elif line[:1] == "P" and line[1:].isdigit():
            copies = min(9999, max(1, whole(line[1:], 1)))
            return Printed(self._canvas.bitmap(turned=self._turned), copies)
        else:
            self._code(line)
        return Nothing()

    def _code(self, line: str) -> None:
        if found := _BARS.fullmatch(line):
            x, y, kind, module, height, data = found.groups()
            name = "128" if kind == "1" else "ean13"
            text = _plain(data)
            self._canvas.symbol(name, text, int(x), int(y), whole(module), whole(height))
        elif found := _QR.fullmatch(line):
            x, y, module, data = found.groups()
            self._canvas.symbol("qr", _plain(data), int(x), int(y), whole(module), 0)

    def answer(self, query: bytes, facts: Facts) -> bytes:
        codes = [
            code
            for on, code in (
                (facts.paper_out or facts.ribbon_out, f"07P{min(999, facts.waiting):03d}"),
                (facts.head_open, "11"),
                (facts.paused, "12"),
                (facts.fault, "84"),
                (facts.busy, "50"),
            )
            if on
        ]
        return (",".join(codes) or "00").encode("ascii") + b"\r\n"


def _plain(data: str) -> str:
    return re.sub(r"\\(.)", r"\1", data)
