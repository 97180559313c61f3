"""What belongs to an item, told by the shop that keeps it."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from desktop_app.core.errors import InvalidInput, PermissionDenied, RuleRefused, UserError
from desktop_app.domain.shelf_life import keeps_until
from desktop_app.domain.units import read_entry
from desktop_app.exchange.pictures import LONGEST_EDGE, prepared
from desktop_app.queries import items as item_queries
from desktop_app.queries.items import item_record
from desktop_app.services import (
    item_pictures,
    items,
    lots,
    parties,
    price_rules,
    prices,
    scanning,
)
from tests import factories


def _change(uow: Any, item: int, **values: Any) -> None:
    known = item_record(uow, item)
    items.save_item(
        uow,
        {"code": known["code"], "name": known["name"], **values},
        item_id=item,
        version=known["version"],
    )


def test_a_scanned_box_counts_what_the_box_holds(uow: Any) -> None:
    item = factories.make_item(
        uow,
        uom="只",
        units=[{"unit": "箱", "factor": "12", "for_purchase": True}],
        barcodes=[{"barcode": "6901111"}, {"barcode": "16901111", "unit": "箱"}],
    )
    assert scanning.resolve(uow, "16901111").qty == 12
    _change(uow, item, units=[{"unit": "箱", "factor": "24"}])  # the supplier packs anew
    assert scanning.resolve(uow, "16901111").qty == 24
    assert scanning.resolve(uow, "6901111").qty == 1
    [units] = item_queries.units_of(uow, [item]).values()
    assert read_entry("2箱", units).qty == 48


def test_a_unit_with_a_barcode_cannot_go(uow: Any) -> None:
    item = factories.make_item(
        uow,
        units=[{"unit": "箱", "factor": "12"}],
        barcodes=[{"barcode": "1690", "unit": "箱"}],
    )
    used = pytest.raises(RuleRefused, match="箱 cannot go: the barcode 1690")
    with used, uow.connection.transaction():
        _change(uow, item, units=[])
    unknown = pytest.raises(RuleRefused, match="the item has no such unit")
    with unknown, uow.connection.transaction():
        _change(uow, item, barcodes=[{"barcode": "1691", "unit": "托"}])
    _change(uow, item, units=[], barcodes=[])
    assert item_record(uow, item)["units"] == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"units": [{"unit": "箱", "factor": "0"}]}, "no factor"),
        ({"units": [{"unit": "箱", "factor": "2"}, {"unit": "箱", "factor": "3"}]}, "twice"),
        ({"units": [{"unit": "pcs", "factor": "2"}]}, "twice"),
        ({"barcodes": [{"barcode": "1"}, {"barcode": "1"}]}, "twice"),
        ({"partners": [{"code": "x"}]}, "needs a partner"),
        ({"bins": [{}]}, "needs a bin"),
    ],
)
def test_what_cannot_be_kept_says_why(uow: Any, values: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason), uow.connection.transaction():
        factories.make_item(uow, **values)


def test_a_third_of_a_roll_stays_a_third(uow: Any) -> None:
    item = factories.make_item(
        uow, uom="m", uom_decimals=2, units=[{"unit": "段", "factor": "1000/3"}]
    )
    assert item_record(uow, item)["units"][0]["factor"] == "1000/3"
    [units] = item_queries.units_of(uow, [item]).values()
    assert read_entry("3段", units).qty == 1000


def test_a_usual_bin_lies_in_its_warehouse(uow: Any) -> None:
    shop, other = factories.make_shop(uow), factories.make_shop(uow, "Q")
    item = factories.make_item(
        uow, bins=[{"location_id": shop.bins["A-01"]}, {"location_id": other.bins["A-02"]}]
    )
    assert [row["location_code"] for row in item_record(uow, item)["bins"]] == ["QA-02", "A-01"]
    with pytest.raises(RuleRefused, match="no bin of"), uow.connection.transaction():
        _change(
            uow,
            item,
            bins=[{"location_id": shop.bins["A-01"], "warehouse_id": other.warehouse}],
        )
    with pytest.raises(InvalidInput, match="One usual bin"), uow.connection.transaction():
        _change(
            uow,
            item,
            bins=[{"location_id": shop.bins["A-01"]}, {"location_id": shop.bins["A-02"]}],
        )


def test_tracking_changes_only_at_zero(database: Any) -> None:
    def stocked(uow: Any) -> int:
        shop, item = factories.make_shop(uow), factories.make_item(uow, "MILK")
        factories.stock_up(uow, shop, item, 5)
        return item

    item = database.run(stocked)
    with pytest.raises(RuleRefused, match="MILK: 5 pcs lie there"):
        database.run(_change, item, tracking="lot")
    other = database.run(factories.make_item)
    database.run(_change, other, tracking="lot")
    assert database.read(item_record, other)["tracking"] == "lot"


def test_the_price_is_the_last_one_then_the_level_then_the_list(uow: Any) -> None:
    shop = factories.make_shop(uow)
    price_rules.save_price_rules(
        uow,
        {
            "taxes": price_rules.price_rules(uow)["taxes"],
            "levels": [{"code": "W", "name": "Wholesale"}],
        },
    )
    item = factories.make_item(
        uow, sales_price=Decimal(12), level_prices=[{"level": "W", "price": Decimal(10)}]
    )
    listed = prices.last_prices(uow, "sales_order", shop.customer, [item])[item]
    assert (listed.price, listed.source) == (12, "list")
    parties.save_party(
        uow,
        {"code": "C1", "name": "Meijia", "price_level": "W", "is_customer": True},
        party_id=shop.customer,
        version=uow.scalar("SELECT version FROM party WHERE id = %s", (shop.customer,)),
    )
    level = prices.last_prices(uow, "sales_order", shop.customer, [item])[item]
    assert (level.price, level.source, level.level) == (10, "level", "Wholesale")
    with pytest.raises(InvalidInput, match="used by customers"), uow.connection.transaction():
        price_rules.save_price_rules(uow, {"taxes": (), "levels": ()})


def test_a_levy_of_one_per_cent_until_the_end_of_2027(uow: Any) -> None:
    levied = factories.make_item(uow, tax_code="LEVY")
    goods = factories.make_item(uow, tax_code="STANDARD")
    plain = factories.make_item(uow)
    all_of_them = [levied, goods, plain]
    assert prices.tax_rates(uow, date(2027, 12, 31), all_of_them) == {levied: 1, goods: 13}
    assert prices.tax_rates(uow, date(2028, 1, 1), all_of_them) == {levied: 3, goods: 13}
    assert prices.tax_rates(uow, date(2019, 3, 31), all_of_them) == {}


def test_a_new_rate_is_a_new_row(uow: Any) -> None:
    item = factories.make_item(uow, tax_code="STANDARD")
    rules = price_rules.price_rules(uow)
    later = {
        "code": "STANDARD",
        "valid_from": date(2030, 1, 1),
        "name": "Goods",
        "rate": Decimal(12),
    }
    price_rules.save_price_rules(
        uow, {"taxes": [*rules["taxes"], later], "levels": ()}, rules["version"]
    )
    assert prices.tax_rates(uow, date(2029, 12, 31), [item]) == {item: 13}
    assert prices.tax_rates(uow, date(2030, 1, 1), [item]) == {item: 12}
    for wrong, reason in (
        ([later, later], "two rates"),
        ([row for row in rules["taxes"] if row["code"] != "STANDARD"], "is used"),
    ):
        with pytest.raises(InvalidInput, match=reason), uow.connection.transaction():
            price_rules.save_price_rules(uow, {"taxes": wrong, "levels": ()})
    with pytest.raises(UserError, match="Somebody changed"), uow.connection.transaction():
        price_rules.save_price_rules(uow, {"taxes": (), "levels": ()}, rules["version"])


@pytest.mark.parametrize(
    ("amount", "unit", "made", "until"),
    [
        (36, "hours", (2026, 1, 5, 9, 30), (2026, 1, 6, 21, 30)),
        (7, "days", (2026, 2, 25, 8, 0), (2026, 3, 4, 8, 0)),
        (1, "months", (2026, 1, 31, 8, 0), (2026, 2, 28, 8, 0)),
        (1, "months", (2028, 1, 31, 8, 0), (2028, 2, 29, 8, 0)),
        (18, "months", (2026, 8, 31, 8, 0), (2028, 2, 29, 8, 0)),
        (12, "months", (2026, 12, 15, 0, 0), (2027, 12, 15, 0, 0)),
    ],
)
def test_a_shelf_life_in_months_is_months(
    uow: Any, amount: int, unit: str, made: Any, until: Any
) -> None:
    uow.execute("SET LOCAL timezone = 'Asia/Shanghai'")
    item = factories.make_item(uow, tracking="lot", shelf_life=amount, shelf_life_unit=unit)
    shanghai = timezone(timedelta(hours=8))
    made_at, expected = datetime(*made, tzinfo=shanghai), datetime(*until, tzinfo=shanghai)
    lot = lots.save_lot(uow, item, "L1", made_at=made_at)
    assert uow.scalar("SELECT expires_at FROM lot WHERE id = %s", (lot,)) == expected
    assert keeps_until(made_at, amount, unit) == expected


def _picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red").save(made, kind)
    return made.getvalue()


def test_pictures_are_kept_once_small_and_in_order(uow: Any) -> None:
    item = factories.make_item(uow)
    first = item_pictures.add_picture(uow, item, "front.png", _picture())
    assert item_pictures.add_picture(uow, item, "again.png", _picture()) == first
    second = item_pictures.add_picture(uow, item, "big.jpg", _picture((4000, 1000), "JPEG"))
    item_pictures.order_pictures(uow, item, [second, first])
    assert [row.id for row in item_queries.pictures(uow, item)] == [second, first]
    with Image.open(io.BytesIO(item_queries.picture_bytes(uow, second))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (LONGEST_EDGE, 400))
    item_pictures.remove_picture(uow, second)
    assert [row.name for row in item_queries.pictures(uow, item)] == ["front.png"]
    with pytest.raises(PermissionDenied), uow.connection.transaction():
        uow.execute("UPDATE item_picture SET content = '' WHERE id = %s", (first,))


def test_a_clear_picture_stays_clear_and_a_turned_one_is_upright() -> None:
    assert prepared(_picture(mode="RGBA")).media_type == "image/png"
    turned = Image.new("RGB", (40, 20))
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera was held on its side
    made = io.BytesIO()
    turned.save(made, "JPEG", exif=exif)
    upright = prepared(made.getvalue())
    assert (upright.width, upright.height) == (20, 40)
    with Image.open(io.BytesIO(upright.content)) as kept:
        assert not kept.getexif()  # nor where it was taken


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", _picture()[:60], b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="no picture"):
        prepared(content)


def test_a_storekeeper_sees_units_but_neither_prices_nor_writing(database: Any) -> None:
    item = database.run(
        lambda uow: factories.make_item(
            uow,
            "X",
            sales_price=Decimal(9),
            units=[{"unit": "箱", "factor": "12"}],
        )
    )
    keeper = database.as_user("storekeeper")
    seen = keeper.run(item_record, item)
    assert seen["units"][0]["factor"] == "12"
    assert "sales_price" not in seen
    assert seen["level_prices"] == []
    for call in (
        lambda uow: items.save_item(uow, {"code": "X", "name": "Y"}, item_id=item, version=1),
        lambda uow: uow.execute("INSERT INTO item_unit VALUES (%s, '袋', 5)", (item,)),
        lambda uow: uow.execute("SELECT * FROM item_level_price"),
        lambda uow: uow.execute("UPDATE tax_rate SET rate = 0"),
        lambda uow: uow.execute("DELETE FROM item_picture"),
    ):
        with pytest.raises(PermissionDenied):
            keeper.run(call)
