"""Designs are kept without loss, refuse what is broken, and the proposed ones are usable."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.core import i18n
from desktop_app.core.errors import UserError
from desktop_app.core.paths import resources_dir
from desktop_app.domain import label_json, label_text
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import (
    LABEL_SIZES,
    TURNS,
    Align,
    Barcode,
    Box,
    LabelDesign,
    LabelKind,
    LabelSize,
    Line,
    Picture,
    Rise,
    Text,
    bounds,
)
from desktop_app.domain.label_fields import (
    FIELDS,
    completed,
    examples,
    own_field,
    unknown_fields,
    used_fields,
)
from desktop_app.domain.label_presets import default_design, default_designs
from desktop_app.domain.scan_codes import ScanKind, box_code, parse_scan
from desktop_app.reporting.labels.render import render
from tests.unit.labels.sample_labels import read_bitmap

_MM = st.decimals(0, 300, places=3)
_TEXTS = st.text(max_size=30).map(label_text.escaped)
_WHENS = st.sampled_from(["", "lot", "not lot", 'unit = "kg" or qty', "custom.grade != A"])
_ELEMENTS = st.one_of(
    st.builds(
        Text,
        _TEXTS,
        _MM,
        _MM,
        _MM,
        _MM,
        size=st.decimals(1, 99, places=1),
        bold=st.booleans(),
        align=st.sampled_from(Align),
        rise=st.sampled_from(Rise),
        wrap=st.booleans(),
        shrink=st.booleans(),
        min_size=st.decimals(1, 20, places=1),
        turn=st.sampled_from(TURNS),
        white=st.booleans(),
        when=_WHENS,
    ),
    st.builds(
        Barcode,
        st.sampled_from(Symbology),
        _TEXTS,
        _MM,
        _MM,
        _MM,
        _MM,
        module_dots=st.integers(0, 40),
        module_mm=_MM,
        human_readable=st.booleans(),
        turn=st.sampled_from(TURNS),
        when=_WHENS,
    ),
    st.builds(Line, _MM, _MM, _MM, _MM, _MM, _WHENS),
    st.builds(Box, _MM, _MM, _MM, _MM, _MM, st.booleans(), _WHENS),
    st.builds(Picture, st.binary(max_size=60), _MM, _MM, _MM, _MM, st.booleans(), _WHENS),
)
_DESIGNS = st.builds(
    LabelDesign,
    st.sampled_from(LabelKind),
    st.text(max_size=40),
    st.decimals(10, 300, places=2),
    st.decimals(10, 300, places=2),
    st.lists(_ELEMENTS, max_size=6).map(tuple),
)


@given(_DESIGNS)
def test_a_design_comes_back_from_its_file_as_it_was(design: LabelDesign) -> None:
    again = label_json.from_text(label_json.to_text(design))
    assert repr(again) == repr(design)
    assert again == design


_GOOD = {"kind": "item", "name": "x", "width_mm": "60", "height_mm": "40", "elements": []}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"kind": "fridge"}, "kind"),
        ({"width_mm": "5"}, "sides"),
        ({"width_mm": 60.0}, "width_mm"),
        ({"height_mm": "NaN"}, "height_mm"),
        ({"format": 99}, "newer"),
        ({"elements": {}}, "elements"),
        ({"elements": [{"type": "hologram"}]}, "type"),
        ({"elements": [{"type": "box", "x": "1", "y": "1", "w": "1"}]}, "“h” of element 1"),
        ({"elements": [{"type": "box", "x": "1", "y": "1", "w": "-1", "h": "1"}]}, "w"),
        (
            {"elements": [{"type": "box", "x": 1, "y": 1, "w": 1, "h": 1, "colour": "red"}]},
            "colour",
        ),
        (
            {"elements": [{"type": "picture", "content": "%%", "x": 1, "y": 1, "w": 1, "h": 1}]},
            "content",
        ),
        (
            {
                "elements": [
                    {"type": "text", "text": "{", "x": 1, "y": 1, "w": 1, "h": 1},
                ]
            },
            "{",
        ),
        (
            {
                "elements": [
                    {"type": "text", "text": "", "x": 1, "y": 1, "w": 1, "h": 1, "turn": 45},
                ]
            },
            "turn",
        ),
        (
            {"elements": [{"type": "line", "x": 1, "y": 1, "x2": 1, "y2": 1, "when": "a ="}]},
            "a =",
        ),
    ],
)
def test_a_broken_design_says_where_it_is_broken(change: dict[str, object], word: str) -> None:
    with pytest.raises(UserError) as refused:
        label_json.from_json({**_GOOD, **change})
    assert word in str(refused.value)


@given(st.text(max_size=200))
def test_any_text_as_a_design_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError):
        label_json.from_text(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "x", "text", "when"]), inner)
        ),
    )
)
def test_any_json_among_the_elements_is_refused_in_words(value: object) -> None:
    with pytest.raises(UserError):
        label_json.from_text(json.dumps({**_GOOD, "elements": [value]}))


def test_a_part_in_brackets_goes_when_its_field_is_empty() -> None:
    template = "{name}[ Lot {lot}][ until {expiry}]"
    assert label_text.fill(template, {"name": "Hinge", "lot": "A7"}) == "Hinge Lot A7"
    assert label_text.fill(template, {"name": "Hinge"}) == "Hinge"
    assert label_text.names(template) == ("name", "lot", "expiry")


def test_dates_and_numbers_take_the_form_gs1_wants() -> None:
    fields = {"gtin": "6901234567892", "expiry": "2027-01-15", "code": "ab"}
    template = "(01){gtin:14}(17){expiry:yymmdd} {expiry:compact} {code:upper} [[x]] {{y}}"
    filled = label_text.fill(template, fields)
    assert filled == "(01)06901234567892(17)270115 20270115 AB [x] {y}"


@given(st.text(max_size=60))
def test_a_field_can_never_become_part_of_the_template(value: str) -> None:
    assert label_text.fill("<{a}>", {"a": value, "b": "secret"}) == f"<{value}>"
    assert label_text.fill(label_text.escaped(value), {"b": "secret"}) == value


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("lot", True),
        ("not lot", False),
        ("expiry", False),
        ("not expiry and lot", True),
        ("unit = kg", True),
        ("unit != kg", False),
        ("unit <> pcs", True),
        ("unit = pcs or lot = A7", True),
        ("expiry and lot or unit = kg", True),
        ("state = 'on hold'", True),
        ("custom.grade = A", False),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    fields = {"lot": "A7", "unit": "kg", "state": "on hold", "expiry": ""}
    assert label_text.holds(condition, fields) is expected


@given(st.text(alphabet="lot andr=!'\"<>()x.", max_size=30))
def test_any_text_as_a_condition_is_answered_or_refused(condition: str) -> None:
    try:
        label_text.holds(condition, {"lot": "1"})
    except UserError:
        return


def test_own_fields_of_the_company_can_stand_on_a_label() -> None:
    design = LabelDesign(
        LabelKind.ITEM,
        "",
        Decimal(60),
        Decimal(40),
        (Text("{custom.grade} {colour}", *[Decimal(1)] * 4, when="custom.grade"),),
    )
    assert used_fields(design) == ("custom.grade", "colour")
    assert unknown_fields(design, [own_field("grade", "Grade")]) == ("colour",)


@pytest.mark.parametrize(
    ("barcode", "ean", "gtin"),
    [
        ("6901234567892", "6901234567892", "06901234567892"),
        ("036000291452", "0036000291452", "00036000291452"),
        ("6901234567893", None, None),
        ("ABC", None, None),
        ("96385074", None, "00000096385074"),
    ],
)
def test_an_ean_is_only_printed_with_a_right_check_digit(
    barcode: str, ean: str | None, gtin: str | None
) -> None:
    found = completed({"barcode": barcode})
    assert (found.get("ean"), found.get("gtin")) == (ean, gtin)


def test_a_finish_that_the_specification_names_is_said_once() -> None:
    """Finishes stand in the specification of many a price list as well as in the variant."""
    goods = {"name": "铝合金拉手", "spec": "128 mm 镀镍", "finish": "镀镍", "scan_code": "I.1"}
    assert completed(goods)["full_name"] == "铝合金拉手 128 mm 镀镍"
    assert completed({**goods, "spec": "128 mm"})["full_name"] == "铝合金拉手 128 mm 镀镍"
    assert completed({"name": "Hinge", "finish": "Nickel"})["full_name"] == "Hinge Nickel"
    design = default_design(LabelKind.ITEM, LABEL_SIZES[1])
    twice = render(design, {**goods, "full_name": "铝合金拉手 128 mm 镀镍 镀镍"}).bitmap
    assert render(design, goods).bitmap != twice
    assert render(design, goods).bitmap == render(design, {**goods, "finish": ""}).bitmap


@pytest.mark.parametrize("size", LABEL_SIZES, ids=lambda size: size.title)
def test_the_codes_on_a_box_all_name_the_box(size: LabelSize) -> None:
    design = default_design(LabelKind.BOX, size)
    fields = {**examples(LabelKind.BOX), "box": "BX-1", "scan_code": box_code("BX-1")}
    codes = {text for text, _ in read_bitmap(render(design, fields).bitmap)}
    assert codes == {"K.BX-1"}
    assert parse_scan("K.BX-1").kind is ScanKind.BOX
    lot = {**fields, "box": "", "scan_code": "L.JL-0123-NI..260115A..200"}
    drawn = render(design, lot)
    assert drawn.warnings == ()
    assert {text for text, _ in read_bitmap(drawn.bitmap)} == {lot["scan_code"]}


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> object:
    i18n.use_language(request.param, resources_dir() / "translations")
    yield request.param
    i18n.use_language("en", resources_dir() / "translations")


@pytest.mark.parametrize("size", LABEL_SIZES, ids=lambda size: size.title)
@pytest.mark.parametrize("kind", LabelKind)
def test_every_proposed_design_prints_without_a_warning(
    language: str, kind: LabelKind, size: object
) -> None:
    design = default_design(kind, size)
    assert unknown_fields(design) == ()
    assert label_json.from_text(label_json.to_text(design)) == design
    with_barcode = examples(kind)
    without = {k: v for k, v in with_barcode.items() if k not in ("barcode", "ean", "gtin")}
    for fields in (with_barcode, without):
        for dpi in (203, 300):
            drawn = render(design, fields, dpi=dpi)
            assert [str(found) for found in drawn.warnings] == []
            codes = {text for text, _ in read_bitmap(drawn.bitmap)}
            assert codes == {symbol.data for symbol in drawn.symbols}
            assert codes


def test_proposed_designs_hold_with_next_to_nothing_filled_in() -> None:
    for design in default_designs():
        drawn = render(design, {"scan_code": "I.1"})
        assert drawn.warnings == ()


def test_proposed_elements_lie_on_the_label() -> None:
    for design in default_designs():
        for element in design.elements:
            left, top, right, bottom = bounds(element)
            assert 0 <= left <= right <= design.width_mm
            assert 0 <= top <= bottom <= design.height_mm


def test_every_kind_has_fields_with_one_name_each() -> None:
    for kind in LabelKind:
        names = [field.name for field in FIELDS[kind]]
        assert len(names) == len(set(names))
        assert "scan_code" in names
