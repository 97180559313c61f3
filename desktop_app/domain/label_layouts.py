"""Where the default labels put things, by size. All numbers are millimetres and points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import (
    KIND_TITLES,
    Align,
    Barcode,
    Box,
    Element,
    LabelKind,
    Line,
    Rise,
    Text,
)
from desktop_app.domain.label_fields import FIELDS
from desktop_app.domain.label_text import escaped

_CAPTIONED = N_("{caption}: {value}")
_EDGE = Decimal("1.5")
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Content:
    """What a kind of label says. ``title`` and ``name`` are templates; ``details`` are pairs of
    the field whose name is the caption, and a template.

    ``matrix`` is what the QR code says, ``bars`` what Code 128 says where there is room; ``big``
    stands in large letters where there are no bars.
    """

    title: str
    name: str
    details: tuple[tuple[str, str], ...]
    matrix: str = "{scan_code}"
    bars: str = "{scan_code}"
    big: str = ""


def small(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """Title and name above; details and a QR code below, or the EAN in their place."""
    wide = w - 2 * _EDGE
    top = _d("12.6")
    side = h - top - _d("0.4")
    ean = kind is LabelKind.ITEM
    when = "not ean" if ean else ""
    elements: list[Element] = [
        Text(content.title, _EDGE, _d("1.2"), wide, _d("4.6"), _d(11), bold=True),
        Text(content.name, _EDGE, _d("5.9"), wide, _d("6.6"), _d("7.5"), wrap=True),
        _lines(
            _details(kind, content, 4), _EDGE, top, wide - side, h - top - 1, _d("6.5"), when
        ),
        Barcode(
            Symbology.QR, content.matrix, w - side - _d("0.4"), top, side, side,
            align=Align.RIGHT, when=when,
        ),
    ]
    if ean:
        elements.append(_ean(_EDGE, top, wide, h - top - _d("0.8")))
    return elements


def medium(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """Text at the left, a QR code at the right, the EAN along the foot when there is one."""
    scale = h / 40
    side = (h * _d("0.55")).quantize(_HALF)
    wide = w - side - _EDGE
    title_h, name_h = 6 * scale, 8 * scale
    top = _EDGE + title_h + name_h
    elements: list[Element] = [
        Text(content.title, _EDGE, _d("1.2"), wide, title_h, 14 * scale, bold=True),
        Text(content.name, _EDGE, _d("1.2") + title_h, wide, name_h, 9 * scale, wrap=True),
        Barcode(
            Symbology.QR, content.matrix, w - side - _HALF, _HALF, side, side, align=Align.RIGHT
        ),
    ]
    size = 8 * scale
    if kind is LabelKind.ITEM:
        foot = (h * _d("0.3")).quantize(_HALF)
        upper = h - top - foot - _d("0.8")
        four, all_lines = _details(kind, content, 4), _details(kind, content, 7)
        return [
            *elements,
            _lines(four, _EDGE, top, wide, upper, size, "ean"),
            _ean(_EDGE, h - foot - _HALF, w - 2 * _EDGE, foot),
            _lines(all_lines, _EDGE, top, wide, h - top - 1, size, "not ean"),
        ]
    left, below = w - side - _HALF, side + _d(1)
    return [
        *elements,
        _lines(_details(kind, content, 7), _EDGE, top, wide, h - top - 1, size),
        Text(
            "{company}", left, below, side - 1, h - below - 1, 8 * scale,
            align=Align.RIGHT, rise=Rise.BOTTOM, wrap=True,
        ),
    ]


def place(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A bin: its code as large as it goes, to be read from a fork-lift."""
    tall = h > w
    scale = min(w / 60, h / 40)
    band = h * (_d("0.22") if tall else _d("0.36"))
    side = min(h - band - 2, w * (_d("0.62") if tall else _d("0.44")))
    top = band + _HALF if not tall else h - side - _d(4)
    words = w - 2 * _EDGE if tall else w - side - 2 * _EDGE
    room = (top if tall else h) - band - 3
    left = (w - side) / 2 if tall else w - side - _HALF
    return [
        Box(_d(0), _d(0), w, band, filled=True),
        Text(
            content.title, _EDGE, _d(0), w - 2 * _EDGE, band, 32 * scale,
            bold=True, align=Align.CENTRE, rise=Rise.MIDDLE, white=True,
        ),
        Text(content.name, _EDGE, band + 2, words, room / 2, 12 * scale, bold=True, wrap=True),
        Text(
            "[{warehouse}\n][{zone}\n]{copy}", _EDGE, band + 2 + room / 2, words, room / 2,
            11 * scale, wrap=True, rise=Rise.BOTTOM,
        ),
        Barcode(Symbology.QR, content.matrix, left, top, side, side,
                align=Align.CENTRE if tall else Align.RIGHT),
    ]


def badge(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A person: company above, the name large, a QR code to log in with."""
    tall = h > w
    scale = min(w / 60, h / 40)
    band = 8 * scale
    side = min(h - band - 2, w * (_d("0.6") if tall else _d("0.46")))
    words = w - 4 * _EDGE if tall else w - side - 3 * _EDGE
    x = 2 * _EDGE
    left = (w - side) / 2 if tall else w - side - _HALF
    top = h - side - _d(4) if tall else band + (h - band - side) / 2
    align = Align.CENTRE if tall else Align.LEFT
    return [
        Box(_d(0), _d(0), w, band, filled=True),
        Text(
            "{company}", _EDGE, _d(0), w - 2 * _EDGE, band, 13 * scale,
            bold=True, align=Align.CENTRE, rise=Rise.MIDDLE, white=True,
        ),
        Text(content.title, x, band + 3 * scale, words, 11 * scale, 26 * scale, bold=True,
             align=align, rise=Rise.MIDDLE),
        Text(content.name, x, band + 15 * scale, words, 10 * scale, 11 * scale, wrap=True,
             align=align),
        Text("[{login}][ {copy}]", x, band + 25 * scale, words, 6 * scale, 9 * scale, align=align),
        Barcode(Symbology.QR, content.matrix, left, top, side, side,
                align=Align.CENTRE if tall else Align.RIGHT),
    ]


def card(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A black head, title, name, a ruled table, QR code and bars at the foot."""
    edge, tall = _d(3), h > w
    head, title_h, name_h = (_d(12), _d(15), _d(17)) if tall else (_d(10), _d(12), _d(12))
    foot = _d(46) if tall else _d(31)
    wide = w - 2 * edge
    y = head + 1
    table_top = y + title_h + name_h
    side = foot - _d(4)
    return [
        *_head(kind, w, head),
        Text(content.title, edge, y, wide, title_h, _d(36) if tall else _d(28), bold=True,
             rise=Rise.MIDDLE),
        Text(content.name, edge, y + title_h, wide, name_h, _d(18) if tall else _d(14),
             wrap=True),
        *_table(kind, content, (edge, table_top, wide, h - foot - table_top), tall=tall),
        Barcode(Symbology.QR, content.matrix, _d(1), h - side - 1, side, side,
                align=Align.LEFT),
        *_foot(content, side + 2, h - foot + 4, w - side - edge - 2, foot - 8),
    ]


def _foot(
    content: Content, x: Decimal, y: Decimal, w: Decimal, h: Decimal
) -> tuple[Element, ...]:
    if content.bars:
        return (
            Barcode(Symbology.CODE128, content.bars, x, y, w, h, human_readable=True,
                    text_size=_d(9)),
        )
    return (
        Text(content.big, x, y, w, h, _d(54), bold=True, align=Align.CENTRE, rise=Rise.MIDDLE,
             wrap=True),
    )


def _head(kind: LabelKind, w: Decimal, height: Decimal) -> list[Element]:
    split = w * _d("0.6")
    return [
        Box(_d(0), _d(0), w, height, filled=True),
        Text("{company}", _d(3), _d(0), split - 4, height, _d(14), bold=True, rise=Rise.MIDDLE,
             white=True),
        Text(escaped(tr(KIND_TITLES[kind])) + "[ {copy}]", split, _d(0), w - split - 3, height,
             _d(12), align=Align.RIGHT, rise=Rise.MIDDLE, white=True),
    ]


def _table(
    kind: LabelKind,
    content: Content,
    room: tuple[Decimal, Decimal, Decimal, Decimal],
    *,
    tall: bool,
) -> list[Element]:
    """Caption and value beside each other, two pairs to a row, ruled."""
    x, y, w, h = room
    rows = (len(content.details) + 1) // 2
    # Rows of a short table stay low: a card is not filled up for its own sake.
    pitch = min(h / rows, _d(16) if tall else _d(11)).quantize(_d("0.1"))
    half, caption, pad = w / 2, _d(15), _d("0.8")
    elements: list[Element] = [Box(x, y, w, pitch * rows, _d("0.3"))]
    for row in range(1, rows):
        elements.append(Line(x, y + pitch * row, x + w, y + pitch * row, _d("0.2")))
    for column in (caption, half, half + caption):
        elements.append(Line(x + column, y, x + column, y + pitch * rows, _d("0.2")))
    for number, (name, template) in enumerate(content.details):
        row, column_no = divmod(number, 2)
        left, top = x + half * column_no, y + pitch * row
        elements += [
            Text(_caption(kind, name), left + pad, top, caption - 2 * pad, pitch, _d(9),
                 rise=Rise.MIDDLE, wrap=True),
            Text(template, left + caption + pad, top, half - caption - 2 * pad, pitch,
                 _d(14) if tall else _d(12), bold=True, rise=Rise.MIDDLE, wrap=True),
        ]
    return elements


def parcel(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A parcel: who gets it, large; who sends it, small; what is inside; the waybill as bars."""
    edge, unit = _d(4), h / 100
    wide = w - 2 * edge
    to_top, to_h, from_h, in_h = 11 * unit, 33 * unit, 11 * unit, 20 * unit
    from_top = to_top + to_h
    in_top = from_top + from_h
    foot = in_top + in_h
    return [
        Text("{carrier}", edge, _d(2), wide / 2, 9 * unit, _d(20), bold=True, rise=Rise.MIDDLE),
        Text("[{box_no} / {box_count}][ {copy}]", edge + wide / 2, _d(2), wide / 2, 9 * unit,
             _d(22), bold=True, align=Align.RIGHT, rise=Rise.MIDDLE),
        Box(edge, to_top, wide, foot - to_top, _d("0.4")),
        *_receiver(content, edge, to_top, wide, to_h),
        Line(edge, from_top, edge + wide, from_top, _d("0.3")),
        *_mark(tr("FROM"), edge, from_top, from_h),
        Text("{sender}[ {sender_phone}]\n{sender_address}", edge + _MARK + 1, from_top,
             wide - _MARK - 2, from_h, _d(11), wrap=True, rise=Rise.MIDDLE),
        Line(edge, in_top, edge + wide, in_top, _d("0.3")),
        _lines(
            "".join(f"[{_one(name)}\n]" for name in ("items", "order", "weight", "remark")),
            edge + 1, in_top + 1, wide - 2, in_h - 2, _d(13) if h > w else _d(11),
        ),
        *_parcel_codes(content, edge, foot, w, h),
    ]


_MARK = Decimal(11)


def _receiver(
    content: Content, x: Decimal, y: Decimal, w: Decimal, h: Decimal
) -> tuple[Element, ...]:
    left, room = x + _MARK + 1, w - _MARK - 2
    return (
        *_mark(tr("TO"), x, y, h),
        Text(content.title, left, y + h * _d("0.02"), room, h * _d("0.27"), _d(20), bold=True,
             wrap=True, rise=Rise.MIDDLE),
        Text("{phone}", left, y + h * _d("0.3"), room, h * _d("0.22"), _d(24), bold=True,
             rise=Rise.MIDDLE),
        Text(content.name, left, y + h * _d("0.54"), room, h * _d("0.44"), _d(17), wrap=True),
    )


def _parcel_codes(
    content: Content, edge: Decimal, foot: Decimal, w: Decimal, h: Decimal
) -> tuple[Element, ...]:
    top, high = foot + _EDGE, h - foot - _d(3)
    side = min(high, _d(24))
    wide = w - 2 * edge - side
    bars = (("{waybill}", "waybill"), (content.matrix, "not waybill"))
    return (
        *(
            Barcode(Symbology.CODE128, data, edge, top, wide, high, human_readable=True,
                    text_size=_d(11), when=when)
            for data, when in bars
        ),
        Barcode(Symbology.QR, content.matrix, w - edge - side + 2, top + (high - side) / 2, side,
                side, align=Align.RIGHT),
    )


def _mark(word: str, x: Decimal, y: Decimal, h: Decimal) -> tuple[Element, ...]:
    """A black field with a word in white, as on parcels."""
    return (
        Box(x, y, _MARK, h, filled=True),
        Text(escaped(word), x + _HALF, y, _MARK - 1, h, _d(20), bold=True, align=Align.CENTRE,
             rise=Rise.MIDDLE, white=True),
    )


def _one(name: str) -> str:
    return tr(_CAPTIONED, caption=_caption(LabelKind.SHIPPING, name), value="{" + name + "}")


def _caption(kind: LabelKind, name: str) -> str:
    return escaped(tr(next(field.title for field in FIELDS[kind] if field.name == name)))


def _details(kind: LabelKind, content: Content, most: int) -> str:
    """One template of several lines; a line without its value closes up."""
    lines = []
    for name, template in content.details[:most]:
        # A part cannot stand inside a part: here all of it comes or goes together.
        flat = template.replace("[", "").replace("]", "")
        lines.append("[" + tr(_CAPTIONED, caption=_caption(kind, name), value=flat) + "\n]")
    return "".join(lines) + "{copy}"


def _ean(x: Decimal, y: Decimal, w: Decimal, h: Decimal) -> Barcode:
    return Barcode(Symbology.EAN13, "{ean}", x, y, w, h, human_readable=True, when="ean")


def _lines(
    template: str, x: Decimal, y: Decimal, w: Decimal, h: Decimal, size: Decimal, when: str = ""
) -> Text:
    return Text(template, x, y, w, h, size, wrap=True, when=when)


def _d(number: str | int) -> Decimal:
    return Decimal(number)
