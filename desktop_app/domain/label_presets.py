"""Good labels to begin with: every kind on every usual size.

What stands on a kind is data (:data:`CONTENTS`); ``label_layouts`` and ``label_cards`` place it: small (40×30),
medium (60×40, 70×50) and large (100×100, 100×150). Captions are written in the language of the
moment, because a design belongs to the company and is edited afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

from desktop_app.core.i18n import tr
from desktop_app.domain import label_cards as cards, label_layouts as layouts
from desktop_app.domain.label_design import (
    KIND_TITLES,
    LABEL_SIZES,
    Element,
    LabelDesign,
    LabelKind,
    LabelSize,
)
from desktop_app.domain.label_layouts import Content

_HUNDREDTH = Decimal("0.01")
_SMALL_SIDE = Decimal(45)
_LARGE_SIDE = Decimal(80)
_GOODS_NAME = "{full_name}"
CONTENTS: Mapping[LabelKind, Content] = {
    LabelKind.ITEM: Content(
        "{item_code}",
        _GOODS_NAME,
        (
            ("lot", "{lot}"),
            ("qty", "{qty}[ {unit}]"),
            ("made", "{made}"),
            ("expiry", "{expiry}"),
            ("bin", "{bin}"),
            ("category", "{category}"),
        ),
    ),
    LabelKind.BIN: Content("{bin}", "{name}", (("warehouse", "{warehouse}"), ("zone", "{zone}"))),
    LabelKind.BOX: Content(
        "{item_code}",
        _GOODS_NAME,
        (
            ("qty", "{qty}[ {unit}]"),
            ("lot", "{lot}"),
            ("net", "{net}"),
            ("gross", "{gross}"),
            ("document", "{document}"),
            ("partner", "{partner}"),
            ("inspector", "{inspector}"),
            ("made", "{made}"),
            ("box", "{box}"),
        ),
        bars="{scan_code}",
        bars_when="box",
    ),
    LabelKind.LOT: Content(
        "{lot}",
        "{item_code} " + _GOODS_NAME,
        (
            ("qty", "{qty}[ {unit}]"),
            ("state", "{state}"),
            ("made", "{made}"),
            ("expiry", "{expiry}"),
            ("document", "{document}"),
            ("partner", "{partner}"),
            ("inspector", "{inspector}"),
        ),
        bars="",
        big="{state}",
    ),
    LabelKind.SHIPPING: Content(
        "{receiver}",
        "{address}",
        (
            ("phone", "{phone}"),
            ("box_no", "{box_no}[ / {box_count}]"),
            ("weight", "{weight}"),
            ("order", "{order}"),
            ("items", "{items}"),
            ("remark", "{remark}"),
        ),
    ),
    LabelKind.PERSON: Content(
        "{name}",
        "[{department} ]{role}",
        (("login", "{login}"), ("company", "{company}")),
    ),
}


def default_design(kind: LabelKind, size: LabelSize) -> LabelDesign:
    """The design this program proposes for ``kind`` on a label of ``size``."""
    name = f"{tr(KIND_TITLES[kind])} {size.title}"
    elements = map(_rounded, _elements(kind, size.width_mm, size.height_mm))
    return LabelDesign(kind, name, size.width_mm, size.height_mm, tuple(elements))


def default_designs() -> tuple[LabelDesign, ...]:
    """Every kind on every usual size."""
    return tuple(default_design(kind, size) for kind in LabelKind for size in LABEL_SIZES)


def _elements(kind: LabelKind, w: Decimal, h: Decimal) -> list[Element]:
    content = CONTENTS[kind]
    if w < _SMALL_SIDE:
        return layouts.small(kind, content, w, h)
    if kind is LabelKind.BIN:
        return layouts.place(content, w, h)
    if kind is LabelKind.PERSON:
        return layouts.badge(content, w, h)
    if w < _LARGE_SIDE:
        return layouts.medium(kind, content, w, h)
    if kind is LabelKind.SHIPPING:
        return cards.parcel(content, w, h)
    return cards.card(kind, content, w, h)


def _rounded(element: Element) -> Element:
    """Hundredths of a mm, downwards so that nothing leaves the label: a person reads them."""
    changes: dict[str, Any] = {
        entry.name: value.quantize(_HUNDREDTH, ROUND_DOWN).normalize() + 0
        for entry in fields(element)
        if isinstance(value := getattr(element, entry.name), Decimal)
    }
    return replace(element, **changes)
