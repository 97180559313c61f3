"""ESC/POS: receipt printers, also with label paper.

The picture goes out as ``GS v 0`` in bands (1 is black), so that a small buffer never holds
more than one. Status is ``DLE EOT n``; relatives answer with layouts of their own, declared in
:data:`LAYOUTS` (Epson TM manuals; Hwasung HPP-240 manual, p. 48).
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.i18n import N_, Message
from desktop_app.core.registry import Registry
from desktop_app.domain.label_bitmap import to_dots
from desktop_app.hardware.labels.language import LabelJob, LabelLanguage, prepared, upside_down
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, status_of, unknown

BAND = 128
"""Rows of one ``GS v 0``."""
_INITIALISE = b"\x1b@"
_NEXT_LABEL = b"\x1d\x0c"
_CUT = b"\x1dVB\x00"
_MOST_FEED = 255
_NEAR_END = N_("The paper is nearly used up.")


@dataclass(frozen=True)
class StatusLayout:
    """How one family answers ``DLE EOT n``: for each n, bits and what they mean.

    A reply byte counts only when ``byte & fixed_mask == fixed``. ``near_end`` are (index of the
    query, mask) of the hint that paper is low.
    """

    id: str
    queries: tuple[tuple[int, tuple[tuple[int, PrinterState], ...]], ...]
    fixed_mask: int = 0
    fixed: int = 0
    near_end: tuple[int, int] | None = None


_PAPER_END = ((0x60, PrinterState.PAPER_OUT),)
_OFFLINE = (
    (0x04, PrinterState.HEAD_OPEN),
    (0x08, PrinterState.BUSY),
    (0x20, PrinterState.PAPER_OUT),
    (0x40, PrinterState.ERROR),
)
LAYOUTS = Registry(
    (
        StatusLayout("epson", ((2, _OFFLINE), (4, _PAPER_END)), 0x93, 0x12, (1, 0x0C)),
        # Clones that leave the fixed bits out.
        StatusLayout("epson_loose", ((2, _OFFLINE), (4, _PAPER_END)), near_end=(1, 0x0C)),
        StatusLayout(
            "hwasung",
            (
                (
                    2,
                    (
                        (0x01, PrinterState.PAPER_OUT),
                        (0x02, PrinterState.HEAD_OPEN),
                        (0x04, PrinterState.ERROR),
                        (0x10, PrinterState.BUSY),
                        (0x20, PrinterState.ERROR),
                    ),
                ),
            ),
            0x40,
            0x00,
            (0, 0x08),
        ),
    ),
    key=lambda layout: layout.id,
)


class EscPos(LabelLanguage):
    """The language of receipt printers."""

    id = "escpos"
    title = "ESC/POS"
    status_layouts = tuple(layout.id for layout in LAYOUTS)

    def encode(self, job: LabelJob) -> bytes:
        job = prepared(job, self)
        profile = job.profile
        bitmap = upside_down(job.bitmap) if profile.upside_down else job.bitmap
        label = bytearray()
        for top in range(0, bitmap.height, BAND):
            rows = min(BAND, bitmap.height - top)
            label += b"\x1dv0\x00" + bitmap.row_bytes.to_bytes(2, "little")
            label += rows.to_bytes(2, "little")
            label += bitmap.rows[top * bitmap.row_bytes : (top + rows) * bitmap.row_bytes]
        label += _feed(profile)
        if profile.cut:
            label += _CUT
        return _INITIALISE + bytes(label) * job.copies

    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        if profile.silent:
            return ()
        layout = LAYOUTS[self.layout(profile)]
        return tuple(bytes((0x10, 0x04, number)) for number, _ in layout.queries)

    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        return bool(reply)

    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        """One byte per query, in their order. A byte missing or of another layout: UNKNOWN."""
        layout = LAYOUTS[self.layout(profile)]
        if len(reply) != len(layout.queries):
            return unknown(reply)
        if any(byte & layout.fixed_mask != layout.fixed for byte in reply):
            return unknown(reply)
        states = [
            state
            for byte, (_, flags) in zip(reply, layout.queries, strict=True)
            for bit, state in flags
            if byte & bit
        ]
        low = layout.near_end is not None and reply[layout.near_end[0]] & layout.near_end[1]
        return status_of(states, reply, notes=(Message(_NEAR_END),) if low else ())

    def self_test(self) -> bytes:
        return b"\x1d(A\x02\x00\x00\x02"

    def reset(self) -> bytes:
        return b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


def _feed(profile: PrinterProfile) -> bytes:
    if profile.media is not Media.CONTINUOUS:
        return _NEXT_LABEL
    dots = min(_MOST_FEED, to_dots(profile.gap_mm, profile.dpi))
    return bytes((0x1B, 0x4A, dots)) if dots else b""
