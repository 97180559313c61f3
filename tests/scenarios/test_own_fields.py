"""The owner adds fields of her own: on items, partners and orders, without a programmer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from desktop_app.core.errors import InvalidInput, PermissionDenied
from desktop_app.domain.own_fields import OwnField, computed, extended
from desktop_app.queries import list_engine, own_fields as own_field_queries
from desktop_app.queries.listing import Filter, ListRequest
from desktop_app.queries.master_lists import ITEMS
from desktop_app.queries.own_fields import definitions, record_values, with_columns
from desktop_app.services import documents, listing, order_paper, own_fields
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import Draft
from desktop_app.services.lists import document_list
from tests import factories


def field(**given: object) -> OwnField:
    """A declaration as the form sends it."""
    values: dict[str, object] = {
        "id": 0, "name": "origin", "title": "产地", "editor": "text", "scopes": ("item",),
    }  # fmt: skip
    return OwnField(**{**values, **given})


def test_a_field_of_items_is_kept_listed_filtered_and_exported(uow, tmp_path: Path) -> None:
    own_fields.save(uow, field())
    own_fields.save(uow, field(name="grade", title="等级", editor="choice", choices=("A", "B")))
    hinge = factories.make_item(uow, "HINGE")
    screw = factories.make_item(uow, "SCREW")
    own_fields.keep(uow, "item", hinge, {"custom.origin": "佛山", "custom.grade": "A"})
    own_fields.keep(uow, "item", screw, {"custom.origin": "温州"})

    spec = with_columns(ITEMS, definitions(uow))
    page = list_engine.fetch(
        uow, spec, ListRequest(filters=(Filter("custom.origin", "contains", "佛"),))
    )
    assert page.ids == (hinge,)
    assert page.rows[0][page.columns.index("custom.grade")] == "A"
    written = listing.export(
        uow, spec, ListRequest(sort="custom.origin"), ("code", "custom.origin"), tmp_path / "x.xlsx"
    )
    assert written >= 2


def test_an_order_carries_them_on_its_head_and_its_lines(uow) -> None:
    shop = factories.make_shop(uow)
    own_fields.save(uow, field(name="contract", title="合同号", scopes=("purchase_order",)))
    own_fields.save(
        uow,
        field(name="drawing", title="图号", scopes=("purchase_order.line",)),
    )
    own_fields.save(
        uow,
        field(
            name="kg", title="总重 kg", editor="formula", decimals=3,
            formula="qty * unit_weight_g / 1000", scopes=("purchase_order.line",),
        ),
    )  # fmt: skip
    item = factories.make_item(uow, unit_weight_g=Decimal("12.5"))
    lines = ({"item_id": item, "qty": Decimal(80), "custom.drawing": "T-07"},)
    head = {
        "party_id": shop.supplier,
        "warehouse_id": shop.warehouse,
        "doc_date": date(2026, 1, 5),
        "custom.contract": "HT-1",
    }
    made = documents.create(uow, Draft("purchase_order", head, lines))
    view = documents.view(uow, made.id)
    assert view.head["custom.contract"] == "HT-1"
    assert view.lines[0]["custom.drawing"] == "T-07"
    known = definitions(uow)
    formulas = computed(known, "purchase_order.line", view.lines[0])
    assert formulas == {"custom.kg": Decimal("1.000")}

    head |= {"custom.contract": None}
    documents.save(uow, made.id, view.version, Draft("purchase_order", head, lines))
    assert "custom.contract" not in documents.view(uow, made.id).head
    names = [f.name for f in extended(DOCUMENT_TYPES["purchase_order"], known).line_fields]
    assert names[-2:] == ["custom.drawing", "custom.kg"]


def test_a_list_sorts_by_a_formula_over_other_fields(uow) -> None:
    own_fields.save(uow, field(name="thickness", title="厚度", editor="number"))
    own_fields.save(
        uow,
        field(
            name="ratio", title="重厚比", editor="formula", decimals=2,
            formula="unit_weight_g / thickness",
        ),
    )  # fmt: skip
    thin = factories.make_item(uow, unit_weight_g=Decimal(10))
    thick = factories.make_item(uow, unit_weight_g=Decimal(10))
    own_fields.keep(uow, "item", thin, {"custom.thickness": Decimal("0.5")})
    own_fields.keep(uow, "item", thick, {"custom.thickness": Decimal(3)})
    spec = with_columns(ITEMS, definitions(uow))
    request = ListRequest(
        sort="custom.ratio", filters=(Filter("custom.ratio", ">=", Decimal("3.33")),)
    )
    page = list_engine.fetch(uow, spec, request)
    place = page.columns.index("custom.ratio")
    assert [(i, row[place]) for i, row in zip(page.ids, page.rows, strict=True)] == [
        (thick, Decimal("3.33")),
        (thin, Decimal("20.00")),
    ]


def test_what_is_required_is_required_by_the_database(database) -> None:
    database.run(
        own_fields.save,
        field(name="grade", title="等级", editor="choice", choices=("A", "B"), required_in=("item",)),
    )  # fmt: skip

    def without(uow) -> None:
        factories.make_item(uow, "NO-GRADE")

    def wrong(uow) -> None:
        own_fields.keep(uow, "item", factories.make_item(uow, "WRONG"), {"custom.grade": "Z"})

    def right(uow) -> int:
        made = factories.make_item(uow, "RIGHT")
        own_fields.keep(uow, "item", made, {"custom.grade": "B"})
        return made

    for attempt, sentence in ((without, "等级 is missing"), (wrong, "“Z” is not possible here")):
        with pytest.raises(InvalidInput, match=sentence) as refused:
            database.run(attempt)
        assert refused.value.problems[0].field == "custom.grade"
    made = database.run(right)
    assert database.run(record_values, "item", made) == {"custom.grade": "B"}


def test_plain_sql_cannot_walk_around_them(database) -> None:
    database.run(own_fields.save, field(name="born", title="生产日", editor="date"))
    buyer = database.as_user("buyer")
    with psycopg.connect(database.dsn("buyer")) as connection:
        with pytest.raises(psycopg.Error, match="own_field"):
            connection.execute(
                "INSERT INTO item (code, name, custom) VALUES ('X', 'x', '{\"born\": \"soon\"}')"
            )
            connection.commit()
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE custom_field SET is_active = false")
    with pytest.raises(PermissionDenied):
        buyer.run(own_fields.save, field(name="mine", title="Mine"))


def test_a_formula_that_makes_no_sense_is_refused_beside_its_field(uow) -> None:
    for formula in ("unit_weight_g +", "nowhere * 2", "name * 2"):
        with pytest.raises(InvalidInput) as refused:
            own_fields.save(uow, field(name="f", editor="formula", formula=formula))
        assert refused.value.problems[0].field == "formula"


def test_a_field_that_a_formula_reads_cannot_be_taken_away(uow) -> None:
    first = own_fields.save(uow, field(name="thickness", title="厚度", editor="number"))
    own_fields.save(
        uow, field(name="double", title="双倍", editor="formula", formula="thickness * 2")
    )
    with pytest.raises(InvalidInput, match="双倍"):
        own_fields.save(
            uow,
            field(id=first, name="thickness", title="厚度", editor="number", scopes=("party",)),
        )


def test_nothing_is_required_where_a_station_writes(uow) -> None:
    with pytest.raises(InvalidInput, match="stations"):
        own_fields.save(uow, field(name="seal", scopes=("shipment",), required_in=("shipment",)))


def test_short_names_are_proposed_from_the_title(uow) -> None:
    assert own_fields.proposed_name("合同号", ()) == "hth"
    assert own_fields.proposed_name("合同号", ("hth",)) == "hth_2"
    assert own_fields.proposed_name("Colour", ()) == "colour"


def test_a_document_list_shows_them(uow) -> None:
    own_fields.save(uow, field(name="contract", title="合同号", scopes=("purchase_order",)))
    spec = with_columns(document_list(DOCUMENT_TYPES["purchase_order"]), definitions(uow))
    assert spec.columns[-1].name == "custom.contract"
    assert list_engine.fetch(uow, spec, ListRequest()).columns[-1] == "custom.contract"


def test_paper_carries_what_is_marked_for_it(uow) -> None:
    shop = factories.make_shop(uow)
    own_fields.save(
        uow,
        field(name="contract", title="合同号", scopes=("sales_order",), in_print=True),
    )
    item = factories.make_item(uow, "NUT")
    factories.stock_up(uow, shop, item, 10)
    head = {
        "party_id": shop.customer,
        "warehouse_id": shop.warehouse,
        "custom.contract": "HT-7",
    }
    order = documents.create(
        uow, Draft("sales_order", head, ({"item_id": item, "qty": Decimal(2)},))
    )
    assert own_field_queries.notes(uow, order.id) == "合同号: HT-7"
    paper = order_paper.order(uow, order.id)
    assert ("合同号", "HT-7") in paper.heads
