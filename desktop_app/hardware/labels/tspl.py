"""TSPL/TSPL2: TSC, Gprinter 佳博 and most Chinese label printers.

The picture goes out as ``BITMAP x,y,width in bytes,height,0,`` with 0 for black and the bytes
as they are (TSC TSPL/TSPL2 Programming Manual). Lines end with CR LF.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.label_bitmap import PlacedSymbol, Symbology
from desktop_app.hardware.labels.language import LabelJob, LabelLanguage, clamped, prepared
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, status_of, unknown

BYTE_LAYOUT = "tspl_byte"
"""``ESC ! ?``: one byte of flags (Gprinter GP-2120T manual, p. 30)."""
BLOCK_LAYOUT = "tspl_block"
"""``ESC ! S``: STX, four bytes, ETX CR LF (TSC TTP-244 Plus manual, p. 85)."""

_QUERIES = {BYTE_LAYOUT: b"\x1b!?", BLOCK_LAYOUT: b"\x1b!S"}
_FLAGS: tuple[tuple[int, PrinterState], ...] = (
    (0x01, PrinterState.HEAD_OPEN),
    (0x02, PrinterState.ERROR),
    (0x04, PrinterState.PAPER_OUT),
    (0x08, PrinterState.RIBBON_OUT),
    (0x10, PrinterState.PAUSED),
    (0x20, PrinterState.BUSY),
    (0x40, PrinterState.HEAD_OPEN),
    (0x80, PrinterState.ERROR),
)
_MESSAGES: Mapping[int, PrinterState] = {
    0x60: PrinterState.PAUSED,
    0x42: PrinterState.BUSY,
    0x43: PrinterState.BUSY,
    0x45: PrinterState.ERROR,
    0x46: PrinterState.BUSY,
    0x4B: PrinterState.PAUSED,
    0x4C: PrinterState.BUSY,
    0x50: PrinterState.BUSY,
    0x57: PrinterState.BUSY,
}
_NORMAL = 0x40
_FAULT_FLAGS: tuple[tuple[int, PrinterState], ...] = (
    (0x01, PrinterState.PAPER_OUT),
    (0x02, PrinterState.ERROR),
    (0x04, PrinterState.RIBBON_OUT),
    (0x08, PrinterState.ERROR),
    (0x20, PrinterState.HEAD_OPEN),
)
_NOTES: tuple[tuple[int, str], ...] = (
    (0x01, N_("The paper is nearly used up.")),
    (0x02, N_("The ribbon is nearly used up.")),
)


class Tspl(LabelLanguage):
    """The language of TSC and its many relatives."""

    id = "tspl"
    title = "TSPL (TSC, Gprinter 佳博)"
    native = frozenset({Symbology.CODE128, Symbology.EAN13, Symbology.QR})
    # Backslash and square brackets begin escapes such as \["] and \[R].
    native_unsafe = "\\[]"
    darkness = (0, 15)
    speeds = (1, 14)
    can_feed = True
    status_layouts = (BYTE_LAYOUT, BLOCK_LAYOUT)

    def encode(self, job: LabelJob) -> bytes:
        job = prepared(job, self)
        bitmap = job.bitmap
        body = bytearray(_lines(self._settings(job.profile)))
        body += f"BITMAP 0,0,{bitmap.row_bytes},{bitmap.height},0,".encode("ascii")
        body += bitmap.inverted() + b"\r\n"
        body += _lines([_native(symbol) for symbol in job.symbols])
        body += f"PRINT 1,{job.copies}\r\n".encode("ascii")
        return bytes(body)

    def _settings(self, profile: PrinterProfile) -> list[str]:
        lines = [f"SIZE {_mm(profile.width_mm)},{_mm(profile.height_mm)}"]
        if profile.media is Media.BLACK_MARK:
            lines.append(f"BLINE {_mm(profile.gap_mm)},0 mm")
        elif profile.media is Media.GAP:
            lines.append(f"GAP {_mm(profile.gap_mm)},0 mm")
        else:
            lines.append("GAP 0,0")
        if profile.feed_mm:
            lines.append(f"OFFSET {_mm(profile.feed_mm)}")
        darkness = clamped(profile.darkness, self.darkness)
        if darkness is not None:
            lines.append(f"DENSITY {darkness}")
        speed = clamped(profile.speed, self.speeds)
        if speed is not None:
            lines.append(f"SPEED {speed}")
        if profile.cut:
            lines.append("SET CUTTER 1")
        lines.append(f"DIRECTION {1 if profile.upside_down else 0},0")
        return [*lines, "REFERENCE 0,0", "CLS"]

    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        return () if profile.silent else (_QUERIES[self.layout(profile)],)

    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        return len(reply) >= (1 if self.layout(profile) == BYTE_LAYOUT else 8)

    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        if self.layout(profile) == BLOCK_LAYOUT:
            return _block(reply)
        if not reply:
            return unknown(reply)
        # Earlier answers may still stand in the line: the last byte is the newest.
        return status_of(_states(reply[-1], _FLAGS), reply)

    def self_test(self) -> bytes:
        return b"SELFTEST\r\n"

    def reset(self) -> bytes:
        return b"\x1b!R"


def _block(reply: bytes) -> PrinterStatus:
    end = reply.rfind(b"\x03")
    if end < 5 or reply[end - 5] != 0x02:
        return unknown(reply)
    message, warning, error, fault = reply[end - 4 : end]
    states = _states(fault & 0x3F, _FAULT_FLAGS)
    if error != _NORMAL:
        states.append(PrinterState.ERROR)
    if message in _MESSAGES:
        states.append(_MESSAGES[message])
    elif message != _NORMAL:
        return unknown(reply)
    if len(states) > 1 and message == 0x45:
        # "Printer error" only says that one of the other bytes names it.
        states = [s for s in states if s is not PrinterState.ERROR] or [PrinterState.ERROR]
    notes = tuple(Message(text) for bit, text in _NOTES if warning & bit)
    return status_of(states, reply, notes=notes)


def _states(byte: int, flags: tuple[tuple[int, PrinterState], ...]) -> list[PrinterState]:
    return [state for bit, state in flags if byte & bit]


def _native(symbol: PlacedSymbol) -> str:
    """A bar code that the printer draws (narrow bar = module, no readable line of its own)."""
    at = f"{symbol.x},{symbol.y}"
    data = symbol.data.replace('"', '\\["]')
    if symbol.symbology is Symbology.QR:
        return f'QRCODE {at},M,{symbol.module},A,0,"{data}"'
    kind = "EAN13" if symbol.symbology is Symbology.EAN13 else "128"
    return f'BARCODE {at},"{kind}",{symbol.height},0,0,{symbol.module},{symbol.module},"{data}"'


def _mm(value: Decimal) -> str:
    return f"{value.normalize():f} mm"


def _lines(lines: list[str]) -> bytes:
    return "".join(line + "\r\n" for line in lines).encode("ascii")
