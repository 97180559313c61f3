"""A simulated ZPL II printer."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from desktop_app.hardware.simulators.printing.interpreter import Facts, Interpreter, taken, whole
from desktop_app.hardware.simulators.printing.paper import (
    LONGEST,
    Asked,
    Canvas,
    Event,
    Nothing,
    Printed,
    Reset,
)

_COMMAND = re.compile(r"[\^~]([A-Z@][A-Z0-9@])([^^~]*)")
_ESCAPED = re.compile(r"_([0-9A-Fa-f]{2})")
_LARGEST = 4_000_000


class ZplPrinter(Interpreter):
    """Understands ``^GFA`` in hexadecimal and ``:Z64:``, Code 128, EAN-13 and QR."""

    id = "zpl"
    quiet_when_stopped = True

    def take(self, buffer: bytearray) -> Event | None:
        start = min((at for at in (buffer.find(b"^"), buffer.find(b"~")) if at >= 0), default=-1)
        if start < 0:
            buffer.clear()
            return None
        del buffer[:start]
        if len(buffer) < 3:
            return None
        if buffer[:1] == b"~":
            command = taken(buffer, 3)
            if command == b"~JA":
                return Reset()
            return Asked(command) if command == b"~HS" else Nothing()
        if buffer[:3] != b"^XA":
            del buffer[:3]
            return Nothing()
        end = buffer.find(b"^XZ")
        if end < 0:
            return None
        return self._label(taken(buffer, end + 3).decode("latin-1"))

    def _label(self, text: str) -> Event:
        commands = [(name, rest.strip("\r\n")) for name, rest in _COMMAND.findall(text)]
        values = dict(commands)
        canvas = Canvas(whole(values.get("PW", ""), 480), whole(values.get("LL", ""), 320))
        x = y = 0
        module, height, code, escaped = 2, 10, "", False
        for name, rest in commands:
            if name == "FO":
                x, y = _pair(rest)
            elif name == "GF":
                _draw(canvas, rest, x, y)
            elif name == "BY":
                parts = rest.split(",")
                module, height = whole(parts[0], 2), whole(parts[-1], 10)
            elif name in ("BC", "BE", "BQ"):
                code = name
                module = whole(rest.split(",")[-1], module) if name == "BQ" else module
            elif name == "FH":
                escaped = True
            elif name == "FD":
                data = _ESCAPED.sub(lambda m: chr(int(m.group(1), 16)), rest) if escaped else rest
                _code(canvas, code, data, (x, y, module, height))
                code, escaped = "", False
        copies = min(9999, max(1, whole(values.get("PQ", "1").split(",")[0], 1)))
        return Printed(canvas.bitmap(turned=values.get("PO") == "I"), copies)

    def answer(self, query: bytes, facts: Facts) -> bytes:
        one = _flag
        first = f"030,{one(facts.paper_out)},{one(facts.paused)},0320,000,0,0,0,000,0,0,0"
        first = first[:-1] + one(facts.fault)
        second = f"000,0,{one(facts.head_open)},{one(facts.ribbon_out)},1,2,6,0,{facts.waiting:08d},1,000"
        return b"".join(f"\x02{part}\x03\r\n".encode("ascii") for part in (first, second, "1234,0"))


def _flag(on: bool) -> str:
    return "1" if on else "0"


def _pair(text: str) -> tuple[int, int]:
    first, _, second = text.partition(",")
    return whole(first), whole(second.split(",")[0])


def _draw(canvas: Canvas, rest: str, x: int, y: int) -> None:
    parts = rest.split(",", 4)
    if len(parts) < 5 or parts[0] != "A":
        return
    row_bytes, total = whole(parts[3]), min(whole(parts[2]), _LARGEST)
    rows = _unpacked(parts[4], total)
    if row_bytes and len(rows) >= row_bytes and len(rows) // row_bytes <= LONGEST:
        whole_rows = rows[: len(rows) // row_bytes * row_bytes]
        canvas.picture(x, y, row_bytes, whole_rows, zero_is_black=False)


def _unpacked(content: str, total: int) -> bytes:
    """The picture's bytes; empty when the check sum or the packing is wrong."""
    try:
        if not content.startswith(":Z64:"):
            return bytes.fromhex(content)[:total]
        packed, _, check = content[5:].rpartition(":")
        if binascii.crc_hqx(packed.encode("ascii"), 0) != int(check, 16):
            return b""
        # The length is bounded: a small text could unpack to gigabytes.
        return zlib.decompressobj().decompress(base64.b64decode(packed), total)
    except (ValueError, zlib.error):
        return b""


def _code(canvas: Canvas, code: str, data: str, place: tuple[int, int, int, int]) -> None:
    x, y, module, height = place
    if code == "BQ":
        canvas.symbol("qr", data.partition(",")[2], x, y, module, 0)
    elif code == "BE":
        canvas.symbol("ean13", data[:12], x, y, module, height)
    elif code == "BC":
        canvas.symbol("128", data, x, y, module, height)
