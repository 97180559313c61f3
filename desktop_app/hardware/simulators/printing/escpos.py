"""A simulated ESC/POS printer."""

from __future__ import annotations

from desktop_app.hardware.simulators.printing.interpreter import Facts, Interpreter, taken
from desktop_app.hardware.simulators.printing.paper import (
    LONGEST,
    Asked,
    Canvas,
    Event,
    Nothing,
    Printed,
    Reset,
)

_LENGTHS = {
    b"\x1b@": 2,
    b"\x1bJ": 3,
    b"\x1d\x0c": 2,
    b"\x1dV": 4,
    b"\x10\x04": 3,
    b"\x10\x14": 10,
    b"\x1d(": 7,
}


class EscPosPrinter(Interpreter):
    """Understands ``GS v 0``; a label ends at the next feed, cut, start or question."""

    id = "escpos"

    def __init__(self, dpi: int = 203) -> None:
        super().__init__(dpi)
        self._strip = bytearray()
        self._row_bytes = 0

    def take(self, buffer: bytearray) -> Event | None:
        while buffer and buffer[0] not in b"\x10\x1b\x1d":
            del buffer[:1]
        if len(buffer) < 2:
            return None
        head = bytes(buffer[:2])
        if head == b"\x1dv":
            return self._band(buffer)
        length = _LENGTHS.get(head)
        if length is None:
            del buffer[:1]
            return Nothing()
        if len(buffer) < length:
            return None
        label = self.finish()
        if label and head == b"\x10\x04":
            return label  # the question stays in the buffer for the next call
        command = taken(buffer, length)
        if head == b"\x10\x04":
            return Asked(command)
        return label or (Reset() if head == b"\x10\x14" else Nothing())

    def _band(self, buffer: bytearray) -> Event | None:
        if len(buffer) < 8:
            return None
        row_bytes = int.from_bytes(buffer[4:6], "little")
        height = int.from_bytes(buffer[6:8], "little")
        end = 8 + row_bytes * height
        if row_bytes > 1000 or height > 4000:
            del buffer[:2]
            return Nothing()
        if len(buffer) < end:
            return None
        label = self.finish() if row_bytes != self._row_bytes else None
        rows = taken(buffer, end)[8:]
        self._row_bytes = row_bytes
        if len(self._strip) < LONGEST * max(1, row_bytes):
            self._strip += rows
        return label or Nothing()

    def finish(self) -> Event | None:
        if not self._strip or not self._row_bytes:
            return None
        canvas = Canvas(self._row_bytes * 8, len(self._strip) // self._row_bytes)
        canvas.picture(0, 0, self._row_bytes, bytes(self._strip), zero_is_black=False)
        self._strip.clear()
        return Printed(canvas.bitmap())

    def answer(self, query: bytes, facts: Facts) -> bytes:
        if facts.layout == "hwasung":
            flags = (
                (facts.paper_out or facts.ribbon_out, 0x01),
                (facts.head_open, 0x02),
                (facts.fault, 0x20),
                (facts.busy or facts.paused, 0x10),
            )
            return bytes((sum(bit for on, bit in flags if on),))
        byte = 0x12
        if query[2:] == b"\x01" and (facts.paper_out or facts.head_open or facts.paused):
            byte |= 0x08
        if query[2:] == b"\x02":
            byte |= 0x04 if facts.head_open else 0
            byte |= 0x08 if facts.busy or facts.paused else 0
            byte |= 0x20 if facts.paper_out or facts.ribbon_out else 0
            byte |= 0x40 if facts.fault else 0
        if query[2:] == b"\x04" and (facts.paper_out or facts.ribbon_out):
            byte |= 0x60
        return bytes((byte,))
