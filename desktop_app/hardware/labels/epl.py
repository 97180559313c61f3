"""EPL2: older Zebra and Eltron printers (EPL Programming Guide 14245L).

``GWx,y,width in bytes,height,`` carries the picture with 0 for black. Lines end with LF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.label_bitmap import PlacedSymbol, Symbology, to_dots
from desktop_app.hardware.labels.language import LabelJob, LabelLanguage, clamped, prepared
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, status_of, unknown

_LEAST_GAP = 16
"""Dots; the guide's smallest gap at 203 dpi."""
_CODES: Mapping[int, PrinterState] = {
    0: PrinterState.READY,
    7: PrinterState.PAPER_OUT,
    11: PrinterState.HEAD_OPEN,
    12: PrinterState.PAUSED,
    15: PrinterState.READY,
    16: PrinterState.READY,
    50: PrinterState.BUSY,
}
"""Codes of ``^ee``; every other code is a fault. 7 is paper or ribbon: the printer cannot tell."""
_BATTERY_CODES = (15, 16)
_BATTERY_LOW = N_("The battery is nearly empty.")
_REPLY = re.compile(rb"(\d\d(?:P\d{3})?(?:L\d{5})?(?:,\d\d)*)\r?\n")
_LEFT = re.compile(rb"P(\d{3})")


class Epl(LabelLanguage):
    """The language of older Zebra printers."""

    id = "epl"
    title = "EPL2 (Zebra LP/TLP)"
    native = frozenset({Symbology.CODE128, Symbology.EAN13, Symbology.QR})
    darkness = (0, 15)
    speeds = (1, 6)
    status_layouts = ("epl_ee",)

    def encode(self, job: LabelJob) -> bytes:
        job = prepared(job, self)
        profile, bitmap = job.profile, job.bitmap
        lines = ["", "N", f"q{profile.width_dots}", self._form(job)]
        darkness = clamped(profile.darkness, self.darkness)
        if darkness is not None:
            lines.append(f"D{darkness}")
        speed = clamped(profile.speed, self.speeds)
        if speed is not None:
            lines.append(f"S{speed}")
        if profile.cut:
            lines.append("OC")
        lines += ["ZB" if profile.upside_down else "ZT", "R0,0"]
        lines.append(f"GW0,0,{bitmap.row_bytes},{bitmap.height},")
        foot = ["", *(_native(symbol) for symbol in job.symbols), f"P{job.copies}", ""]
        return (
            "\n".join(lines).encode("ascii") + bitmap.inverted() + "\n".join(foot).encode("ascii")
        )

    def _form(self, job: LabelJob) -> str:
        """``Q``: height of the label and what lies between two."""
        profile = job.profile
        gap = to_dots(profile.gap_mm, profile.dpi)
        if profile.media is Media.CONTINUOUS:
            return f"Q{job.bitmap.height + gap},0"
        mark = "B" if profile.media is Media.BLACK_MARK else ""
        return f"Q{profile.height_dots},{mark}{max(_LEAST_GAP, gap)}"

    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        return () if profile.silent else (b"\n^ee\n",)

    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        return reply.endswith(b"\n")

    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        """``00`` or codes with commas; after 07 may stand ``P`` and the labels still to print."""
        found = _REPLY.findall(reply)
        if not found:
            return unknown(reply)
        answer = found[-1]
        left = _LEFT.search(answer)
        codes = [int(code) for code in re.findall(rb"(?:^|,)(\d\d)", answer)]
        states = [_CODES.get(code, PrinterState.ERROR) for code in codes]
        low = any(code in _BATTERY_CODES for code in codes)
        return status_of(
            states,
            reply,
            remaining=int(left.group(1)) if left else None,
            notes=(Message(_BATTERY_LOW),) if low else (),
        )

    def self_test(self) -> bytes:
        return b"\nU\n"

    def reset(self) -> bytes:
        return b"\n^@\n"


def _native(symbol: PlacedSymbol) -> str:
    data = symbol.data.replace("\\", "\\\\").replace('"', '\\"')
    at = f"{symbol.x},{symbol.y}"
    if symbol.symbology is Symbology.QR:
        return f'b{at},Q,s{symbol.module},eM,"{data}"'
    kind = "E30" if symbol.symbology is Symbology.EAN13 else "1"
    return f'B{at},0,{kind},{symbol.module},{symbol.module},{symbol.height},N,"{data}"'
