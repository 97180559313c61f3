"""The large default labels: ruled cards and parcels. Numbers are millimetres and points."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import tr
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
from desktop_app.domain.label_layouts import (
    CAPTIONED,
    EDGE,
    HALF,
    Content,
    caption_of,
    lines_of,
    mm,
)
from desktop_app.domain.label_text import escaped

_MARK = Decimal(11)
"""Width of the black field that says who gets and who sends a parcel."""


def card(kind: LabelKind, content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A black head, title, name, a ruled table, QR code and bars at the foot."""
    edge, tall = mm(3), h > w
    head, title_h, name_h = (mm(12), mm(15), mm(17)) if tall else (mm(10), mm(12), mm(12))
    foot = mm(46) if tall else mm(31)
    wide = w - 2 * edge
    y = head + 1
    table_top = y + title_h + name_h
    side = foot - mm(4)
    return [
        *_head(kind, w, head),
        Text(
            content.title,
            edge,
            y,
            wide,
            title_h,
            mm(36) if tall else mm(28),
            bold=True,
            rise=Rise.MIDDLE,
        ),
        Text(content.name, edge, y + title_h, wide, name_h, mm(18) if tall else mm(14), wrap=True),
        *_table(kind, content, (edge, table_top, wide, h - foot - table_top), tall=tall),
        Barcode(Symbology.QR, content.matrix, mm(1), h - side - 1, side, side, align=Align.LEFT),
        *_foot(content, side + 2, h - foot + 4, w - side - edge - 2, foot - 8),
    ]


def _foot(content: Content, x: Decimal, y: Decimal, w: Decimal, h: Decimal) -> tuple[Element, ...]:
    if content.bars:
        return (
            Barcode(
                Symbology.CODE128,
                content.bars,
                x,
                y,
                w,
                h,
                human_readable=True,
                text_size=mm(9),
                when=content.bars_when,
            ),
        )
    return (
        Text(
            content.big,
            x,
            y,
            w,
            h,
            mm(54),
            bold=True,
            align=Align.CENTRE,
            rise=Rise.MIDDLE,
            wrap=True,
        ),
    )


def _head(kind: LabelKind, w: Decimal, height: Decimal) -> list[Element]:
    split = w * mm("0.6")
    return [
        Box(mm(0), mm(0), w, height, filled=True),
        Text(
            "{company}",
            mm(3),
            mm(0),
            split - 4,
            height,
            mm(14),
            bold=True,
            rise=Rise.MIDDLE,
            white=True,
        ),
        Text(
            escaped(tr(KIND_TITLES[kind])) + "[ {copy}]",
            split,
            mm(0),
            w - split - 3,
            height,
            mm(12),
            align=Align.RIGHT,
            rise=Rise.MIDDLE,
            white=True,
        ),
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
    pitch = min(h / rows, mm(16) if tall else mm(11)).quantize(mm("0.1"))
    half, caption, pad = w / 2, mm(15), mm("0.8")
    elements: list[Element] = [Box(x, y, w, pitch * rows, mm("0.3"))]
    for row in range(1, rows):
        elements.append(Line(x, y + pitch * row, x + w, y + pitch * row, mm("0.2")))
    for column in (caption, half, half + caption):
        elements.append(Line(x + column, y, x + column, y + pitch * rows, mm("0.2")))
    for number, (name, template) in enumerate(content.details):
        row, column_no = divmod(number, 2)
        left, top = x + half * column_no, y + pitch * row
        elements += [
            Text(
                caption_of(kind, name),
                left + pad,
                top,
                caption - 2 * pad,
                pitch,
                mm(9),
                rise=Rise.MIDDLE,
                wrap=True,
            ),
            Text(
                template,
                left + caption + pad,
                top,
                half - caption - 2 * pad,
                pitch,
                mm(14) if tall else mm(12),
                bold=True,
                rise=Rise.MIDDLE,
                wrap=True,
            ),
        ]
    return elements


def parcel(content: Content, w: Decimal, h: Decimal) -> list[Element]:
    """A parcel: who gets it, large; who sends it, small; what is inside; the waybill as bars."""
    edge, unit = mm(4), h / 100
    wide = w - 2 * edge
    to_top, to_h, from_h, in_h = 11 * unit, 33 * unit, 11 * unit, 20 * unit
    from_top = to_top + to_h
    in_top = from_top + from_h
    foot = in_top + in_h
    return [
        Text("{carrier}", edge, mm(2), wide / 2, 9 * unit, mm(20), bold=True, rise=Rise.MIDDLE),
        Text(
            "[{box_no} / {box_count}][ {copy}]",
            edge + wide / 2,
            mm(2),
            wide / 2,
            9 * unit,
            mm(22),
            bold=True,
            align=Align.RIGHT,
            rise=Rise.MIDDLE,
        ),
        Box(edge, to_top, wide, foot - to_top, mm("0.4")),
        *_receiver(content, edge, to_top, wide, to_h),
        Line(edge, from_top, edge + wide, from_top, mm("0.3")),
        *_mark(tr("FROM"), edge, from_top, from_h),
        Text(
            "{sender}[ {sender_phone}]\n{sender_address}",
            edge + _MARK + 1,
            from_top,
            wide - _MARK - 2,
            from_h,
            mm(11),
            wrap=True,
            rise=Rise.MIDDLE,
        ),
        Line(edge, in_top, edge + wide, in_top, mm("0.3")),
        lines_of(
            "".join(f"[{_one(name)}\n]" for name in ("items", "order", "weight", "remark")),
            edge + 1,
            in_top + 1,
            wide - 2,
            in_h - 2,
            mm(13) if h > w else mm(11),
        ),
        *_parcel_codes(content, edge, foot, w, h),
    ]


def _receiver(
    content: Content, x: Decimal, y: Decimal, w: Decimal, h: Decimal
) -> tuple[Element, ...]:
    left, room = x + _MARK + 1, w - _MARK - 2
    return (
        *_mark(tr("TO"), x, y, h),
        Text(
            content.title,
            left,
            y + h * mm("0.02"),
            room,
            h * mm("0.27"),
            mm(20),
            bold=True,
            wrap=True,
            rise=Rise.MIDDLE,
        ),
        Text(
            "{phone}",
            left,
            y + h * mm("0.3"),
            room,
            h * mm("0.22"),
            mm(24),
            bold=True,
            rise=Rise.MIDDLE,
        ),
        Text(content.name, left, y + h * mm("0.54"), room, h * mm("0.44"), mm(17), wrap=True),
    )


def _parcel_codes(
    content: Content, edge: Decimal, foot: Decimal, w: Decimal, h: Decimal
) -> tuple[Element, ...]:
    top, high = foot + EDGE, h - foot - mm(3)
    side = min(high, mm(24))
    wide = w - 2 * edge - side
    bars = (("{waybill}", "waybill"), (content.matrix, "not waybill"))
    return (
        *(
            Barcode(
                Symbology.CODE128,
                data,
                edge,
                top,
                wide,
                high,
                human_readable=True,
                text_size=mm(11),
                when=when,
            )
            for data, when in bars
        ),
        Barcode(
            Symbology.QR,
            content.matrix,
            w - edge - side + 2,
            top + (high - side) / 2,
            side,
            side,
            align=Align.RIGHT,
        ),
    )


def _mark(word: str, x: Decimal, y: Decimal, h: Decimal) -> tuple[Element, ...]:
    """A black field with a word in white, as on parcels."""
    return (
        Box(x, y, _MARK, h, filled=True),
        Text(
            escaped(word),
            x + HALF,
            y,
            _MARK - 1,
            h,
            mm(20),
            bold=True,
            align=Align.CENTRE,
            rise=Rise.MIDDLE,
            white=True,
        ),
    )


def _one(name: str) -> str:
    return tr(CAPTIONED, caption=caption_of(LabelKind.SHIPPING, name), value="{" + name + "}")
