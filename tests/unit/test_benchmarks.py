"""The bench's own arithmetic: limits, ratios, what the real orders amount to. No timing."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest

from benchmarks import report
from benchmarks.computing import BOM_LINES, LEVELS, product_structure
from benchmarks.limits import (
    CLIENTS,
    LIMITS,
    POSTED,
    SIZES,
    Kind,
    Limit,
    judge,
    percentile,
    ratio,
)
from benchmarks.replay import expected, lacking
from benchmarks.result import Section
from benchmarks.retail_data import Nature, RetailDocument, RetailLine, documents
from desktop_app.domain.bom import low_level_codes

D = Decimal


def test_every_limit_of_the_design_is_in_the_table() -> None:
    names = [limit.name for limit in LIMITS]
    assert len(set(names)) == len(names)
    assert {f"posting.{kind}.{lines}" for kind in POSTED for lines in SIZES} <= set(names)
    assert {f"clients.{n}" for n in CLIENTS} <= set(names)
    by_name = {limit.name: limit for limit in LIMITS}
    assert by_name["posting.shipment.500"].limit == 1.5
    assert by_name["posting.receipt.trips"].limit == 8
    assert by_name["clients.8"] == Limit(
        "clients.8", by_name["clients.8"].title, 0.5, "x", Kind.AT_LEAST
    )
    figures = (
        "reading.stock",
        "reading.list_next",
        "reading.why",
        "reading.scan",
        "startup.window",
    )
    assert [by_name[name].limit for name in figures] == [2, 50, 300, 50, 2]


def test_a_limit_is_kept_at_its_edge_and_missed_when_not_measured() -> None:
    most, least = Limit("a.x", "", 2, "ms"), Limit("a.y", "", 0.5, "x", Kind.AT_LEAST)
    assert [most.kept(v) for v in (2, 2.001, None, float("nan"))] == [True, False, False, False]
    assert [least.kept(v) for v in (0.5, 0.499, None)] == [True, False, False]
    verdicts = judge({"reading.stock": 1.0}, ("reading",))
    assert {v.limit.section for v in verdicts} == {"reading"}
    assert [v.limit.name for v in verdicts if v.kept] == ["reading.stock"]


def test_ratio_is_of_medians() -> None:
    assert ratio([3, 100, 3], [2, 2, 0]) == 1.5
    with pytest.raises(ValueError, match="measured"):
        ratio([], [1])


def test_percentile_is_a_value_that_was_seen() -> None:
    values = list(range(1, 101))
    assert [percentile(values, share) for share in (0.01, 0.5, 0.95, 1)] == [1, 50, 95, 100]
    assert percentile([7], 0.95) == 7
    with pytest.raises(ValueError, match="values"):
        percentile([], 0.5)


def test_reports_name_every_limit_with_its_verdict() -> None:
    section = Section(figures={"startup.window": 1.2345})
    section.lines.append("as it was")
    verdicts = judge(section.figures, ("startup", "computing"))
    text = "\n".join(report.table(verdicts))
    assert "1.23 s" in text
    assert "not measured" in text
    assert text.endswith(f"1 of {len(verdicts)} limits kept")
    told = json.loads(report.as_json(verdicts, {"startup": section}, {"python": "3"}, quick=True))
    assert not told["ok"]
    assert [entry["ok"] for entry in told["limits"]] == [True, False, False]
    page = report.as_markdown(verdicts, {"startup": section}, {"python": "3"}, quick=False)
    assert page.count("MISSED") == 2
    assert "as it was" in page


def test_the_product_structure_is_as_large_and_deep_as_promised() -> None:
    boms = product_structure()
    assert sum(len(bom.lines) for bom in boms.values()) == BOM_LINES
    assert max(low_level_codes(boms, 0).values()) == LEVELS


def _document(invoice: str, customer: str, *lines: tuple[str, int, str]) -> RetailDocument:
    return RetailDocument(
        invoice,
        datetime(2010, 12, 1),
        customer,
        tuple(RetailLine(code, D(qty), D(price)) for code, qty, price in lines),
    )


SALE = _document("1", "17850", ("15056BL", 6, "5.95"), ("15056bl", 4, "5.95"), ("15056BL", 1, "0"))
RETURN = _document("C2", "17850", ("15056BL", -2, "5.95"))
WRITE_OFF = _document("3", "", ("15056BL", -9, "0"))
FOUND = _document("4", "", ("15056bl", 3, "0"))


def test_the_nature_of_a_document() -> None:
    assert [d.nature for d in (SALE, RETURN, WRITE_OFF, FOUND)] == [
        Nature.SALE,
        Nature.RETURN,
        Nature.WRITE_OFF,
        Nature.FOUND,
    ]
    assert _document("5", "17850", ("22841", 1, "0")).nature is Nature.SALE  # a free sample


def test_opening_stock_covers_the_lowest_point_only() -> None:
    given = [FOUND, SALE, RETURN, WRITE_OFF]
    assert lacking(given) == {"15056BL": D(14), "15056bl": D(1)}


def test_totals_keep_codes_that_differ_by_case_apart() -> None:
    assert expected([SALE, RETURN, WRITE_OFF, FOUND]) == {
        "15056BL": (D(2), D(16)),
        "15056bl": (D(3), D(4)),
    }


def test_the_shipped_orders_are_complete() -> None:
    shipped = list(documents())
    assert len(shipped) == 10_783
    assert sum(len(document.lines) for document in shipped) == 209_029
    assert shipped[0].lines[0] == RetailLine("85123A", D(6), D("2.55"))
    assert shipped == sorted(shipped, key=lambda document: document.at)
    for document in shipped:
        outward = document.nature in (Nature.RETURN, Nature.WRITE_OFF)
        assert all((line.quantity < 0) == outward for line in document.lines), document.invoice
