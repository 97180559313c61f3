"""What the demo shop keeps about its items: a family of hinges, boxes, price levels, taxes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.items import item_record
from desktop_app.services.families import VariantDraft, make_variants, save_family
from desktop_app.services.items import save_item
from desktop_app.services.price_rules import price_rules, save_price_rules

FINISHES = {"JL-0123": "", "JL-0123-NI": "镀镍", "JL-0123-CR": "镀铬"}
"""Hinges by code: the blank and its finishes; matt ones are still to be made in the grid."""
KEPT: dict[str, dict[str, Any]] = {
    "LS-M4-10": {"units": [{"unit": "包", "factor": "500", "for_purchase": True}]},
    "HZ-01": {
        "units": [{"unit": "捆", "factor": "50"}, {"unit": "箱", "factor": "200"}],
        "category": "包装",
    },
    "JL-0123-NI": {
        "units": [{"unit": "箱", "factor": "48", "for_sales": True}],
        "level_prices": [{"level": "W", "price": Decimal("3.20")}],
        "tax_code": "STANDARD",
        "category": "铰链",
    },
    "JX-500": {
        "units": [{"unit": "箱", "factor": "20", "for_purchase": True}],
        "shelf_life": 24,
        "shelf_life_unit": "months",
        "tax_code": "STANDARD",
        "category": "烘焙原料",
    },
    "HNY-1L": {
        "units": [{"unit": "箱", "factor": "12", "for_purchase": True}],
        "tax_code": "REDUCED",
        "category": "乳品",
    },
}


def keep_families(uow: UnitOfWork, items: Mapping[str, int]) -> None:
    """Put the hinges into their family, and boxes, levels and taxes beside the items."""
    axis = tr("Surface finish")
    save_price_rules(
        uow,
        {
            "taxes": price_rules(uow)["taxes"],
            "levels": [
                {"code": "W", "name": tr("Wholesale")},
                {"code": "R", "name": tr("Retail")},
            ],
        },
    )
    family = save_family(
        uow,
        {
            "code": "JL-0123",
            "name": "铰链",
            "axes": [{"name": axis, "options": "镀镍=NI, 镀铬=CR, 哑光=MT", "is_finish": True}],
        },
    )
    drafts = [
        VariantDraft({axis: finish} if finish else {}, code, code)
        for code, finish in FINISHES.items()
    ]
    make_variants(uow, family, drafts)
    for code, values in KEPT.items():
        known = item_record(uow, items[code])
        given = {name: known[name] for name in ("code", "name", "spec")}
        save_item(uow, {**given, **values}, item_id=items[code], version=known["version"])
