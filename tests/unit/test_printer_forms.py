"""What a driver says of its forms, against what a sheet needs."""

from __future__ import annotations

import pytest

from desktop_app.reporting.printer_forms import Ink, PrinterForms, cut_fault, form_fault, guide

A4 = (210.0, 297.0)
HALF = (241.0, 139.7)
NEEDLE = PrinterForms("LQ", HALF, (A4,), True, (12.7, 12.7), (381.0, 5000.0))


@pytest.mark.parametrize(
    ("forms", "fits"),
    [
        (NEEDLE, True),
        (PrinterForms("raw queue", HALF), True),
        (PrinterForms("form made", HALF, (A4, (240.95, 140.05))), True),
        (PrinterForms("form turned", HALF, ((139.7, 241.0),)), True),
        (PrinterForms("office laser", HALF, (A4,)), False),
        (PrinterForms("narrow", HALF, (A4,), True, (50.0, 50.0), (216.0, 355.0)), False),
        (PrinterForms("driver took A4", A4, (A4,)), False),
    ],
    ids=lambda value: getattr(value, "printer", None),
)
def test_a_form_is_there_can_be_made_or_is_missing(forms: PrinterForms, fits: bool) -> None:
    assert (form_fault(forms, HALF) is None) is fits


def test_the_sentence_says_the_sizes_and_how_to_make_the_form() -> None:
    told = form_fault(PrinterForms("HP", A4, (A4,)), HALF)
    assert str(told) == "The printer “HP” would take 210 × 297 mm, this sheet is 241 × 139.7 mm."
    assert "Print server properties" in str(guide(HALF, "win32"))
    assert "241 × 139.7 mm" in str(guide(HALF, "linux"))


def test_ink_beyond_the_margins_is_told_with_its_side_and_page() -> None:
    forms = PrinterForms("LQ", HALF, margins=(3.0, 6.35, 3.0, 6.35))
    good, low = Ink(1, 16, 6, 16, 7), Ink(2, 16, 8, 16, 4.5)
    assert cut_fault(forms, (good,)) is None
    assert "bottom edge: page 2" in str(cut_fault(forms, (good, low)))
