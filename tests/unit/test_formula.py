"""The language of own fields: what it reads, what it refuses, and that SQL agrees with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from desktop_app.core.errors import UserError
from desktop_app.domain.formula import FormulaError, Kind, compute, kind_of, names, parse
from desktop_app.queries.formula_sql import to_sql

VALUES = {
    "qty": Decimal(12),
    "weight": Decimal("2.5"),
    "grade": "A",
    "due": date(2026, 1, 31),
    "made": date(2026, 1, 1),
    "hot": True,
    "nothing": None,
}
KINDS = {
    "qty": Kind.NUMBER,
    "weight": Kind.NUMBER,
    "grade": Kind.TEXT,
    "due": Kind.DATE,
    "made": Kind.DATE,
    "hot": Kind.YES_NO,
    "nothing": Kind.NUMBER,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qty * weight", Decimal("30.0")),
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("10 - 2 - 3", Decimal(5)),
        ("-qty + 1", Decimal(-11)),
        ("qty / 0", None),
        ("qty * nothing", None),
        ("coalesce(nothing, 7)", Decimal(7)),
        ('if(grade = "A" and hot, 1, 2)', Decimal(1)),
        ("if(nothing > 1, 1, 2)", Decimal(2)),
        ("due - made", Decimal(30)),
        ("made + 5", date(2026, 1, 6)),
        ('grade & "-" & qty', "A-12"),
        ("round(weight, 0)", Decimal(3)),
        ("ceiling(weight) + floor(weight)", Decimal(5)),
        ("max(1, qty, 3) - min(4, 2)", Decimal(10)),
        ("not hot or qty >= 12", True),
        ("（qty＋1）＊2", Decimal(26)),
        ("due <> made", True),
    ],
)
def test_what_a_formula_gives(text: str, expected: object, uow) -> None:
    tree = parse(text)
    assert compute(tree, VALUES) == expected
    assert _in_sql(uow, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "qty *",
        "qty weight",
        "(qty",
        "__import__('os')",
        "qty ** 2",
        "qty; drop table item",
        "lambda: 1",
        "if(1, 2)",
        "1" * 600,
        "(" * 60 + "1" + ")" * 60,
        "x.y",
        '"open',
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FormulaError) as refused:
        kind_of(parse(text), KINDS)
    assert isinstance(refused.value, UserError) and str(refused.value)


@pytest.mark.parametrize(
    "text", ["qty + grade", "hot * 2", "grade < 'B'", "unknown + 1", "if(qty, 1, 2)", "due * 2"]
)
def test_values_that_do_not_fit_are_refused_when_the_field_is_made(text: str) -> None:
    with pytest.raises(FormulaError):
        kind_of(parse(text), KINDS)


def test_a_formula_tells_which_fields_it_reads() -> None:
    assert names(parse("if(grade = 'A', qty, weight * 2)")) == {"grade", "qty", "weight"}


def test_a_hostile_text_stays_a_text_in_sql(uow) -> None:
    text = 'grade & "\'; DROP TABLE item; -- 100%"'
    assert _in_sql(uow, text) == "A'; DROP TABLE item; -- 100%"


_numbers = st.decimals(-999, 999, places=3).map(lambda d: f"({d:f})" if d < 0 else f"{d:f}")
_leaves = st.one_of(_numbers, st.sampled_from(["qty", "weight", "nothing"]))
_trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"if({t[0]} > {t[1]}, {t[0]}, {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=6,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_trees)
def test_the_form_and_the_list_agree(uow, text: str) -> None:
    in_python = compute(parse(text), VALUES, 2)
    in_sql = _in_sql(uow, text, 2)
    if in_python is None or in_sql is None:
        assert in_python == in_sql
    else:
        assert abs(in_python - in_sql) <= Decimal("0.01")


def _in_sql(uow, text: str, decimals: int | None = None) -> object:
    columns = {
        "qty": "12::numeric",
        "weight": "2.5::numeric",
        "grade": "'A'::text",
        "due": "'2026-01-31'::date",
        "made": "'2026-01-01'::date",
        "hot": "true",
        "nothing": "NULL::numeric",
    }
    sql = to_sql(parse(text), columns, KINDS, decimals)
    return uow.scalar(f"SELECT {sql} WHERE %s", (True,))
