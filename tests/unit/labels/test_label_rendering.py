"""Labels are drawn in whole dots, and everything doubtful is said before it is printed."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from desktop_app.domain.label_bitmap import Bitmap, Symbology, dots_per_mm, to_dots, to_mm
from desktop_app.domain.label_design import (
    LABEL_SIZES,
    TURNS,
    Align,
    Barcode,
    Box,
    Element,
    LabelDesign,
    LabelKind,
    Line,
    Picture,
    Text,
    as_matrix,
)
from desktop_app.domain.label_fields import DARKNESS, examples
from desktop_app.domain.label_presets import default_design
from desktop_app.reporting.labels.calibration import MODULES, calibration_label, darkness_design
from desktop_app.reporting.labels.render import Rendered, render, to_image, to_png
from desktop_app.reporting.labels.warnings import WarningKind
from tests.unit.labels.sample_labels import read_bitmap


def D(*numbers: str | int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def _label(*elements: Element, dpi: int = 203, **fields: str) -> Rendered:
    design = LabelDesign(LabelKind.ITEM, "", Decimal(60), Decimal(40), elements)
    return render(design, fields, dpi=dpi)


def _kinds(drawn: Rendered) -> list[WarningKind]:
    return [found.kind for found in drawn.warnings]


def _rectangle(bitmap: Bitmap, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether exactly these dots are black."""
    return all(
        bitmap.is_black(x, y) == (left <= x < right and top <= y < bottom)
        for y in range(bitmap.height)
        for x in range(bitmap.width)
    )


def test_millimetres_become_dots_exactly() -> None:
    assert to_dots(Decimal(60), 203) == 480
    assert to_dots(Decimal("0.0625"), 203) == 1
    assert to_dots(Decimal("0.0624"), 203) == 0
    assert to_dots(Decimal(60), 300) == 709
    assert dots_per_mm(300) == Fraction(3000, 254)
    assert to_mm(8, 203) == 1


@given(st.decimals(0, 50, places=3), st.decimals("0.5", 10, places=3), st.sampled_from([203, 300]))
@settings(max_examples=25, deadline=None)
def test_neighbouring_boxes_neither_overlap_nor_gape(x: Decimal, w: Decimal, dpi: int) -> None:
    first = _label(Box(x, Decimal(1), w, Decimal(1), filled=True), dpi=dpi).bitmap
    second = _label(Box(x + w, Decimal(1), w, Decimal(1), filled=True), dpi=dpi).bitmap
    both = [a & b for a, b in zip(first.rows, second.rows, strict=True)]
    assert not any(both)
    y = to_dots(Decimal("1.5"), dpi)
    edge = to_dots(x + w, dpi)
    if 0 < edge < first.width:
        assert first.is_black(edge - 1, y) is True
        assert second.is_black(edge, y) is True


def test_lines_and_frames_are_whole_rectangles() -> None:
    line = _label(Line(*D(5, 10, 20, 10), Decimal("0.25")))
    assert _rectangle(line.bitmap, 40, 79, 160, 81)
    frame = _label(Box(*D(5, 5, 10, 10), Decimal("0.5"))).bitmap
    assert frame.is_black(40, 40)
    assert frame.is_black(119, 119)
    assert not frame.is_black(44, 44)
    assert not frame.is_black(39, 60)
    assert not frame.is_black(120, 60)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("dots", [2, 3, 4])
def test_every_bar_is_whole_modules_wide(turn: int, dots: int) -> None:
    size = D(1, 1, 58, 15) if turn % 180 == 0 else D(1, 1, 15, 38)
    data = "7" if turn % 180 else "JL-7"
    drawn = _label(Barcode(Symbology.CODE128, data, *size, module_dots=dots, turn=turn))
    placed = drawn.symbols[0]
    image = to_image(drawn.bitmap).convert("L")
    middle_x, middle_y = placed.x + placed.width // 2, placed.y + placed.height // 2
    if turn % 180 == 0:
        strip = [image.getpixel((x, middle_y)) for x in range(placed.x, placed.x + placed.width)]
    else:
        strip = [image.getpixel((middle_x, y)) for y in range(placed.y, placed.y + placed.height)]
    runs: list[int] = []
    for before, now in zip([None, *strip], strip, strict=False):
        runs = [*runs, 1] if now != before else [*runs[:-1], runs[-1] + 1]
    assert strip[0] == strip[-1] == 0
    assert all(run % dots == 0 and run <= 4 * dots for run in runs)
    assert placed.module == dots


@pytest.mark.parametrize(
    ("dpi", "module"), [(203, 2), (300, 3), (600, 6)], ids=["203", "300", "600"]
)
def test_no_bar_is_chosen_thinner_than_a_quarter_millimetre(dpi: int, module: int) -> None:
    drawn = _label(Barcode(Symbology.CODE128, "JL-0123-NICKEL", *D(1, 1, 58, 15)), dpi=dpi)
    assert drawn.symbols[0].module == module
    assert drawn.warnings == ()


def test_a_code_too_long_for_the_label_says_so_and_is_not_drawn() -> None:
    # Reference: GS1-128 with GTIN and a mixed lot needs 484 dots, 60 mm have 480.
    drawn = _label(
        Barcode(Symbology.GS1_128, "(01)06901234567892(10)AB12CD(17)261231", *D(0, 1, 60, 15))
    )
    assert _kinds(drawn) == [WarningKind.SYMBOL_TOO_WIDE]
    assert drawn.warnings[0].blocks
    assert not any(drawn.bitmap.rows)


def test_a_gtin_with_a_mixed_lot_does_not_fit_sixty_millimetres() -> None:
    """222 modules of 2 dots and two quiet zones of 20 are 484 dots; the head has 480."""
    bars = Barcode(Symbology.GS1_128, "(01){gtin}(10){lot}", *D(0, 2, 60, 12), human_readable=True)
    fields = {"gtin": "06901234567892", "lot": "A1B2C3"}
    drawn = _label(bars, **fields)
    assert _kinds(drawn) == [WarningKind.LABEL_TOO_NARROW]
    assert "needs 484 dots, the label has 480" in str(drawn.warnings[0])
    assert "matrix code" in str(drawn.warnings[0])
    wider = LabelDesign(
        LabelKind.ITEM, "", Decimal(61), Decimal(40), (replace(bars, w=Decimal(61)),)
    )
    assert render(wider, fields).warnings == ()
    design = LabelDesign(LabelKind.ITEM, "", Decimal(60), Decimal(40), (bars,))
    matrix = as_matrix(design, 0)
    assert matrix is not None
    cured = render(matrix, fields)
    assert cured.warnings == ()
    assert [symbol.symbology for symbol in cured.symbols] == [Symbology.GS1_DATAMATRIX]
    assert [code for _, code in read_bitmap(cured.bitmap)] == ["]d2"]


def test_what_a_matrix_code_cannot_replace_stays() -> None:
    ean = Barcode(Symbology.EAN13, "6901234567892", *D(0, 2, 15, 12))
    design = LabelDesign(
        LabelKind.ITEM, "", Decimal(60), Decimal(40), (ean, Text("x", *D(0, 0, 5, 5)))
    )
    assert as_matrix(design, 0) is None
    assert as_matrix(design, 1) is None
    flat = Barcode(Symbology.CODE128, "I.84029G-LONG-CODE", *D(2, 30, 20, 4), turn=0)
    low = replace(design, elements=(flat,))
    made = as_matrix(low, 0)
    assert made is not None
    assert render(made, {}).warnings == ()


def test_bars_forced_thin_are_warned_of() -> None:
    code = Barcode(Symbology.CODE128, "JL-0123", *D(1, 1, 58, 15), module_dots=1)
    assert _kinds(_label(code)) == [WarningKind.MODULE_THIN]
    thin = Barcode(Symbology.CODE128, "JL-0123", *D(1, 1, 58, 15), module_mm=Decimal("0.17"))
    assert _kinds(_label(thin, dpi=300)) == [WarningKind.MODULE_THIN]


@pytest.mark.parametrize(
    "symbology", [Symbology.CODE128, Symbology.EAN13, Symbology.QR, Symbology.DATAMATRIX]
)
def test_white_around_a_code_is_measured_on_the_picture(symbology: Symbology) -> None:
    data = "6901234567892"
    code = Barcode(symbology, data, *D(10, 10, 40, 20))
    alone = _label(code)
    assert alone.warnings == ()
    placed = alone.symbols[0]
    inside = to_mm(placed.x - symbology.quiet * placed.module + 1, 203)
    outside = to_mm(placed.x - symbology.quiet * placed.module - 1, 203)
    beside = Box(inside, Decimal(12), Decimal("0.12"), Decimal(5), filled=True)
    assert _kinds(_label(code, beside)) == [WarningKind.QUIET_ZONE]
    assert _kinds(_label(code, replace(beside, x=outside - Decimal("0.12")))) == []


def test_a_code_at_the_edge_of_the_label_lacks_its_white() -> None:
    code = Barcode(Symbology.QR, "JL", *D(0, 0, 10, 10), module_dots=3, align=Align.LEFT)
    shifted = replace(code, x=Decimal("-1.0"))
    assert WarningKind.QUIET_ZONE in _kinds(_label(shifted))


@pytest.mark.parametrize(
    ("symbology", "data"),
    [
        (Symbology.EAN13, "6901234567893"),
        (Symbology.EAN13, "69012"),
        (Symbology.CODE128, "合页"),
        (Symbology.GS1_128, "06901234567892"),
        (Symbology.GS1_128, "(01)06901234567893"),
        (Symbology.GS1_DATAMATRIX, "(999999)1"),
        (Symbology.QR, "x" * 450 + "{long}"),
    ],
)
def test_what_cannot_be_a_code_is_a_sentence(symbology: Symbology, data: str) -> None:
    drawn = _label(Barcode(symbology, data, *D(1, 1, 50, 30)), long="y" * 3000)
    assert _kinds(drawn) == [WarningKind.CODE_WRONG]
    assert drawn.warnings[0].blocks
    assert drawn.symbols == ()


def test_a_lot_cannot_smuggle_another_identifier_into_a_gs1_code() -> None:
    code = Barcode(Symbology.GS1_DATAMATRIX, "(01){gtin}(10){lot}", *D(1, 1, 30, 30))
    good = _label(code, gtin="06901234567892", lot="A7")
    assert good.warnings == ()
    evil = _label(code, gtin="06901234567892", lot="A7(17)991231")
    assert _kinds(evil) == [WarningKind.CODE_WRONG]


def test_ean_and_gtin_come_from_the_barcode_by_themselves() -> None:
    drawn = _label(Barcode(Symbology.EAN13, "{ean}", *D(1, 1, 50, 20)), barcode="6901234567892")
    assert read_bitmap(drawn.bitmap) == [("6901234567892", "]E0")]


def test_text_that_does_not_fit_is_made_smaller_then_cut() -> None:
    wide = Text("{name}", *D(1, 1, 58, 6), Decimal(10))
    assert _label(wide, name="不锈钢合页").warnings == ()
    narrow = replace(wide, w=Decimal(10))
    assert _kinds(_label(narrow, name="不锈钢液压合页一百零五度快装")) == [WarningKind.TEXT_CUT]
    wrapped = replace(wide, w=Decimal(20), h=Decimal(12), wrap=True)
    assert _label(wrapped, name="不锈钢液压合页一百零五度快装").warnings == ()


def test_a_sign_the_font_lacks_is_named() -> None:
    drawn = _label(Text("{name}", *D(1, 1, 58, 6)), name="合页😀Ø²㎡䶮")
    assert _kinds(drawn) == [WarningKind.MISSING_GLYPH]
    assert "😀" in str(drawn.warnings[0])


def test_what_leaves_the_label_is_warned_of() -> None:
    assert _kinds(_label(Box(*D(55, 1, 6, 5)))) == [WarningKind.OFF_LABEL]
    near = LabelDesign(LabelKind.ITEM, "", Decimal(60), Decimal(40), (Box(*D(0, 0, 10, 10)),))
    assert render(near, {}).warnings == ()
    assert _kinds(render(near, {}, margin_mm=Decimal(1))) == [WarningKind.OFF_LABEL]


def test_an_element_whose_condition_fails_is_neither_drawn_nor_checked() -> None:
    hidden = Barcode(Symbology.EAN13, "1", *D(50, 1, 50, 20), when="lot")
    drawn = _label(hidden)
    assert drawn.warnings == ()
    assert not any(drawn.bitmap.rows)


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_code_reads_the_same(turn: int) -> None:
    code = Barcode(Symbology.CODE128, "JL-7", *D(4, 2, 36, 36), turn=turn, human_readable=True)
    drawn = _label(code, Text("合页", *D(45, 2, 10, 30), turn=turn))
    assert drawn.warnings == ()
    assert read_bitmap(drawn.bitmap) == [("JL-7", "]C0")]


def test_pictures_are_scaled_whole_and_broken_ones_named() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), "black").save(buffer, "PNG")
    drawn = _label(Picture(buffer.getvalue(), *D(5, 5, 20, 20)))
    assert _rectangle(drawn.bitmap, 40, 80, 200, 160)
    assert _kinds(_label(Picture(b"no picture", *D(5, 5, 20, 20)))) == [WarningKind.PICTURE_WRONG]
    Image.new("L", (64, 64), 128).save(buffer := io.BytesIO(), "PNG")
    dithered = _label(Picture(buffer.getvalue(), *D(0, 0, 8, 8), dither=True)).bitmap
    black = sum(map(int.bit_count, dithered.rows))
    assert 1_500 < black < 2_600


def test_the_preview_is_the_very_picture() -> None:
    drawn = _label(Text("合页 120", *D(1, 1, 58, 6)))
    with Image.open(io.BytesIO(to_png(drawn.bitmap, 3))) as opened:
        assert opened.size == (1440, 960)
        small = opened.convert("1").resize((480, 320), Image.Resampling.NEAREST)
    assert small.tobytes() == drawn.bitmap.inverted()


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", [("60", "40"), ("40", "30"), ("100", "150")])
def test_the_calibration_label_proves_its_bars(size: tuple[str, str], dpi: int) -> None:
    width, height = Decimal(size[0]), Decimal(size[1])
    label = calibration_label(width, height, dpi)
    assert (label.width, label.height) == (to_dots(width, dpi), to_dots(height, dpi))
    found = {text for text, _ in read_bitmap(label)}
    assert found >= {str(MODULES[0]), str(MODULES[1])}
    y, start, end = to_dots(Decimal(8), dpi), to_dots(Decimal(4), dpi), Decimal(4)
    length = min(Decimal(50), (width - 8) // 10 * 10)
    stop = to_dots(end + length, dpi)
    assert all(label.is_black(x, y) for x in range(start, stop))
    assert not label.is_black(start - 2, y)
    assert not label.is_black(stop + 2, y)


def test_the_darkness_label_names_its_step() -> None:
    design = darkness_design(Decimal(60), Decimal(40), 203)
    drawn = render(design, {DARKNESS: "12"}, dpi=203)
    assert read_bitmap(drawn.bitmap) == [("D12", "]C0")]
    assert drawn.warnings == ()


def test_a_bitmap_must_fit_its_size() -> None:
    with pytest.raises(ValueError, match="rows"):
        Bitmap(9, 2, b"\0\0\0")
    with pytest.raises(ValueError, match="dot"):
        Bitmap(0, 1, b"")


def test_labels_drawn_at_the_same_time_are_those_drawn_one_by_one() -> None:
    """The designer's preview and two printers' queues draw in threads of their own."""
    jobs = [
        (default_design(kind, size), {**examples(kind), "name": f"合页 {number}"})
        for number, kind in enumerate(LabelKind)
        for size in LABEL_SIZES[:3]
    ]
    alone = [render(design, fields).bitmap for design, fields in jobs]
    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            together = list(pool.map(lambda job: render(*job).bitmap, jobs))
            assert together == alone
