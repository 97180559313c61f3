"""Text on paper stays inside its width and loses nothing it need not lose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.reporting.barcodes import code128, fitting_module, item_bars, on_dot, qr_side
from desktop_app.reporting.fonts import (
    BOLD,
    MISSING_GLYPH,
    REGULAR,
    printable,
    register_fonts,
    text_width,
)
from desktop_app.reporting.paper import DOT, MM, PAPERS
from desktop_app.reporting.text import fit, fit_line, wrap

register_fonts()
_mixed = st.text(alphabet="抽屉滑轨（）、，AB12 -./", max_size=80)


@settings(max_examples=60)
@given(_mixed, st.floats(min_value=30, max_value=200), st.sampled_from([REGULAR, BOLD]))
def test_no_line_is_wider_than_its_column(text: str, width: float, font: str) -> None:
    for line in wrap(text, width, 9, font):
        # a closing mark may hang over by one sign rather than begin a line alone
        assert text_width(line, font, 9) <= width + 9
    fitted = fit(text, width, 9, font, max_lines=2)
    assert len(fitted.lines) <= 2


@settings(max_examples=60)
@given(_mixed)
def test_wrapping_keeps_every_sign(text: str) -> None:
    kept = "".join(wrap(text, 60, 9)).replace(" ", "")
    assert kept == text.replace(" ", "")


def test_a_long_name_gets_smaller_before_it_is_cut() -> None:
    name = "不锈钢三节缓冲静音抽屉滑轨"
    shrunk = fit_line(name, 100, 9)
    assert shrunk.lines == (name,)
    assert shrunk.size < 9
    cut = fit_line(name * 5, 100, 9)
    assert cut.lines[0].endswith("…")
    assert text_width(cut.lines[0], REGULAR, cut.size) <= 100


def test_words_are_kept_whole_when_a_little_smaller_will_do() -> None:
    assert fit("Remark", 30, 9, BOLD, max_lines=2).lines == ("Remark",)
    assert fit("数量、质量", 27, 9).lines[0] == "数量、"


def test_characters_without_a_glyph_are_seen() -> None:
    assert printable("扳手\U0001f527 A\tB\x07") == f"扳手{MISSING_GLYPH} A B"
    assert printable("囧䶮ØΩ±²") == "囧䶮ØΩ±²"


def test_bars_are_whole_dots_or_refused() -> None:
    bars = code128("I.84029G")
    width = PAPERS["label_60x40"].width * MM
    module = fitting_module(bars, width, dots=True)
    assert module == pytest.approx(3 * DOT)
    assert module >= 0.25 * MM
    assert fitting_module(code128("X" * 40), width, dots=True) is None
    assert qr_side("L.84029G..B1", 5 * MM) == 0
    assert on_dot(10.4 * DOT) == pytest.approx(10 * DOT)


def test_ean_only_with_a_right_check_digit() -> None:
    assert len(item_bars("6921111111116").modules) == 95
    assert len(item_bars("96385074").modules) == 67
    assert item_bars("6921111111118").modules == code128("6921111111118").modules
    for wrong in ("", "数量", "A\n"):
        with pytest.raises(ValueError, match="ASCII"):
            code128(wrong)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.id)
def test_papers_leave_room_inside_their_margins(paper: object) -> None:
    assert paper.width > 2 * paper.side
    assert paper.height > 2 * paper.edge
    assert not paper.dot_matrix or (paper.line >= 0.3 and paper.body >= 9)
