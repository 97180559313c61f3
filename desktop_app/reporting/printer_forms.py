"""Whether a printer can really print a sheet: the forms it knows, and how near the edge it gets.

A driver that lacks a form takes another one without a word: half pages are fed blank, or the
note is cut. What the driver says is compared here, before the first sheet is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.i18n import N_, Message

Size = tuple[float, float]
"""Width and height in mm."""

_CLOSE = 1.0
"""mm: drivers round forms to whole points or tenths of an inch."""
_HAIR = 0.5
"""mm that ink may stand beyond the printable area: rounding of the picture that is looked at."""

OTHER_FORM = N_("The printer “{printer}” would take {given} mm, this sheet is {wanted} mm.")
NO_FORM = N_("The printer “{printer}” has no form of {wanted} mm: it would feed or cut wrongly.")
CUT = N_(
    "The printer “{printer}” leaves {mm} mm white at the {side}: page {page} would be cut there."
)
WINDOWS_GUIDE = N_(
    "In Windows: Printers → Print server properties → create a form of {wanted} mm, then choose"
    " it in the printer's preferences."
)
LINUX_GUIDE = N_(
    "Choose a driver that knows own paper sizes, or add the form {wanted} mm to the printer's"
    " PPD file."
)
SIDES = {
    "left": N_("left edge"),
    "top": N_("top edge"),
    "right": N_("right edge"),
    "bottom": N_("bottom edge"),
}


@dataclass(frozen=True)
class PrinterForms:
    """What a driver says it can take. ``given`` is what it made of the size asked for;
    ``margins`` (left, top, right, bottom) are the mm it cannot print.

    Nothing in ``sizes`` and no ``custom``: it says nothing (a raw queue) and is believed.
    """

    printer: str
    given: Size
    sizes: tuple[Size, ...] = ()
    custom: bool = False
    least: Size = (0.0, 0.0)
    most: Size = (0.0, 0.0)
    margins: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def takes(self, wanted: Size) -> bool:
        """Whether there is such a form, either way round, or one so wide can be made."""
        if not self.sizes and not self.custom:
            return True
        if any(_same(size, wanted) or _same(size, wanted[::-1]) for size in self.sizes):
            return True
        return self.custom and _within(self.least, wanted, self.most)


@dataclass(frozen=True)
class Ink:
    """Where the ink of one page ends: white mm at each edge."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def form_fault(forms: PrinterForms, wanted: Size) -> Message | None:
    """Why the sheet would come out wrong, None when the printer has that form."""
    if not _same(forms.given, wanted):
        return Message(
            OTHER_FORM,
            {
                "printer": forms.printer,
                "given": size_text(forms.given),
                "wanted": size_text(wanted),
            },
        )
    if not forms.takes(wanted):
        return Message(NO_FORM, {"printer": forms.printer, "wanted": size_text(wanted)})
    return None


def cut_fault(forms: PrinterForms, pages: tuple[Ink, ...]) -> Message | None:
    """The first place where ink stands in a margin the printer cannot reach."""
    for ink in pages:
        white = (ink.left, ink.top, ink.right, ink.bottom)
        for side, margin, free in zip(SIDES.values(), forms.margins, white, strict=True):
            if free < margin - _HAIR:
                return Message(
                    CUT,
                    {
                        "printer": forms.printer,
                        "mm": f"{margin:.1f}",
                        "side": Message(side),
                        "page": ink.page,
                    },
                )
    return None


def guide(wanted: Size, platform: str) -> Message:
    """How to give the printer such a form on this kind of PC."""
    text = WINDOWS_GUIDE if platform == "win32" else LINUX_GUIDE
    return Message(text, {"wanted": size_text(wanted)})


def size_text(size: Size) -> str:
    """A size as on the pack: 241 × 139.7."""
    return " × ".join(f"{side:.1f}".removesuffix(".0") for side in size)


def _same(one: Size, other: Size) -> bool:
    return all(abs(a - b) <= _CLOSE for a, b in zip(one, other, strict=True))


def _within(least: Size, size: Size, most: Size) -> bool:
    return all(
        low - _CLOSE <= side <= high + _CLOSE
        for low, side, high in zip(least, size, most, strict=True)
    )
