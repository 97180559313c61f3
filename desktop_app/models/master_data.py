"""Items, parties, warehouses, locations, lots and boxes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Price, Stamp


class Item(Base):
    """A stocked thing. Quantities are kept in ``uom`` with ``uom_decimals`` places."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("tracking in ('none', 'lot', 'serial')", name="tracking_known"),
        CheckConstraint("uom_decimals between 0 and 6", name="uom_decimals_range"),
        CheckConstraint("abc_class in ('A', 'B', 'C')", name="abc_class_known"),
        CheckConstraint("unit_weight_g > 0", name="unit_weight_positive"),
        CheckConstraint("shelf_life_hours > 0", name="shelf_life_positive"),
        CheckConstraint("code <> '' and code = btrim(code)", name="code_clean"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    spec: Mapped[str] = mapped_column(server_default=text("''"))
    uom: Mapped[str] = mapped_column(server_default=text("'pcs'"))
    uom_decimals: Mapped[int] = mapped_column(server_default=text("0"))
    tracking: Mapped[str] = mapped_column(server_default=text("'none'"))
    shelf_life_hours: Mapped[int | None]
    unit_weight_g: Mapped[Decimal | None]
    weight_tolerance_pct: Mapped[Decimal] = mapped_column(server_default=text("2"))
    safety_stock: Mapped[Decimal] = mapped_column(server_default=text("0"))
    abc_class: Mapped[str] = mapped_column(server_default=text("'C'"))
    default_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    search_text: Mapped[str] = mapped_column(server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[Stamp]


class ItemBarcode(Base):
    """A barcode of an item; one scan means ``factor`` base units."""

    __tablename__ = "item_barcode"
    __table_args__ = (CheckConstraint("factor > 0", name="factor_positive"),)
    barcode: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), index=True)
    factor: Mapped[Decimal] = mapped_column(server_default=text("1"))


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
    """A business partner; one may be customer, supplier and subcontractor at once."""

    __tablename__ = "party"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_customer: Mapped[bool] = mapped_column(server_default=text("false"))
    is_supplier: Mapped[bool] = mapped_column(server_default=text("false"))
    is_subcontractor: Mapped[bool] = mapped_column(server_default=text("false"))
    contact: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
    tax_id: Mapped[str] = mapped_column(server_default=text("''"))
    orders_frozen_reason: Mapped[str] = mapped_column(server_default=text("''"))
    search_text: Mapped[str] = mapped_column(server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Warehouse(Base):
    """A warehouse; ``exit_code`` is what hangs at its door and is scanned to ship."""

    __tablename__ = "warehouse"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    exit_code: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Location(Base):
    """A ledger end point: a bin, a dock, a subcontractor, or the world outside.

    ``route_seq`` orders bins along the walking route of their warehouse.
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
