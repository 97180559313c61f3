"""The spine of all document types: head, lines, prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Money, Price, Quantity, Stamp


class Document(Base):
    """Head of any document. ``state``, ``number`` change only through acts."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_kind_id", "kind", "id"),
        Index("ix_document_kind_state", "kind", "state"),
        Index("ix_document_party_id", "party_id"),
        Index("ix_document_origin_id", "origin_id", postgresql_where=text("origin_id is not null")),
        Index(
            "ix_document_reverses_id",
            "reverses_id",
            postgresql_where=text("reverses_id is not null"),
        ),
    )
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(ForeignKey("document_kind.kind"))
    number: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default=text("'new'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    to_warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    doc_date: Mapped[date] = mapped_column(server_default=text("current_date"))
    due_date: Mapped[date | None]
    reference: Mapped[str] = mapped_column(server_default=text("''"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_by: Mapped[Login]
    created_at: Mapped[Stamp]


class DocumentLine(Base):
    """One line. ``qty`` in base units; a count line has 0 because it is blind.

    Document and item are checked set-wise (``sql/50_document.sql``), not by foreign keys.
    ``role`` tells the ``output`` of a work or outsourcing order from its ``component`` lines.
    """

    __tablename__ = "document_line"
    __table_args__ = (
        UniqueConstraint("document_id", "line_no"),
        CheckConstraint("qty >= 0", name="qty_not_negative"),
        Index("ix_document_line_item_id", "item_id"),
        Index(
            "ix_document_line_origin_line_id",
            "origin_line_id",
            postgresql_where=text("origin_line_id is not null"),
        ),
    )
    id: Mapped[Id]
    document_id: Mapped[BigInt]
    line_no: Mapped[int]
    item_id: Mapped[BigInt]
    qty: Mapped[Quantity]
    role: Mapped[str] = mapped_column(server_default=text("''"))
    lot_id: Mapped[BigInt] = mapped_column(server_default=text("0"))
    location_id: Mapped[int | None]
    to_location_id: Mapped[int | None]
    origin_line_id: Mapped[int | None] = mapped_column(ForeignKey("document_line.id"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class _LinePrice:
    """Price of a line: net + tax = gross on every line (DESIGN section 4)."""

    unit_price: Mapped[Price]
    tax_rate: Mapped[Decimal] = mapped_column(server_default=text("0"))
    net: Mapped[Money]
    tax: Mapped[Money] = mapped_column(server_default=text("0"))
    gross: Mapped[Money]


class PurchaseLinePrice(_LinePrice, Base):
    """Purchase price of a line; readable with the purchase price permission only."""

    __tablename__ = "purchase_line_price"
    __table_args__ = (CheckConstraint("net + tax = gross", name="net_tax_gross"),)
    line_id: Mapped[BigInt] = mapped_column(
        ForeignKey("document_line.id", ondelete="CASCADE"), primary_key=True
    )


class SalesLinePrice(_LinePrice, Base):
    """Sales price of a line; readable with the sales price permission only."""

    __tablename__ = "sales_line_price"
    __table_args__ = (CheckConstraint("net + tax = gross", name="net_tax_gross"),)
    line_id: Mapped[BigInt] = mapped_column(
        ForeignKey("document_line.id", ondelete="CASCADE"), primary_key=True
    )
