"""Papers from real documents: what is on them, who may see prices, copy and draft marks."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from desktop_app.core import clock
from desktop_app.core.errors import NotFound
from desktop_app.reporting.registry import LAYOUTS
from desktop_app.services import documents, place_labels, printing, purchasing, receiving
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.print_snapshots import delivery_note, pick_list
from tests import factories, sales_shop


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def bought(uow, shop, item, qty=20, *, approve=True):
    draft = Draft(
        "purchase_order",
        {
            "party_id": shop.supplier,
            "warehouse_id": shop.warehouse,
            "reference": "OFFER-7",
            "remark": "Before noon",
        },
        (
            {
                "item_id": item,
                "qty": Decimal(qty),
                "unit_price": Decimal("3.125"),
                "tax_rate": Decimal(13),
            },
        ),
    )
    return purchasing.create_approved(uow, draft) if approve else documents.create(uow, draft)


def shipment(uow, shop, item, qty=8):
    """A shipment of an order with a price, still to be picked."""
    order = documents.create(
        uow,
        Draft(
            "sales_order",
            {
                "party_id": shop.customer,
                "warehouse_id": shop.warehouse,
                "receiver": "Ms Lin",
                "address": "Dock Road 5",
            },
            ({"item_id": item, "qty": Decimal(qty), "unit_price": Decimal("12.5")},),
        ),
    )
    line = documents.view(uow, order.id).lines[0]
    return documents.create(
        uow,
        Draft(
            "shipment",
            {"party_id": shop.customer, "warehouse_id": shop.warehouse},
            (
                {
                    "item_id": item,
                    "qty": Decimal(qty),
                    "origin_line_id": line["id"],
                    "location_id": shop.bins["A-03"],
                },
            ),
            order.id,
        ),
    )


def test_every_kind_has_a_form_and_every_form_a_layout() -> None:
    for kind in DOCUMENT_TYPES:
        assert printing.layouts_for(kind.kind), kind.kind
    assert [form.id for form in printing.layouts_for("shipment")][:2] == [
        "pick_list",
        "delivery_note",
    ]
    assert [form.id for form in printing.layouts_for("stock_count")] == ["blind_sheet"]
    assert {form.layout for form in printing.FORMS} <= {layout.id for layout in LAYOUTS}
    for form in printing.FORMS:
        paper = dict(form.fixed).get("paper")
        assert paper is None or paper in LAYOUTS[form.layout].papers


def test_a_purchase_order_prints_with_its_total(uow) -> None:
    shop = factories.make_shop(uow)
    order = bought(uow, shop, factories.make_item(uow, "HINGE", name="Hinge", spec="90 mm"))
    page = text(printing.render(uow, order.id, "order"))
    for part in (
        order.number,
        "Hongda Hardware",
        "HINGE",
        "90 mm",
        "20",
        "3.125",
        "62.50",
        "13%",
        "OFFER-7",
        "Before noon",
        "Supplier (seal)",
    ):
        assert part in page, part
    assert "DRAFT" not in page
    assert "REPRINT" not in page
    plain = text(printing.render(uow, order.id, "order_plain"))
    assert "62.50" not in plain
    assert "HINGE" in plain


def test_a_draft_says_so_and_the_second_print_is_a_copy(uow) -> None:
    shop = factories.make_shop(uow)
    order = bought(uow, shop, factories.make_item(uow), approve=False)
    assert "DRAFT" in text(printing.render(uow, order.id, "order"))
    approved = purchasing.approve(uow, ActCommand(order.id, "approve"))
    assert printing.log_print(uow, approved.id, "order", copies=2) == 1
    page = text(printing.render(uow, order.id, "order"))
    assert "REPRINT 1" in page
    assert "DRAFT" not in page
    assert "REPRINT" not in text(printing.render(uow, order.id, "order_plain"))


def test_unknown_forms_and_documents_are_told(uow) -> None:
    shop = factories.make_shop(uow)
    order = bought(uow, shop, factories.make_item(uow))
    with pytest.raises(NotFound, match="no form named nonsense"):
        printing.render(uow, order.id, "nonsense")
    with pytest.raises(NotFound):
        printing.render(uow, 10**9, "order")
    with pytest.raises(NotFound, match="This shipment does not exist"):
        printing.render(uow, order.id, "pick_list")


def test_the_pick_list_leads_to_the_bins_and_the_note_tells_the_customer(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow, "HINGE", barcodes={"BOX-1": "12"})
    factories.stock_up(uow, shop, item, 50, "A-03")
    sent = shipment(uow, shop, item)
    walk = pick_list(uow, sent.id)
    assert [(line.bin, line.item_code, line.qty, line.pack) for line in walk.lines] == [
        ("A-03", "HINGE", 8, "12/pack")
    ]
    page = text(printing.render(uow, sent.id, "pick_list"))
    assert "A-03" in page
    assert "12.5" not in page
    uow.execute("INSERT INTO item_unit (item_id, unit, factor_num) VALUES (%s, '箱', 6)", (item,))
    assert [line.pack for line in pick_list(uow, sent.id).lines] == ["1箱 2 pcs"]
    note = delivery_note(uow, sent.id)
    assert (note.receiver, note.address) == ("Ms Lin", "Dock Road 5")
    assert (note.lines[0].price, note.lines[0].amount) == (Decimal("12.5"), Decimal("100.00"))
    assert "100.00" in text(printing.render(uow, sent.id, "delivery_note"))
    assert "100.00" not in text(printing.render(uow, sent.id, "delivery_note_plain"))


def test_papers_follow_a_sale_to_the_street(uow) -> None:
    shop = factories.make_shop(uow)
    hinge, knob = factories.make_item(uow, "HINGE"), factories.make_item(uow, "KNOB")
    factories.stock_up(uow, shop, hinge, 20, "A-07")
    factories.stock_up(uow, shop, knob, 5, "A-02")
    order = sales_shop.order(uow, shop, (hinge, 12), (knob, 5))
    sent = sales_shop.release(uow, order)

    def walk():
        return [(line.bin, line.item_code, line.qty) for line in pick_list(uow, sent.id).lines]

    assert walk() == [("A-02", "KNOB", 5), ("A-07", "HINGE", 12)]
    assert "DRAFT" in text(printing.render(uow, sent.id, "delivery_note_plain"))
    sales_shop.pick(uow, sent, "A-02", "KNOB", 5)
    sales_shop.pick(uow, sent, "A-07", "HINGE", 10)
    assert walk() == [("A-07", "HINGE", 2)]
    sales_shop.pick(uow, sent, "A-07", "HINGE", 2)
    sales_shop.verify(uow, sent, ("KNOB", 5), ("HINGE", 12))
    sales_shop.ship(uow, sent, f"X.{shop.exit_code}", "DB0001", carrier="德邦")
    note = delivery_note(uow, sent.id)
    assert sorted((line.item_code, line.qty) for line in note.lines) == [("HINGE", 12), ("KNOB", 5)]
    assert (note.waybill, note.carrier, note.order_number) == ("DB0001", "德邦", order.number)
    page = text(printing.render(uow, sent.id, "delivery_note_plain"))
    assert "DB0001" in page
    assert "DRAFT" not in page


def test_the_count_sheet_shows_places_and_no_quantity(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow, "HINGE", units=[{"unit": "箱", "factor": "12"}])
    factories.stock_up(uow, shop, item, 7319, "A-04")
    count = documents.create(
        uow,
        Draft(
            "stock_count",
            {"warehouse_id": shop.warehouse, "sample_size": 1, "seed": 5, "blind": True},
            ({"item_id": item, "location_id": shop.bins["A-04"]},),
        ),
    )
    page = text(printing.render(uow, count.id, "blind_sheet"))
    assert "A-04" in page
    assert "HINGE" in page
    assert "1 箱 = 12 pcs" in " ".join(page.split())
    assert "7319" not in page.replace(",", "")


def test_labels_of_a_receipt_carry_lot_and_expiry_and_no_price(uow) -> None:
    shop = factories.make_shop(uow)
    glue = factories.make_item(uow, "GLUE", tracking="lot")
    order = bought(uow, shop, glue)
    line = receiving.open_order(uow, order.id).lines[0].line_id
    receipt = receiving.receive(
        uow,
        receiving.Receive(
            order.id,
            (
                receiving.ReceiveEntry(
                    line, Decimal(6), "L77", datetime(2099, 6, 30, 12, tzinfo=UTC)
                ),
            ),
        ),
    ).receipt
    assert [form.id for form in printing.layouts_for("labels")] == [
        "item_labels",
        "item_labels_small",
        "piece_labels",
    ]
    page = text(printing.render(uow, receipt.id, "item_labels"))
    for part in ("GLUE", "L77", "2099-06-30", "6"):
        assert part in page
    assert "3.125" not in page
    pieces = PdfReader(io.BytesIO(printing.render(uow, receipt.id, "piece_labels")))
    assert len(pieces.pages) == 6


def test_bin_labels_hold_every_bin_and_the_exit(uow) -> None:
    shop = factories.make_shop(uow)
    page = text(place_labels.render(uow, shop.warehouse))
    assert "B.A-01" in page
    assert "B.A-12" in page
    assert f"X.{shop.exit_code}" in page
    with pytest.raises(NotFound):
        place_labels.render(uow, 10**9)


def test_a_sealed_day_prints_its_digest(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    yesterday = (clock.now().astimezone(UTC) - timedelta(days=1)).date()
    with pytest.raises(NotFound, match="has not been sealed yet"):
        database.read(printing.render_day_sheet, yesterday)
    database.run(factories.stock_up, shop, item, 5)
    digest = database.run(
        lambda uow: uow.scalar("SELECT encode(seal_day(%s), 'hex')", (yesterday,))
    )
    page = text(database.read(printing.render_day_sheet, yesterday)).replace(" ", "")
    assert digest[:16] in page
    assert yesterday.isoformat() in page


def test_what_the_storekeeper_prints_has_no_prices(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE")
    order = database.run(bought, shop, item)
    storekeeper = database.as_user("storekeeper")
    page = text(storekeeper.read(printing.render, order.id, "order"))
    assert "HINGE" in page
    for money in ("3.125", "62.50", "13%"):
        assert money not in page
    assert storekeeper.run(printing.log_print, order.id, "order") == 1
    sent = database.run(shipment, shop, item)
    note = storekeeper.read(delivery_note, sent.id)
    assert note.lines[0].price is None
    assert "100.00" in text(
        database.as_user("sales").read(printing.render, sent.id, "delivery_note")
    )


def test_a_blind_counter_prints_the_open_sheet(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE")

    def plan(uow):
        count = documents.create(
            uow,
            Draft(
                "stock_count",
                {"warehouse_id": shop.warehouse, "seed": 5, "blind": True},
                ({"item_id": item, "location_id": shop.bins["A-04"]},),
            ),
        )
        return documents.act(uow, ActCommand(count.id, "start"))

    count = database.run(plan)
    counter = database.as_user("counter")
    assert "A-04" in text(counter.read(printing.render, count.id, "blind_sheet"))
    counter.run(printing.log_print, count.id, "blind_sheet")
    assert "REPRINT 1" in text(counter.read(printing.render, count.id, "blind_sheet"))
