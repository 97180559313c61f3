"""Names and codes of variants, and which blank a finish comes from."""

from __future__ import annotations

import pytest

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.variants import (
    Axis,
    blank_of,
    combinations,
    options_text,
    proposed_code,
    proposed_name,
    read_options,
    renamed_options,
)

FINISH = Axis("表面", ("镀镍", "镀铬", "哑光"), ("NI", "CR", ""), is_finish=True)
SIZE = Axis("size", ("40", "60"))
COLOUR = Axis("colour", ("Red", "Sky blue"))


def test_a_finish_axis_adds_the_blanks() -> None:
    found = combinations((FINISH, SIZE))
    assert len(found) == 8
    assert found[0] == {"size": "40"}
    assert blank_of((FINISH, SIZE), {"表面": "镀镍", "size": "60"}) == {"size": "60"}
    assert blank_of((FINISH, SIZE), {"size": "60"}) is None
    assert combinations(()) == []


def test_codes_and_names_by_pattern() -> None:
    axes = (FINISH, SIZE)
    nickel = {"表面": "镀镍", "size": "40"}
    assert proposed_code("{family}-{values}", "JL-0123", axes, nickel) == "JL-0123-NI-40"
    assert proposed_code("{family}-{values}", "JL-0123", axes, {"表面": "哑光"}) == "JL-0123-YG"
    assert proposed_code("{family}-{values}", "JL-0123", axes, {}) == "JL-0123"
    assert proposed_code("{family}{size}/{表面}", "J", axes, nickel) == "J40/NI"
    assert proposed_name("{values}{family}", "铰链", axes, nickel) == "镀镍40铰链"
    cup = {"colour": "Sky blue"}
    assert proposed_name("{values}{family}", "Cup", (COLOUR,), cup) == "Sky blue Cup"
    assert proposed_code("{family}-{values}", "CUP", (COLOUR,), cup) == "CUP-SKYBLUE"


def test_values_are_typed_with_their_codes() -> None:
    options, codes = read_options("镀镍=NI，镀铬＝CR、 哑光")
    assert (options, codes) == (("镀镍", "镀铬", "哑光"), ("NI", "CR", ""))
    assert options_text(options, codes) == "镀镍=NI, 镀铬=CR, 哑光"


@pytest.mark.parametrize("typed", ["Red, Red", "Red=R, Rose=R"])
def test_a_value_stands_there_once(typed: str) -> None:
    with pytest.raises(InvalidInput, match="twice"):
        read_options(typed)


def test_a_family_does_not_explode() -> None:
    many = tuple(str(n) for n in range(50))
    with pytest.raises(InvalidInput, match="125000 variants"):
        combinations((Axis("a", many), Axis("b", many), Axis("c", many)))


def test_renaming_is_known_by_its_place() -> None:
    assert renamed_options(("a", "b"), ("a", "c")) == {"b": "c"}
    assert renamed_options(("a", "b"), ("b", "a")) == {}
    assert renamed_options(("a", "b"), ("a", "b", "c")) == {}
