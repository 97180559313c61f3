"""Every code that may come out of a scanner, and what it means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.gs1 import check_digit_ok, gtin_spellings
from desktop_app.domain.scan_codes import (
    CodeNotPrintable,
    ScanKind,
    bin_code,
    document_code,
    exit_code,
    item_code,
    lot_code,
    parse_scan,
    person_code,
)

_GTIN = "06921111111116"


@pytest.mark.parametrize(
    ("built", "kind", "code"),
    [
        (bin_code("W1-A-01-02"), ScanKind.BIN, "W1-A-01-02"),
        (person_code("li4"), ScanKind.PERSON, "LI4"),
        (exit_code("W1-7K2Q"), ScanKind.EXIT, "W1-7K2Q"),
        (item_code("84029G"), ScanKind.ITEM, "84029G"),
        (document_code("XSC-20260101-0001"), ScanKind.DOCUMENT, "XSC-20260101-0001"),
        (lot_code("84029G", "260101A"), ScanKind.LOT, "84029G"),
    ],
)
def test_own_codes_come_back(built: str, kind: ScanKind, code: str) -> None:
    for read in (built, built + "\r\n", built.lower(), built.replace("-", "－").replace(".", "。")):
        result = parse_scan(read)
        assert (result.kind, result.code) == (kind, code)


def test_lot_code_carries_lot_and_quantity() -> None:
    result = parse_scan(lot_code("ZJ-10.5", "L7", Decimal("12.500")))
    assert (result.kind, result.code, result.lot, result.qty) == (
        ScanKind.LOT,
        "ZJ-10.5",
        "L7",
        Decimal("12.5"),
    )
    without_lot = parse_scan(lot_code("ZJ-10.5", "", Decimal(3)))
    assert (without_lot.code, without_lot.lot, without_lot.qty) == ("ZJ-10.5", None, 3)


@given(st.from_regex(r"[A-Z0-9]([A-Z0-9-]|\.(?!\.))*[A-Z0-9]", fullmatch=True))
def test_any_bin_code_comes_back(code: str) -> None:
    result = parse_scan(bin_code(code))
    assert (result.kind, result.code) == (ScanKind.BIN, code)


@pytest.mark.parametrize("code", ["", "东区-01", "A..B", ".A", "A.", "A\x1dB"])
def test_codes_no_scanner_gives_back_are_refused(code: str) -> None:
    with pytest.raises(CodeNotPrintable):
        bin_code(code)


def test_a_document_number_must_look_like_one() -> None:
    with pytest.raises(CodeNotPrintable):
        document_code("XSC/1")


@pytest.mark.parametrize("identifier", ["]C1", "]d2", "】C1", "]Q3", "]C1\x1d", ""])
def test_gs1_with_and_without_identifier(identifier: str) -> None:
    result = parse_scan(f"{identifier}01{_GTIN}1727120010LOT1\x1d3103001250\r")
    assert result.kind is ScanKind.GS1
    assert (result.code, result.barcode, result.lot) == (_GTIN, _GTIN, "LOT1")
    assert result.expiry == date(2027, 12, 31)
    assert result.weight_g == 1250
    assert "6921111111116" in result.candidates


def test_gs1_printed_form_count_serial_and_substituted_separator() -> None:
    assert parse_scan(f"(01){_GTIN}(10)A7").lot == "A7"
    result = parse_scan(f"]C102{_GTIN}3712|10A7", separators="|")
    assert (result.qty, result.lot) == (12, "A7")
    assert parse_scan(f"]d201{_GTIN}21S-9").serial == "S-9"
    assert parse_scan("]C100106141412345678908").code == "106141412345678908"


def test_damaged_gs1_is_said_and_never_guessed() -> None:
    wrong = parse_scan("]C10106921111111118")
    assert wrong.kind is ScanKind.CODE and "check digit" in str(wrong.problem)
    assert "“XYZ” where an application identifier should stand" in str(parse_scan("]C1XYZ").problem)
    assert str(parse_scan("]C1").problem).startswith("The GS1 code is incomplete")
    in_store = parse_scan("2212345012345")
    assert (in_store.kind, in_store.weight_g, in_store.qty) == (ScanKind.CODE, None, None)


def test_ean_is_a_code_to_look_up() -> None:
    result = parse_scan("]E06921111111116")
    assert (result.kind, result.barcode) == (ScanKind.CODE, "6921111111116")
    assert result.candidates[0] == "6921111111116"
    assert "check digit" in str(parse_scan("]E06921111111118").problem)
    assert parse_scan("６９２１１１１１１１１１６").barcode == "6921111111116"
    assert gtin_spellings("012345678905") == ("012345678905", "0012345678905", "00012345678905")


def test_unknown_text_keeps_its_spellings() -> None:
    result = parse_scan("gift_0001_40\n")
    assert result.kind is ScanKind.CODE
    assert result.candidates[:2] == ("gift_0001_40", "GIFT_0001_40")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(raw: str) -> None:
    assert parse_scan(raw).kind in ScanKind
    assert parse_scan("]C1" + raw).text is not None


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("6921111111116", True),
        ("6921111111118", False),
        ("96385074", True),
        ("012345678905", True),
        ("12345", False),
        ("６９２１１１１１１１１１６", False),
    ],
)
def test_check_digit(number: str, right: bool) -> None:
    assert check_digit_ok(number) is right
