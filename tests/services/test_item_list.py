"""The list of items by family, category and supplier, and its Excel exactly as filtered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from desktop_app.queries.list_engine import fetch
from desktop_app.queries.listing import Filter, ListRequest
from desktop_app.queries.master_lists import FAMILIES, ITEMS
from desktop_app.services import families, listing
from desktop_app.services.families import VariantDraft
from tests import factories


def _shop(uow: Any) -> None:
    shop = factories.make_shop(uow)
    family = families.save_family(
        uow,
        {
            "code": "JL",
            "name": "Hinge",
            "axes": [{"name": "finish", "options": "Nickel=NI, Chrome=CR", "is_finish": True}],
        },
    )
    drafts = [
        VariantDraft({}, "JL-0", "Blank"),
        VariantDraft({"finish": "Nickel"}, "JL-NI", "Nickel hinge", "6901234567892"),
        VariantDraft({"finish": "Chrome"}, "JL-CR", "Chrome hinge"),
    ]
    families.make_variants(uow, family, drafts)
    factories.make_item(
        uow,
        "MILK",
        category="Dairy",
        lead_time_days=2,
        partners=[{"party_id": shop.supplier, "is_preferred": True}],
    )


def _rows(uow: Any, *filters: Filter) -> list[dict[str, Any]]:
    page = fetch(uow, ITEMS, ListRequest(filters=filters, sort="code"))
    return [dict(zip(page.columns, row, strict=True)) for row in page.rows]


def test_items_are_found_by_what_belongs_to_them(uow: Any) -> None:
    _shop(uow)
    hinges = _rows(uow, Filter("family", "=", "JL"))
    assert [(r["code"], r["variant"], r["blank"]) for r in hinges] == [
        ("JL-0", None, None),
        ("JL-CR", "Chrome", "JL-0"),
        ("JL-NI", "Nickel", "JL-0"),
    ]
    assert [r["code"] for r in _rows(uow, Filter("category", "contains", "dairy"))] == ["MILK"]
    assert [r["code"] for r in _rows(uow, Filter("supplier", "contains", "hongda"))] == ["MILK"]
    assert [r["code"] for r in _rows(uow, Filter("lead_time_days", "<=", 3))] == ["MILK"]
    assert [r["code"] for r in _rows(uow, Filter("barcode", "=", "6901234567892"))] == ["JL-NI"]
    [family] = fetch(uow, FAMILIES, ListRequest()).rows
    assert family[:4] == ("JL", "Hinge", "finish", 3)


def test_excel_has_what_the_filter_left(uow: Any, tmp_path: Path) -> None:
    _shop(uow)
    request = ListRequest(filters=(Filter("family", "=", "JL"),), sort="code")
    wanted = ("code", "family", "variant", "barcode")
    assert listing.export(uow, ITEMS, request, wanted, tmp_path / "items.xlsx") == 3
    sheet = load_workbook(tmp_path / "items.xlsx").active
    cells = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("JL-0", "JL-NI")]
    assert cells[1] == ("JL-NI", "JL", "Nickel", "6901234567892")
