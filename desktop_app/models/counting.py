"""Blind counts: the plan, the entries and the reviewed result."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Quantity


class CountPlan(Base):
    """How the sample was drawn (seed recorded, so that the draw can be proven)."""

    __tablename__ = "count_plan"
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), primary_key=True)
    sample_size: Mapped[int] = mapped_column(server_default=text("20"))
    seed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    candidates: Mapped[int] = mapped_column(server_default=text("0"))
    blind: Mapped[bool] = mapped_column(server_default=text("true"))


class CountDraw(Base):
    """What the sample was drawn from, so that anybody can draw it again.

    ``item_ids`` are the candidates in ascending order, ``scope`` the filter that made
    them, ``seed_given`` tells a seed brought by a person from one rolled by the program.
    """

    __tablename__ = "count_draw"
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), primary_key=True)
    seed_given: Mapped[bool] = mapped_column(server_default=text("false"))
    scope: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    item_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class CountEntry(Base):
    """What a person counted at a place, in which round, at which second.

    ``counted_at`` is when the goods were counted (a paper sheet carries the time),
    ``entered_at`` when it was typed; both within the round, the second by the server.
    """

    __tablename__ = "count_entry"
    __table_args__ = (
        UniqueConstraint("line_id", "round"),
        CheckConstraint("round in (1, 2)", name="round_known"),
        CheckConstraint("qty >= 0", name="qty_not_negative"),
        Index("ix_count_entry_document_id", "document_id"),
    )
    id: Mapped[Id]
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"))
    line_id: Mapped[BigInt] = mapped_column(ForeignKey("document_line.id"))
    round: Mapped[int]
    qty: Mapped[Quantity]
    counted_by: Mapped[str]
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    workstation: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What the scale showed when it was counted by weight (domain.weighing_record)."""


class CountFound(Base):
    """Goods lying at a place where no line of the count looks for them (账外物)."""

    __tablename__ = "count_found"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty_positive"),
        Index("ix_count_found_document_id", "document_id"),
    )
    id: Mapped[Id]
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"))
    location_id: Mapped[BigInt] = mapped_column(ForeignKey("location.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    qty: Mapped[Quantity]
    counted_by: Mapped[str]
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    workstation: Mapped[str]


class CountResult(Base):
    """Book at the counting second, count and cause of one line; readers of stock only."""

    __tablename__ = "count_result"
    line_id: Mapped[BigInt] = mapped_column(ForeignKey("document_line.id"), primary_key=True)
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), index=True)
    book_qty: Mapped[Quantity]
    counted_qty: Mapped[Quantity]
    recount: Mapped[bool] = mapped_column(server_default=text("false"))
    cause_code: Mapped[str] = mapped_column(server_default=text("''"))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    tolerance_pct: Mapped[Decimal] = mapped_column(server_default=text("0"))
