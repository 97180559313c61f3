"""A label printed again says so, on every design, and its codes still scan."""

from __future__ import annotations

from decimal import Decimal

import pytest
import zxingcpp

from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind, Text
from desktop_app.domain.label_fields import examples
from desktop_app.domain.label_presets import default_designs
from desktop_app.reporting.labels.render import Rendered, render, to_image

DESIGNS = default_designs()


def _read(drawn: Rendered) -> set[str]:
    image = to_image(drawn.bitmap).convert("L")
    return {
        found.text for found in zxingcpp.read_barcodes(image.resize([2 * n for n in image.size]))
    }


@pytest.mark.parametrize("barcode", ["6901234567892", ""])
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_a_reprint_is_marked_on_every_proposed_label(
    design: LabelDesign, dpi: int, barcode: str
) -> None:
    fields = examples(design.kind)
    if "barcode" in fields:
        fields = {**fields, "barcode": barcode, "ean": barcode, "gtin": ""}
    first = render(design, fields, dpi=dpi)
    again = render(design, {**fields, "copy": "副本"}, dpi=dpi)
    assert first.bitmap != again.bitmap
    assert again.warnings == ()
    assert again.symbols == first.symbols
    assert _read(first) <= _read(again)


def test_a_design_of_ones_own_without_a_place_for_it_is_marked_too() -> None:
    words = Text("M6 × 20 " * 40, *map(Decimal, (1, 1, 38, 28)), Decimal(9), wrap=True)
    full = LabelDesign(LabelKind.ITEM, "full", Decimal(40), Decimal(30), (words,))
    assert render(full, {"copy": "Copy"}).bitmap != render(full, {}).bitmap
    empty = LabelDesign(LabelKind.ITEM, "empty", Decimal(40), Decimal(30), ())
    assert any(render(empty, {"copy": "Copy"}).bitmap.rows)
    assert not any(render(empty, {"copy": ""}).bitmap.rows)


def test_a_code_that_fills_the_label_is_never_covered() -> None:
    place = map(Decimal, (0, 0, 30, 30))
    code = Barcode(Symbology.QR, "X" * 60, *place)
    label = LabelDesign(LabelKind.BIN, "code", Decimal(30), Decimal(30), (code,))
    assert _read(render(label, {"copy": "Copy"})) == {"X" * 60}


def test_a_design_that_places_the_word_is_left_alone() -> None:
    word = Text("{copy}", *map(Decimal, (2, 2, 20, 6)))
    design = LabelDesign(LabelKind.ITEM, "own", Decimal(40), Decimal(30), (word,))
    drawn = render(design, {"copy": "Copy"}).bitmap
    lower = [drawn.row(y) for y in range(80, drawn.height)]
    assert not any(map(any, lower))
