"""Where the default labels put things on small and medium paper, and on bins and badges.

All numbers are millimetres and points. ``label_cards`` has the large ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import (
    Align,
    Barcode,
    Box,
    Element,
    LabelKind,
    Rise,
    Text,
)
from desktop_app.domain.label_fields import FIELDS
from desktop_app.domain.label_text import escaped

CAPTIONED = N_("{caption}: {value}")
EDGE = Decimal("1.5")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Content:
    """What a kind of label says. ``title`` and ``name`` are templates; ``details`` are pairs of
    the field whose name is the caption, and a template.

    ``matrix`` is what the QR code says, ``bars`` what Code 128 says where there is room, on the
    condition ``bars_when``; ``big`` stands in large letters where there are no bars.
    """

    title: str
    name: str
    details: tuple[tuple[str, str], ...]
    matrix: str = "{scan_code}"
    bars: str = "{scan_code}"
    bars_when: str = ""
    big: str = ""


def small(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """Title and name above; details and a QR code below, or the EAN in their place."""
    wide = w - 2 * EDGE
    top = mm("12.6")
    side = h - top - mm("0.4")
    ean = kind is LabelKind.ITEM
    when = "not ean" if ean else ""
    elements: list[Element] = [
        Text(content.title, EDGE, mm("1.2"), wide, mm("4.6"), mm(11), bold=True),
        Text(content.name, EDGE, mm("5.9"), wide, mm("6.6"), mm("7.5"), wrap=True),
        lines_of(_details(kind, content, 4), EDGE, top, wide - side, h - top - 1, mm("6.5"), when),
        Barcode(
            Symbology.QR,
            content.matrix,
            w - side - mm("0.4"),
            top,
            side,
            side,
            align=Align.RIGHT,
            when=when,
        ),
    ]
    if ean:
        elements.append(_ean(EDGE, top, wide, h - top - mm("0.8")))
    return elements


def medium(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """Text at the left, a QR code at the right, the EAN along the foot when there is one."""
    scale = h / 40
    side = (h * mm("0.55")).quantize(HALF)
    wide = w - side - EDGE
    title_h, name_h = 6 * scale, 8 * scale
    top = EDGE + title_h + name_h
    elements: list[Element] = [
        Text(content.title, EDGE, mm("1.2"), wide, title_h, 14 * scale, bold=True),
        Text(content.name, EDGE, mm("1.2") + title_h, wide, name_h, 9 * scale, wrap=True),
        Barcode(Symbology.QR, content.matrix, w - side - HALF, HALF, side, side, align=Align.RIGHT),
    ]
    size = 8 * scale
    if kind is LabelKind.ITEM:
        foot = (h * mm("0.3")).quantize(HALF)
        upper = h - top - foot - mm("0.8")
        four, all_lines = _details(kind, content, 4), _details(kind, content, 7)
        return [
            *elements,
            lines_of(four, EDGE, top, wide, upper, size, "ean"),
            _ean(EDGE, h - foot - HALF, w - 2 * EDGE, foot),
            lines_of(all_lines, EDGE, top, wide, h - top - 1, size, "not ean"),
        ]
    left, below = w - side - HALF, side + mm(1)
    return [
        *elements,
        lines_of(_details(kind, content, 7), EDGE, top, wide, h - top - 1, size),
        Text(
            "{company}",
            left,
            below,
            side - 1,
            h - below - 1,
            8 * scale,
            align=Align.RIGHT,
            rise=Rise.BOTTOM,
            wrap=True,
        ),
    ]


def place(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A bin: its code as large as it goes, to be read from a fork-lift."""
    tall = h > w
    scale = min(w / 60, h / 40)
    band = h * (mm("0.22") if tall else mm("0.36"))
    side = min(h - band - 2, w * (mm("0.62") if tall else mm("0.44")))
    top = band + HALF if not tall else h - side - mm(4)
    words = w - 2 * EDGE if tall else w - side - 2 * EDGE
    room = (top if tall else h) - band - 3
    left = (w - side) / 2 if tall else w - side - HALF
    return [
        Box(mm(0), mm(0), w, band, filled=True),
        Text(
            content.title,
            EDGE,
            mm(0),
            w - 2 * EDGE,
            band,
            32 * scale,
            bold=True,
            align=Align.CENTRE,
            rise=Rise.MIDDLE,
            white=True,
        ),
        Text(content.name, EDGE, band + 2, words, room / 2, 12 * scale, bold=True, wrap=True),
        Text(
            "[{warehouse}\n][{zone}\n]{copy}",
            EDGE,
            band + 2 + room / 2,
            words,
            room / 2,
            11 * scale,
            wrap=True,
            rise=Rise.BOTTOM,
        ),
        Barcode(
            Symbology.QR,
            content.matrix,
            left,
            top,
            side,
            side,
            align=Align.CENTRE if tall else Align.RIGHT,
        ),
    ]


def badge(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A person: company above, the name large, a QR code to log in with."""
    tall = h > w
    scale = min(w / 60, h / 40)
    band = 8 * scale
    side = min(h - band - 2, w * (mm("0.6") if tall else mm("0.46")))
    words = w - 4 * EDGE if tall else w - side - 3 * EDGE
    x = 2 * EDGE
    left = (w - side) / 2 if tall else w - side - HALF
    top = h - side - mm(4) if tall else band + (h - band - side) / 2
    align = Align.CENTRE if tall else Align.LEFT
    return [
        Box(mm(0), mm(0), w, band, filled=True),
        Text(
            "{company}",
            EDGE,
            mm(0),
            w - 2 * EDGE,
            band,
            13 * scale,
            bold=True,
            align=Align.CENTRE,
            rise=Rise.MIDDLE,
            white=True,
        ),
        Text(
            content.title,
            x,
            band + 3 * scale,
            words,
            11 * scale,
            26 * scale,
            bold=True,
            align=align,
            rise=Rise.MIDDLE,
        ),
        Text(
            content.name,
            x,
            band + 15 * scale,
            words,
            10 * scale,
            11 * scale,
            wrap=True,
            align=align,
        ),
        Text("[{login}][ {copy}]", x, band + 25 * scale, words, 6 * scale, 9 * scale, align=align),
        Barcode(
            Symbology.QR,
            content.matrix,
            left,
            top,
            side,
            side,
            align=Align.CENTRE if tall else Align.RIGHT,
        ),
    ]


def caption_of(kind: LabelKind, name: str) -> str:
    return escaped(tr(next(field.title for field in FIELDS[kind] if field.name == name)))


def _details(kind: LabelKind, content: Content, most: int) -> str:
    """One template of several lines; a line without its value closes up."""
    lines = []
    for name, template in content.details[:most]:
        # A part cannot stand inside a part: here all of it comes or goes together.
        flat = template.replace("[", "").replace("]", "")
        lines.append("[" + tr(CAPTIONED, caption=caption_of(kind, name), value=flat) + "\n]")
    return "".join(lines)


def _ean(x: Decimal, y: Decimal, w: Decimal, h: Decimal) -> Barcode:
    return Barcode(Symbology.EAN13, "{ean}", x, y, w, h, human_readable=True, when="ean")


def lines_of(
    template: str, x: Decimal, y: Decimal, w: Decimal, h: Decimal, size: Decimal, when: str = ""
) -> Text:
    return Text(template, x, y, w, h, size, wrap=True, when=when)


def mm(number: str | int) -> Decimal:
    return Decimal(number)
