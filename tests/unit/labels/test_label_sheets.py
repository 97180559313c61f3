"""Labels on A4 sheets carry the exact picture, in the right place."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from desktop_app.core.errors import UserError
from desktop_app.domain.label_design import LABEL_SIZES, LabelKind
from desktop_app.domain.label_fields import examples
from desktop_app.domain.label_presets import default_design
from desktop_app.reporting.labels.render import render, to_image
from desktop_app.reporting.labels.sheet import (
    GRIDS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SHEET_DPI,
    cut_grid,
    sheets,
)
from tests.unit.labels.sample_labels import read_codes

DESIGN = default_design(LabelKind.ITEM, LABEL_SIZES[1])
FIELDS = examples(LabelKind.ITEM)


def test_every_sheet_lies_on_a4() -> None:
    for grid in GRIDS:
        right = grid.left + grid.columns * grid.width + (grid.columns - 1) * grid.gap_x
        bottom = grid.top + grid.rows * grid.height + (grid.rows - 1) * grid.gap_y
        assert 0 <= grid.left <= right <= PAGE_WIDTH
        assert 0 <= grid.top <= bottom <= PAGE_HEIGHT


def test_the_picture_on_the_sheet_is_the_drawn_one_and_reads() -> None:
    made = sheets(DESIGN, [FIELDS], cut_grid(DESIGN))
    assert (made.pages, made.warnings) == (1, ())
    page = PdfReader(io.BytesIO(made.pdf)).pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    (picture,) = page.images
    assert picture.image is not None
    expected = to_image(render(DESIGN, FIELDS, dpi=SHEET_DPI).bitmap)
    assert picture.image.convert("1").tobytes() == expected.tobytes()
    codes = {text for text, _ in read_codes(picture.image)}
    assert codes == {"6901234567892", "I.JL-0123-NI"}


def test_labels_begin_where_the_sheet_is_still_full() -> None:
    grid = cut_grid(DESIGN)
    labels = [{**FIELDS, "lot": f"L{number}"} for number in range(grid.per_page)]
    made = sheets(DESIGN, labels, grid, start=3, outlines=True)
    assert made.pages == 2
    pages = PdfReader(io.BytesIO(made.pdf)).pages
    assert [len(page.images) for page in pages] == [grid.per_page - 2, 2]


def test_warnings_name_the_label() -> None:
    labels = [FIELDS, {**FIELDS, "name": "😀"}]
    made = sheets(DESIGN, labels, cut_grid(DESIGN))
    assert [number for number, _ in made.warnings] == [2]


def test_what_cannot_be_printed_is_refused_in_words() -> None:
    grid = GRIDS["65"]
    with pytest.raises(UserError, match="design"):
        sheets(DESIGN, [FIELDS], grid)
    with pytest.raises(UserError, match="no label"):
        sheets(DESIGN, [], cut_grid(DESIGN))
    with pytest.raises(UserError, match="places"):
        sheets(DESIGN, [FIELDS], cut_grid(DESIGN), start=99)
    with pytest.raises(UserError, match="A4"):
        cut_grid(replace(DESIGN, width_mm=Decimal(250)))
