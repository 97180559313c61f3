"""The act ledger. Written only through ``services.ledger``; guarded by ``sql/``."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from desktop_app.models.base import Base, BigInt, Id, Login, Quantity, Stamp

NO_ROW = text("0")


class Xid8(UserDefinedType[Any]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8
"""Tells SQLAlchemy's reflection of the type, so that models can be compared with a database."""


class Act(Base):
    """What a person did to a document. Actor, clock and states are stamped by the server.

    ``uuid`` comes from the client: the same act sent twice is recorded once.
    ``kind`` is the document's, stamped so that a trigger of one type costs the others nothing.
    ``expected_version`` is the version the person looked at (NULL: not checked).
    """

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_document_id", "document_id", "id"),
        Index("ix_act_at", "at", postgresql_using="brin"),
        Index(
            "ix_act_reverses_id", "reverses_id", postgresql_where=text("reverses_id is not null")
        ),
    )
    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(PG_UUID(as_uuid=True), unique=True)
    document_id: Mapped[BigInt]
    kind: Mapped[str]
    verb: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor: Mapped[str]
    workstation: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("act.id"))
    expected_version: Mapped[int | None]
    moves_goods: Mapped[bool]
    txid: Mapped[Any] = mapped_column(Xid8())


class StockMove(Base):
    """An immutable move of ``qty`` > 0 base units from a location to a location.

    Act, line, locations, lot and box are checked set-wise by the statement trigger of
    ``sql/30_stock_move.sql``: seven row-wise foreign keys would cost more than the
    whole posting (docs/adr/0005).
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty_positive"),
        CheckConstraint("from_location_id <> to_location_id", name="places_differ"),
        Index("ix_stock_move_act_id", "act_id"),
        Index("ix_stock_move_line_id", "line_id"),
        Index("ix_stock_move_item_id", "item_id", "id"),
        Index("ix_stock_move_from_location_id", "from_location_id", "id"),
        Index("ix_stock_move_to_location_id", "to_location_id", "id"),
    )
    id: Mapped[Id]
    act_id: Mapped[BigInt]
    line_id: Mapped[BigInt]
    item_id: Mapped[BigInt]
    lot_id: Mapped[BigInt] = mapped_column(server_default=NO_ROW)
    box_id: Mapped[BigInt] = mapped_column(server_default=NO_ROW)
    from_location_id: Mapped[BigInt]
    to_location_id: Mapped[BigInt]
    qty: Mapped[Quantity]
    weight_g: Mapped[Decimal | None]
    reservation_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )


class StockBalance(Base):
    """What lies at a place now. Kept by the move trigger, never written by hand."""

    __tablename__ = "stock_balance"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint(
            "allocated >= 0 and allocated <= greatest(on_hand, 0)", name="allocated_within_on_hand"
        ),
        Index("ix_stock_balance_location_id", "location_id"),
        {"postgresql_with": {"fillfactor": "70"}},
    )
    item_id: Mapped[BigInt] = mapped_column(primary_key=True)
    location_id: Mapped[BigInt] = mapped_column(primary_key=True)
    lot_id: Mapped[BigInt] = mapped_column(primary_key=True, server_default=NO_ROW)
    box_id: Mapped[BigInt] = mapped_column(primary_key=True, server_default=NO_ROW)
    on_hand: Mapped[Quantity] = mapped_column(server_default=text("0"))
    allocated: Mapped[Quantity] = mapped_column(server_default=text("0"))


class Reservation(Base):
    """Stock of a warehouse promised to a demand line until it ships or is released."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty_positive"),
        CheckConstraint("qty_open >= 0 and qty_open <= qty", name="qty_open_within"),
        Index("ix_reservation_line_id", "line_id"),
        Index(
            "ix_reservation_open",
            "item_id",
            "warehouse_id",
            postgresql_where=text("qty_open > 0"),
        ),
    )
    id: Mapped[Id]
    line_id: Mapped[BigInt] = mapped_column(ForeignKey("document_line.id"))
    item_id: Mapped[BigInt]
    warehouse_id: Mapped[BigInt]
    qty: Mapped[Quantity]
    qty_open: Mapped[Quantity]
    until: Mapped[datetime | None]
    reason: Mapped[str]
    priority: Mapped[int] = mapped_column(server_default=text("5"))
    act_id: Mapped[BigInt] = mapped_column(ForeignKey("act.id"))
    created_at: Mapped[Stamp]


class Allocation(Base):
    """The part of a reservation pinned to a bin and lot for a shipment line."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("qty >= 0", name="qty_not_negative"),
        Index("ix_allocation_line_id", "line_id"),
        Index("ix_allocation_item_location", "item_id", "location_id"),
    )
    reservation_id: Mapped[BigInt] = mapped_column(ForeignKey("reservation.id"), primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(primary_key=True)
    location_id: Mapped[BigInt] = mapped_column(primary_key=True)
    lot_id: Mapped[BigInt] = mapped_column(primary_key=True)
    box_id: Mapped[BigInt] = mapped_column(primary_key=True)
    line_id: Mapped[BigInt] = mapped_column(primary_key=True)
    qty: Mapped[Quantity]


class Attachment(Base):
    """A photo or file bound to an act; bytes and their sha256, append-only."""

    __tablename__ = "attachment"
    id: Mapped[Id]
    act_id: Mapped[BigInt] = mapped_column(ForeignKey("act.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_by: Mapped[Login]
    added_at: Mapped[Stamp]


class DaySeal(Base):
    """Hash chain over a day's acts and moves.

    ``row_digests`` holds 17 bytes a row (table, id, first 8 bytes of the row's sha256),
    so that ``verify`` can name the very row that was changed.
    """

    __tablename__ = "day_seal"
    day: Mapped[date] = mapped_column(primary_key=True)
    act_count: Mapped[BigInt]
    move_count: Mapped[BigInt]
    row_digests: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_by: Mapped[Login]
    sealed_at: Mapped[Stamp]


class ItemCost(Base):
    """Moving-average projection: state of an item after ``move_id`` (finance only)."""

    __tablename__ = "item_cost"
    item_id: Mapped[BigInt] = mapped_column(primary_key=True)
    qty: Mapped[Quantity]
    value: Mapped[Quantity]
    average: Mapped[Quantity]


class MoveCost(Base):
    """Value of a move in the moving-average projection (finance only)."""

    __tablename__ = "move_cost"
    move_id: Mapped[BigInt] = mapped_column(primary_key=True)
    item_id: Mapped[BigInt] = mapped_column(index=True)
    unit_cost: Mapped[Quantity]
    value: Mapped[Quantity]
    estimated: Mapped[bool] = mapped_column(server_default=text("false"))


class CostPosition(Base):
    """How far the projection has read the ledger: acts up to ``act_id`` (one row a method)."""

    __tablename__ = "cost_position"
    method: Mapped[str] = mapped_column(Text, primary_key=True)
    act_id: Mapped[BigInt]
