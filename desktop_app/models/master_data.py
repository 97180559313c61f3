"""Items, parties, warehouses, locations, lots and boxes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Money, Price, Stamp


class Item(Base):
    """A stocked thing. Quantities are kept in ``uom`` with ``uom_decimals`` places.

    ``variant`` maps an axis of its family to this item's value ({"finish": "镀镍"});
    ``blank_item_id`` is the blank it is made from. ``unit_weight_spread_g`` is the standard
    deviation of one piece, learnt from ``weight_samples`` pieces. ``merged_into_id`` names
    the item that took over a duplicate's code, barcodes and stock.
    """

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("tracking in ('none', 'lot', 'serial')", name="tracking_known"),
        CheckConstraint("uom_decimals between 0 and 6", name="uom_decimals_range"),
        CheckConstraint("abc_class in ('A', 'B', 'C')", name="abc_class_known"),
        CheckConstraint("unit_weight_g > 0", name="unit_weight_positive"),
        CheckConstraint("shelf_life > 0", name="shelf_life_positive"),
        CheckConstraint(
            "shelf_life_unit in ('hours', 'days', 'months')", name="shelf_life_unit_known"
        ),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
        CheckConstraint("reorder_multiple > 0", name="reorder_multiple_positive"),
        CheckConstraint("reorder_point >= 0", name="reorder_point_not_negative"),
        CheckConstraint("min_order_qty >= 0", name="min_order_qty_not_negative"),
        CheckConstraint("lead_time_days >= 0", name="lead_time_not_negative"),
        CheckConstraint("unit_weight_spread_g >= 0", name="unit_weight_spread_not_negative"),
        CheckConstraint("blank_item_id <> id", name="blank_is_another_item"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("code <> '' and code = btrim(code)", name="code_clean"),
        Index(
            "uq_item_family_id_variant",
            "family_id",
            "variant",
            unique=True,
            postgresql_where=text("family_id is not null and merged_into_id is null"),
        ),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    spec: Mapped[str] = mapped_column(server_default=text("''"))
    uom: Mapped[str] = mapped_column(server_default=text("'pcs'"))
    uom_decimals: Mapped[int] = mapped_column(server_default=text("0"))
    tracking: Mapped[str] = mapped_column(server_default=text("'none'"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("item_family.id"), index=True)
    variant: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    blank_item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    category: Mapped[str] = mapped_column(server_default=text("''"))
    shelf_life: Mapped[int | None]
    shelf_life_unit: Mapped[str] = mapped_column(server_default=text("'hours'"))
    unit_weight_g: Mapped[Decimal | None]
    weight_tolerance_pct: Mapped[Decimal] = mapped_column(server_default=text("2"))
    unit_weight_spread_g: Mapped[Decimal | None]
    weight_samples: Mapped[int] = mapped_column(server_default=text("0"))
    safety_stock: Mapped[Decimal] = mapped_column(server_default=text("0"))
    reorder_point: Mapped[Decimal | None]
    reorder_multiple: Mapped[Decimal | None]
    min_order_qty: Mapped[Decimal | None]
    lead_time_days: Mapped[int | None]
    pack_size: Mapped[Decimal | None]
    tax_code: Mapped[str] = mapped_column(server_default=text("''"))
    abc_class: Mapped[str] = mapped_column(server_default=text("'C'"))
    default_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    search_text: Mapped[str] = mapped_column(server_default=text("''"))
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[Stamp]


class ItemBarcode(Base):
    """A barcode of an item; one scan means ``factor`` base units.

    ``unit`` names the unit it stands for ("" = the base unit); its factor is then the unit's.
    """

    __tablename__ = "item_barcode"
    __table_args__ = (CheckConstraint("factor > 0", name="factor_positive"),)
    barcode: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), index=True)
    factor: Mapped[Decimal] = mapped_column(server_default=text("1"))
    unit: Mapped[str] = mapped_column(server_default=text("''"))


class ItemSalesPrice(Base):
    """Sales price per base unit; a table of its own so that grants can hide it."""

    __tablename__ = "item_sales_price"
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True)
    price: Mapped[Price]


class ItemPurchasePrice(Base):
    """Last agreed purchase price per base unit; hidden from the storekeeper."""

    __tablename__ = "item_purchase_price"
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True)
    price: Mapped[Price]


class Party(Base):
    """A business partner; one may be customer, supplier, subcontractor and carrier at once.

    ``payment_days`` is the credit term in days, ``credit_limit`` what may be owed in all.
    """

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("payment_days >= 0", name="payment_days_not_negative"),
        CheckConstraint("credit_limit >= 0", name="credit_limit_not_negative"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_customer: Mapped[bool] = mapped_column(server_default=text("false"))
    is_supplier: Mapped[bool] = mapped_column(server_default=text("false"))
    is_subcontractor: Mapped[bool] = mapped_column(server_default=text("false"))
    is_carrier: Mapped[bool] = mapped_column(server_default=text("false"))
    contact: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
    tax_id: Mapped[str] = mapped_column(server_default=text("''"))
    bank: Mapped[str] = mapped_column(server_default=text("''"))
    payment_terms: Mapped[str] = mapped_column(server_default=text("''"))
    payment_days: Mapped[int | None]
    credit_limit: Mapped[Money | None]
    price_level: Mapped[str] = mapped_column(server_default=text("''"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    orders_frozen_reason: Mapped[str] = mapped_column(server_default=text("''"))
    search_text: Mapped[str] = mapped_column(server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Warehouse(Base):
    """A warehouse; ``exit_code`` is what hangs at its door and is scanned to ship.

    ``kind`` says what its bins are for: goods in a hold or defective warehouse are never
    sellable, those of a subcontractor's belong to ``party_id``.
    """

    __tablename__ = "warehouse"
    __table_args__ = (
        CheckConstraint(
            "kind in ('own', 'subcontractor', 'transit', 'hold', 'defective')", name="kind_known"
        ),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    exit_code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(server_default=text("'own'"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Location(Base):
    """A ledger end point: a bin, a dock, a subcontractor, or the world outside.

    ``route_seq`` orders bins along the walking route of their warehouse; ``zone``, ``aisle``,
    ``rack`` and ``level`` say where it is.
    """

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint(
            "kind in ('bin','receiving','staging','hold','transit','subcontractor','production',"
            "'supplier','customer','scrap','difference','opening','process')",
            name="kind_known",
        ),
        CheckConstraint(
            "(kind in ('bin','receiving','staging','hold')) = (warehouse_id is not null)",
            name="warehouse_of_places",
        ),
        Index("ix_location_warehouse_kind", "warehouse_id", "kind"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    zone: Mapped[str] = mapped_column(server_default=text("''"))
    aisle: Mapped[str] = mapped_column(server_default=text("''"))
    rack: Mapped[str] = mapped_column(server_default=text("''"))
    level: Mapped[str] = mapped_column(server_default=text("''"))
    route_seq: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Lot(Base):
    """A lot of an item. Row 0 stands for "no lot"; ``held`` lots never ship."""

    __tablename__ = "lot"
    __table_args__ = (Index("uq_lot_item_id_code", "item_id", "code", unique=True),)
    id: Mapped[Id]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    code: Mapped[str]
    expires_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    held: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Stamp]


class Box(Base):
    """A box with a label of its own. Row 0 stands for "no box"."""

    __tablename__ = "box"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Stamp]
