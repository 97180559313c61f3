"""ZPL II: Zebra and its clones (ZPL II Programming Guide, docs.zebra.com).

The picture is ``^GFA`` in hexadecimal, or base64 of zlib data with a CRC (``:Z64:``) when the
profile says compressed; 1 is black. All text is escaped with ``^FH``.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.label_bitmap import Bitmap, PlacedSymbol, Symbology, to_dots
from desktop_app.hardware.labels.language import LabelJob, LabelLanguage, clamped, prepared
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, status_of, unknown

_MEDIA = {Media.GAP: "^MNY", Media.BLACK_MARK: "^MNM", Media.CONTINUOUS: "^MNN"}
_SAFE = re.compile(r"[^A-Za-z0-9 .,/+*$%&@#:;=()!?-]")
_STATUS_LINES = 3
_MOST_FEED = 120
"""Dots the place where the paper stops can be moved."""
_LINE = re.compile(rb"\x02([^\x02\x03]*)\x03")
_MEMORY_LOST = N_("The printer's memory was lost: calibrate it again.")


class Zpl(LabelLanguage):
    """The language of Zebra printers."""

    id = "zpl"
    title = "ZPL II (Zebra)"
    native = frozenset({Symbology.CODE128, Symbology.EAN13, Symbology.QR})
    # ">" begins a code-set command inside Code 128 data.
    native_unsafe = ">"
    darkness = (0, 30)
    speeds = (1, 14)
    can_compress = True
    can_feed = True
    status_layouts = ("zpl_hs",)

    def encode(self, job: LabelJob) -> bytes:
        job = prepared(job, self)
        profile = job.profile
        parts = []
        darkness = clamped(profile.darkness, self.darkness)
        if darkness is not None:
            parts.append(f"~SD{darkness:02d}")
        if profile.feed_mm:
            dots = to_dots(profile.feed_mm, profile.dpi)
            # Fewer than three signs and the printer ignores it (ZPL II Programming Guide, ~TA).
            parts.append(f"~TA{max(-_MOST_FEED, min(_MOST_FEED, dots)):03d}")
        height = profile.height_dots
        if profile.media is Media.CONTINUOUS:
            height = job.bitmap.height + to_dots(profile.gap_mm, profile.dpi)
        parts += ["^XA", f"^PW{profile.width_dots}", f"^LL{height}", "^LH0,0", "^LS0", "^CI28"]
        parts += [_MEDIA[profile.media], "^POI" if profile.upside_down else "^PON"]
        speed = clamped(profile.speed, self.speeds)
        if speed is not None:
            parts.append(f"^PR{speed}")
        if profile.cut:
            parts.append("^MMC")
        parts.append(f"^FO0,0{_picture(job.bitmap, compress=profile.compress)}^FS")
        parts += [_native(symbol) for symbol in job.symbols]
        parts += [f"^PQ{job.copies},0,1,Y", "^XZ"]
        return "\n".join(parts).encode("ascii") + b"\n"

    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        return () if profile.silent else (b"~HS",)

    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        return reply.count(b"\x03") >= _STATUS_LINES and reply.endswith(b"\n")

    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        """Three lines of ``~HS``. Some models stay silent when open or out of paper: UNKNOWN."""
        lines = [found.decode("ascii", "replace").split(",") for found in _LINE.findall(reply)]
        if len(lines) < _STATUS_LINES:
            return unknown(reply)
        first, second = lines[-3], lines[-2]
        if len(first) < 12 or len(second) < 9:
            return unknown(reply)
        remaining = _number(second[8])
        waiting = _number(first[4]) or 0
        states = [
            state
            for on, state in (
                (first[1], PrinterState.PAPER_OUT),
                (first[2], PrinterState.PAUSED),
                (second[2], PrinterState.HEAD_OPEN),
                (second[3], PrinterState.RIBBON_OUT),
                (first[10], PrinterState.ERROR),
                (first[11], PrinterState.ERROR),
            )
            if on == "1"
        ]
        if remaining or waiting or first[5] == "1":
            states.append(PrinterState.BUSY)
        notes = (Message(_MEMORY_LOST),) if first[9] == "1" else ()
        left = None if remaining is None else remaining + waiting
        return status_of(states, reply, remaining=left, notes=notes)

    def self_test(self) -> bytes:
        return b"~WC\n"

    def reset(self) -> bytes:
        return b"~JA\n"


def _picture(bitmap: Bitmap, *, compress: bool) -> str:
    total = len(bitmap.rows)
    head = f"^GFA,{total},{total},{bitmap.row_bytes},"
    if not compress:
        return head + bitmap.rows.hex().upper()
    packed = base64.b64encode(zlib.compress(bitmap.rows, 9))
    return f"{head}:Z64:{packed.decode('ascii')}:{crc16(packed):04X}"


def crc16(data: bytes) -> int:
    """CRC-16/XMODEM (polynomial 1021, start 0), as ``:Z64:`` carries it over the base64 text."""
    return binascii.crc_hqx(data, 0)


def _native(symbol: PlacedSymbol) -> str:
    start = f"^FO{symbol.x},{symbol.y}"
    data = _SAFE.sub(lambda found: f"_{ord(found.group()):02X}", symbol.data)
    if symbol.symbology is Symbology.QR:
        return f"{start}^BQN,2,{symbol.module}^FH_^FDMA,{data}^FS"
    module = f"^BY{symbol.module},3,{symbol.height}"
    if symbol.symbology is Symbology.EAN13:
        # The printer adds the check digit itself.
        return f"{start}{module}^BEN,{symbol.height},N,N^FH_^FD{data[:12]}^FS"
    return f"{start}{module}^BCN,{symbol.height},N,N,N,A^FH_^FD{data}^FS"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
