"""Every application identifier of the official table: one value it takes, values it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.core.i18n import Message
from desktop_app.domain import gs1, gs1_elements, gs1_link, gs1_rules
from desktop_app.domain.gs1_elements import association_problems, check, joined, split
from desktop_app.domain.gs1_table import Component, Identifier, identifiers, matches

EXAMPLES = {
    "yymmd0": "270200",
    "yymmdd": "240229",
    "yyyymmdd": "19991231",
    "hhmi": "2359",
    "hh": "23",
    "mi": "59",
    "ss": "00",
    "iso3166": "156",
    "iso3166999": "999",
    "iso3166alpha2": "CN",
    "iso4217": "156",
    "iso5218": "2",
    "packagetype": "PX",
    "mediatype": "01",
    "importeridx": "_",
    "pcenc": "%E4%B8%AD",
    "yesno": "1",
    "hyphen": "-",
    "zero": "0",
    "winding": "9",
    "pieceoftotal": "0212",
    "posinseqslash": "1/2",
    "iban": "GB82WEST12345698765432",
    "latitude": "1800000000",
    "longitude": "3600000000",
    "couponcode": "012345612345611110123",
    "couponposoffer": "001234561234560123456",
    "nozeroprefix": "17",
    "hasnondigit": "1987654Ad4X4bL5ttr2310c2K",
    "csumalpha": "1987654Ad4X4bL5ttr2310c2K",
}
WRONG = {
    "yymmd0": ("271301", "270230"),
    "yymmdd": ("240200", "240230"),
    "yyyymmdd": ("20230229", "20240001"),
    "hhmi": ("2400", "1260"),
    "hh": ("24",),
    "mi": ("60",),
    "ss": ("60",),
    "iso3166": ("157", "000"),
    "iso3166999": ("998",),
    "iso3166alpha2": ("XZ",),
    "iso4217": ("000",),
    "iso5218": ("3",),
    "packagetype": ("ZZZ9",),
    "mediatype": ("11", "00"),
    "importeridx": ("!",),
    "pcenc": ("50%", "%G1"),
    "yesno": ("2",),
    "hyphen": ("+",),
    "zero": ("1",),
    "winding": ("2",),
    "pieceoftotal": ("0000", "0302"),
    "posinseqslash": ("2/1", "0/1", "1-2", "/12"),
    "iban": ("GB82WEST12345698765433", "XZ82WEST12345698765432", "GB82"),
    "latitude": ("1800000001",),
    "longitude": ("3600000001",),
    "couponcode": ("712345612345611110123", "01234561234561111012", "0123456123456111101239"),
    "couponposoffer": ("201234561234560123456", "00123456123456012345"),
    "nozeroprefix": ("017",),
    "csumalpha": ("1987654Ad4X4bL5ttr2310c2J",),
    "nonzero": ("000000000"),
}
EVERY = tuple(identifiers().values())


def part(component: Component) -> str:
    """A possible value of a component."""
    for name in component.checks:
        if name in EXAMPLES:
            return EXAMPLES[name]
    length = component.longest
    if "csum" in component.checks:
        body = ("1" + "69012345" * 3)[: length - 1]
        return body + gs1_rules.check_digit(body)
    filler = {"N": "1234567890", "X": "1234Az_%", "Y": "1234A-/#", "Z": "aZ09-_"}
    return (filler[component.charset] * length)[:length]


def example(identifier: Identifier, *, whole: bool = True) -> str:
    components = [c for c in identifier.components if whole or not c.optional]
    return "".join(part(component) for component in components)


def wrong_values(identifier: Identifier) -> set[str]:
    """Too short, too long, a foreign character, and each rule of each component broken."""
    good = [part(component) for component in identifier.components]
    values = {"".join(good) + "1" * 91, "", "\x7f" + "".join(good)[1:]}
    fixed = [c for c in identifier.components if not c.optional]
    if fixed[-1].shortest == fixed[-1].longest:
        values.add("".join(part(c) for c in fixed)[:-1])
    for place, component in enumerate(identifier.components):
        for broken in broken_parts(component, good[place]):
            values.add("".join([*good[:place], broken, *good[place + 1 :]]))
    return values


def broken_parts(component: Component, good: str) -> list[str]:
    broken: list[str] = []
    for name in component.checks:
        if name == "csum":
            broken.append(good[:-1] + str((int(good[-1]) + 1) % 10))
        elif name == "nonzero":
            broken.append("0" * component.longest)
        elif name == "gcppos1" and component.charset != "N":
            broken.append("12A4" + good[4:])
        else:
            broken += WRONG.get(name, ())
    if component.charset == "N":
        broken.append("A" + good[1:])
    return broken


def test_the_table_is_whole() -> None:
    assert len(EVERY) == 541
    named = {name for entry in EVERY for c in entry.components for name in c.checks}
    assert named == set(gs1_rules.RULES), "each rule of the table exists, and no other"
    assert identifiers()["3103"].title == "NET WEIGHT (kg)"
    for entry in EVERY:
        for other in EVERY:
            assert entry is other or not other.ai.startswith(entry.ai)


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.ai)
def test_every_identifier_takes_what_is_right_and_refuses_what_is_wrong(entry: Identifier) -> None:
    for value in {example(entry), example(entry, whole=False)}:
        assert check(entry.ai, value) is None, value
        assert split(entry.ai + value) == ((entry.ai, value),)
        assert gs1_elements.split_printed(f"({entry.ai}){value}") == ((entry.ai, value),)
        follows = entry.ai + value + ("" if entry.predefined else "\x1d") + "10LOT"
        if entry.ai != "10":
            assert split(follows) == ((entry.ai, value), ("10", "LOT"))
            assert joined([(entry.ai, value), ("10", "LOT")]) == follows
    for value in wrong_values(entry):
        said = check(entry.ai, value)
        assert isinstance(said, Message), value
        assert "{" not in str(said)


def test_enough_wrong_values_are_tried() -> None:
    wrong = sum(len(wrong_values(entry)) for entry in EVERY)
    assert wrong > 3 * len(EVERY)


def test_check_digit_inside_a_value_is_looked_at() -> None:
    grai = "0" + "4012345" + "12345" + gs1_rules.check_digit("401234512345")
    assert check("8003", grai + "SERIAL7") is None
    said = check("8003", grai[:-1] + str((int(grai[-1]) + 1) % 10))
    assert said is not None and "check digit" in str(said)
    assert "(8003)" in str(check("8003", "1" + grai[1:]))


def test_day_zero_is_the_last_day_of_the_month() -> None:
    read = gs1.read("01069211111111161728020010A")
    assert isinstance(read, gs1.ElementString)
    assert read.expiry == date(2028, 2, 29)


def test_weights_prices_and_moment_of_expiry() -> None:
    read = gs1.read("01069211111111163203000500392201599\x1d70032711302359")
    assert isinstance(read, gs1.ElementString)
    assert read.weight_g == Decimal("226.796185")
    assert read.price == Decimal("15.99")
    assert read.expiry == date(2027, 11, 30)
    assert read.elements[0] == ("01", "06921111111116")


def test_two_values_for_one_identifier_are_refused() -> None:
    assert "(10)" in str(split("10A\x1d10B"))
    assert split("10A\x1d10A") == (("10", "A"),)


def test_a_lost_separator_is_named() -> None:
    said = split("0106921111111116" + "10" + "LOT123456789012345678" + "17271200")
    assert "separator" in str(said)


def test_companions_are_demanded_but_do_not_refuse_the_scan() -> None:
    alone = (("10", "A7"),)
    assert split("10A7") == alone
    assert "(01)" in str(association_problems(alone)[0])
    assert association_problems((("01", "06921111111116"), ("10", "A7"))) == ()
    both = association_problems((("02", "06921111111116"), ("37", "12"), ("01", "06921111111116")))
    assert any("may not stand together with (01)" in str(said) for said in both)
    assert matches("31nn", "3103") and not matches("31nn", "3203")


def test_digital_link() -> None:
    link = "https://id.gs1.org/01/06921111111116/10/LOT%2F1/21/9?17=271200&linkType=all&3103=001250"
    read = gs1.read_link(link)
    assert isinstance(read, gs1.ElementString)
    assert (read.gtin, read.lot, read.serial) == ("06921111111116", "LOT/1", "9")
    assert (read.expiry, read.weight_g) == (date(2027, 12, 31), 1250)
    stem = "HTTPS://example.com/shop/00/106141412345678908"
    assert gs1_link.elements(stem) == (("00", "106141412345678908"),)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://id.gs1.org/01/06921111111116/21/9/10/A", "order"),
        ("https://id.gs1.org/01/6921111111116", "too short"),
        ("https://id.gs1.org/01/06921111111117", "check digit"),
        ("https://id.gs1.org/01/06921111111116?1234=5", "(1234)"),
        ("https://id.gs1.org/01/06921111111116?21=%4", "damaged"),
    ],
)
def test_damaged_digital_links_are_said(address: str, says: str) -> None:
    said = gs1.read_link(address)
    assert isinstance(said, Message) and says in str(said)


@pytest.mark.parametrize(
    "address", ["https://example.com/", "HtTps://id.gs1.org/01/06921111111116", "www.gs1.org/01/1"]
)
def test_other_addresses_are_no_digital_links(address: str) -> None:
    assert gs1.read_link(address) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    split(text)
    gs1_elements.split_printed(text)
    gs1.read_link("https://a.b/01/" + text)


@given(st.text(alphabet="0123456789\x1dA(", max_size=60))
def test_what_is_taken_apart_can_be_put_together(text: str) -> None:
    elements = split(text)
    if not isinstance(elements, Message):
        assert split(joined(elements)) == elements
