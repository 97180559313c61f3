"""What belongs to an item: family and variants, units, prices, suppliers' codes, bins, pictures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Price, Quantity, Stamp


class ItemFamily(Base):
    """Items that differ only along axes (finish, colour, size)."""

    __tablename__ = "item_family"
    __table_args__ = (CheckConstraint("code <> '' and code = btrim(code)", name="code_clean"),)
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    code_pattern: Mapped[str] = mapped_column(server_default=text("'{family}-{values}'"))
    name_pattern: Mapped[str] = mapped_column(server_default=text("'{values}{family}'"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ItemAxis(Base):
    """An axis of a family. ``options`` are its values in order, ``codes`` their code parts.

    ``is_finish``: variants along it are made from the blank of the family's other axes.
    """

    __tablename__ = "item_axis"
    __table_args__ = (UniqueConstraint("family_id", "name"),)
    id: Mapped[Id]
    family_id: Mapped[BigInt] = mapped_column(ForeignKey("item_family.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    options: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    codes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    is_finish: Mapped[bool] = mapped_column(server_default=text("false"))


class ItemUnit(Base):
    """Another unit of an item: one of it is ``factor_num`` / ``factor_den`` base units."""

    __tablename__ = "item_unit"
    __table_args__ = (
        CheckConstraint("factor_num > 0 and factor_den > 0", name="factor_positive"),
        CheckConstraint("unit <> '' and unit = btrim(unit)", name="unit_clean"),
    )
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    factor_num: Mapped[BigInt]
    factor_den: Mapped[BigInt] = mapped_column(server_default=text("1"))
    for_purchase: Mapped[bool] = mapped_column(server_default=text("false"))
    for_sales: Mapped[bool] = mapped_column(server_default=text("false"))


class ItemPicture(Base):
    """A picture of an item."""

    __tablename__ = "item_picture"
    id: Mapped[Id]
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), index=True)
    position: Mapped[int] = mapped_column(server_default=text("0"))
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_by: Mapped[Login]
    added_at: Mapped[Stamp]


class ItemBin(Base):
    """Where an item usually lies in a warehouse, besides ``item.default_location_id``."""

    __tablename__ = "item_bin"
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True)
    warehouse_id: Mapped[BigInt] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    location_id: Mapped[BigInt] = mapped_column(ForeignKey("location.id"), index=True)


class PriceLevel(Base):
    """A class of customers with prices of its own (批发价, 会员价)."""

    __tablename__ = "price_level"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(server_default=text("0"))


class ItemLevelPrice(Base):
    """Sales price per base unit for a price level; hidden like all sales prices."""

    __tablename__ = "item_level_price"
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True)
    level: Mapped[str] = mapped_column(ForeignKey("price_level.code"), primary_key=True)
    price: Mapped[Price]


class TaxRate(Base):
    """A VAT rate in per cent, valid from a day on; the newest row up to a day counts."""

    __tablename__ = "tax_rate"
    __table_args__ = (CheckConstraint("rate >= 0 and rate < 100", name="rate_range"),)
    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    rate: Mapped[Decimal]


class PartyItem(Base):
    """How a partner calls an item and supplies it; prices come from documents."""

    __tablename__ = "party_item"
    party_id: Mapped[BigInt] = mapped_column(ForeignKey("party.id"), primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    code: Mapped[str] = mapped_column(server_default=text("''"), index=True)
    name: Mapped[str] = mapped_column(server_default=text("''"))
    pack_size: Mapped[Quantity | None]
    min_order_qty: Mapped[Quantity | None]
    lead_time_days: Mapped[int | None]
    is_preferred: Mapped[bool] = mapped_column(server_default=text("false"))
