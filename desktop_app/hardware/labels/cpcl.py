"""CPCL: portable printers (Zebra CPCL Programming Manual).

``EG`` carries the picture in hexadecimal, ``CG`` as bytes (profile: compressed); 1 is black. Not
checked on a device: print the calibration label first.
"""

from __future__ import annotations

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.labels.language import (
    LabelJob,
    LabelLanguage,
    clamped,
    prepared,
    upside_down,
)
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, status_of, unknown

_BATTERY_LOW = N_("The battery is nearly empty.")
_FLAGS: tuple[tuple[int, PrinterState], ...] = (
    (0x01, PrinterState.BUSY),
    (0x02, PrinterState.PAPER_OUT),
    (0x04, PrinterState.HEAD_OPEN),
)
_BATTERY = 0x08
_KNOWN = 0x1F
_SENSE = {Media.GAP: "GAP-SENSE", Media.BLACK_MARK: "BAR-SENSE"}


class Cpcl(LabelLanguage):
    """The language of portable printers."""

    id = "cpcl"
    title = "CPCL (portable printers)"
    darkness = (0, 3)
    speeds = (0, 5)
    can_compress = True
    status_layouts = ("cpcl_byte",)

    def encode(self, job: LabelJob) -> bytes:
        job = prepared(job, self)
        profile = job.profile
        bitmap = upside_down(job.bitmap) if profile.upside_down else job.bitmap
        dots = 300 if profile.dpi >= 300 else 200
        endless = profile.media is Media.CONTINUOUS
        height = bitmap.height if endless else profile.height_dots
        lines = [f"! 0 {dots} {dots} {height} {job.copies}"]
        lines.append(f"PAGE-WIDTH {profile.width_dots}")
        darkness = clamped(profile.darkness, self.darkness)
        if darkness is not None:
            lines.append(f"CONTRAST {darkness}")
        speed = clamped(profile.speed, self.speeds)
        if speed is not None:
            lines.append(f"SPEED {speed}")
        if profile.media in _SENSE:
            lines.append(_SENSE[profile.media])
        command = "CG" if profile.compress else "EG"
        picture = f"{command} {bitmap.row_bytes} {bitmap.height} 0 0 "
        content = bitmap.rows if profile.compress else bitmap.rows.hex().upper().encode("ascii")
        head = "\r\n".join([*lines, picture]).encode("ascii")
        feed = b"" if endless else b"FORM\r\n"
        return head + content + b"\r\n" + feed + b"PRINT\r\n"

    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        return () if profile.silent else (b"\x1bh",)

    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        return bool(reply)

    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        """The byte of ``ESC h``: bit 0 busy, 1 paper out, 2 latch open, 3 battery low, 4 reset."""
        if not reply or reply[-1] & ~_KNOWN:
            return unknown(reply)
        states = [state for bit, state in _FLAGS if reply[-1] & bit]
        notes = (Message(_BATTERY_LOW),) if reply[-1] & _BATTERY else ()
        return status_of(states, reply, notes=notes)
