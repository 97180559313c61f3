"""Weighed goods with a label of the shop's own scale; cartons and pallets."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from desktop_app.core.i18n import Message
from desktop_app.domain import in_store_codes, symbologies
from desktop_app.domain.gs1_rules import check_digit
from desktop_app.domain.in_store_codes import InStoreCode, PatternNotPossible, parse_patterns, read
from desktop_app.domain.scan_codes import ScanKind, box_code, parse_scan

SCALE = "22IIIIIWWWWWC; 26IIIIIPPPPPC\n20IIIIIPPPPPWWWWWC W2 P1"


def digits(body: str) -> str:
    return body + check_digit(body)


@pytest.fixture
def patterns() -> Iterator[None]:
    in_store_codes.use(parse_patterns(SCALE))
    yield
    in_store_codes.use(())


def test_weight_price_and_both() -> None:
    known = parse_patterns(SCALE)
    weight = read(digits("220012301250"), known)
    assert isinstance(weight, InStoreCode)
    assert (weight.item, weight.weight_g, weight.price) == ("00123", 1250, None)
    assert weight.candidates == ("2200123", "00123", "123")
    price = read(digits("260012301250"), known)
    assert isinstance(price, InStoreCode)
    assert (price.weight_g, price.price) == (None, Decimal("12.50"))
    both = read(digits("20001230012500125"), known)
    assert isinstance(both, InStoreCode)
    assert (both.price, both.weight_g) == (Decimal("12.5"), Decimal(1250))


def test_pieces_in_a_bag() -> None:
    found = read(digits("290012300024"), parse_patterns("29IIIIINNNNNC"))
    assert isinstance(found, InStoreCode)
    assert (found.count, found.weight_g) == (24, None)


@pytest.mark.usefixtures("patterns")
def test_a_scan_carries_the_weight_to_whoever_asks() -> None:
    scan = parse_scan(digits("220012301250"))
    assert (scan.kind, scan.code, scan.weight_g) == (ScanKind.CODE, "00123", 1250)
    assert scan.candidates[1] == "00123" and scan.barcode is None
    assert parse_scan("]E0" + digits("260012301250")).price == Decimal("12.50")


@pytest.mark.usefixtures("patterns")
def test_a_wrong_check_digit_is_never_a_weight() -> None:
    right = digits("220012301250")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    scan = parse_scan(wrong)
    assert scan.weight_g is None and "check digit" in str(scan.problem)


def test_without_a_pattern_there_is_no_weight() -> None:
    scan = parse_scan(digits("220012301250"))
    assert (scan.weight_g, scan.price, scan.qty) == (None, None, None)
    assert scan.barcode == digits("220012301250")


@pytest.mark.usefixtures("patterns")
def test_other_numbers_keep_their_meaning() -> None:
    assert parse_scan("6921111111116").barcode == "6921111111116"
    assert parse_scan(digits("210012301250")).weight_g is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30IIIIIWWWWWC", "20 to 29 first"),
        ("22IIIIIWWWWW", "C last"),
        ("22WWWWWWWWWWC", "has no I"),
        ("22IIWWWIIWWWC", "must stand together"),
        ("22IIIIIWWWWWC W9", "number of decimals"),
        ("2.IIIIIWWWWWC; 22IIIIIPPPPPC", "the same code"),
    ],
)
def test_patterns_that_would_mean_guessing_are_refused(text: str, says: str) -> None:
    with pytest.raises(PatternNotPossible, match=says):
        parse_patterns(text)


def test_wrong_digit_is_a_sentence() -> None:
    assert isinstance(read("2200123012501", parse_patterns(SCALE)), Message)
    assert read("22001230125", parse_patterns(SCALE)) is None
    assert read("２２００１２３０１２５０４", parse_patterns(SCALE)) is None


def test_cartons_and_pallets() -> None:
    carton = parse_scan("]I116921111111113")
    assert (carton.barcode, carton.problem, carton.symbology) == ("16921111111113", None, "]I1")
    assert "6921111111113" not in carton.candidates, "a carton is not its content"
    assert "check digit" in str(parse_scan("]I116921111111114").problem)
    assert parse_scan("]I1123456").problem is None
    pallet = parse_scan("]C100106141412345678908")
    assert (pallet.sscc, pallet.code) == ("106141412345678908", "106141412345678908")


def test_a_box_has_its_own_letter() -> None:
    for text in (box_code("BX-260115-0007"), "k.bx-260115-0007", "]C0K.BX-260115-0007"):
        scan = parse_scan(text, source="gun 2")
        assert (scan.kind, scan.code) == (ScanKind.BOX, "BX-260115-0007")
        assert scan.source == "gun 2"


def test_symbologies_have_names() -> None:
    assert symbologies.name_of("]d2") == "GS1 DataMatrix"
    assert symbologies.name_of("]Q1") == "QR Code"
    assert symbologies.name_of("]?1") == "" and symbologies.name_of("") == ""
    assert symbologies.split("]E06921111111116") == ("]E0", "6921111111116")
    assert symbologies.split("[E0") == ("", "[E0")
    assert set(symbologies.EXACT) >= symbologies.GS1_DATA


def test_a_link_is_read_like_the_element_string() -> None:
    scan = parse_scan("]Q1https://id.gs1.org/01/06921111111116/10/A7?17=271200")
    assert (scan.kind, scan.lot, scan.symbology) == (ScanKind.GS1, "A7", "]Q1")
    assert parse_scan("https://example.com/p/123").kind is ScanKind.CODE
