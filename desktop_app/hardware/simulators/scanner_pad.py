"""A pad of codes to "scan" without a scanner: what stands on the buttons, and what is sent.

The same forms a real one sends: bytes of a serial scanner, keys of a wedge with their pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.i18n import N_
from desktop_app.hardware.scanners.teaching import TEACH_CODES, Key


@dataclass(frozen=True)
class PadCode:
    """A button: ``text`` as encoded, ``symbology`` as a scanner would announce it."""

    title: str
    text: str
    symbology: str = "]C0"

    def as_bytes(self, *, announce: bool = True, suffix: bytes = b"\r") -> bytes:
        """What a serial scanner sends; ``announce`` puts the symbology identifier in front."""
        head = self.symbology if announce else ""
        return (head + self.text).encode() + suffix

    def as_keys(self, start_ms: int = 0, gap_ms: int = 4, suffix: str = "\r") -> list[Key]:
        """What a wedge types, one key each ``gap_ms``."""
        return [Key(c, start_ms + n * gap_ms) for n, c in enumerate(self.text + suffix)]


PAD_CODES = (
    PadCode(N_("EAN-13 of an article"), "6901234567892", "]E0"),
    PadCode(N_("Carton (ITF-14)"), "16901234567899", "]I1"),
    PadCode(N_("Lot and use-by date (GS1-128)"), "01069012345678921727123110L7\x1d3712", "]C1"),
    PadCode(N_("Weight (GS1 DataMatrix)"), "0106901234567892310300125010L7", "]d2"),
    PadCode(N_("Pallet (SSCC)"), "00106141412345678908", "]C1"),
    PadCode(
        N_("Web address (GS1 Digital Link)"),
        "https://id.gs1.org/01/06901234567892/10/L7?17=271231",
        "]Q1",
    ),
    PadCode(N_("Weighed goods of the shop's scale"), "2200123012500", "]E0"),
    PadCode(N_("Wrong check digit"), "6901234567893", "]E0"),
    PadCode(N_("A bin"), "B.A-01-02"),
    PadCode(N_("A box"), "K.BX-260115-0007"),
    PadCode(N_("A badge"), "P.OWNER"),
    PadCode(N_("Nobody knows this one"), "NOBODY-KNOWS-1"),
)
"""Without a database; a company's own items and documents are added by the window."""


def pad_codes(known: Sequence[tuple[str, str]] = ()) -> tuple[PadCode, ...]:
    """The buttons: ``known`` (title, code) of this company first, then the examples."""
    teaching = (PadCode(code.title, code.text) for code in TEACH_CODES)
    return (*(PadCode(title, text) for title, text in known), *PAD_CODES, *teaching)
