"""BOMs, work orders and outsourcing."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Quantity


class BOM(Base):
    """A version of an item's bill of materials, for ``output_qty`` of the parent."""

    __tablename__ = "bom"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("output_qty > 0", name="output_qty_positive"),
    )
    id: Mapped[Id]
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"))
    version: Mapped[str] = mapped_column(server_default=text("'1'"))
    output_qty: Mapped[Quantity] = mapped_column(server_default=text("1"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))


class BOMLine(Base):
    """A component: ``qty_per`` for the BOM's output, with its loss rate and what it means.

    ``loss_basis`` "of_issue": net ÷ (1 − p); "on_top": net × (1 + p).
    """

    __tablename__ = "bom_line"
    __table_args__ = (
        UniqueConstraint("bom_id", "line_no"),
        CheckConstraint("qty_per > 0", name="qty_per_positive"),
        CheckConstraint("loss_rate >= 0 and loss_rate < 1", name="loss_rate_range"),
        CheckConstraint("loss_basis in ('of_issue', 'on_top')", name="loss_basis_known"),
    )
    id: Mapped[Id]
    bom_id: Mapped[BigInt] = mapped_column(ForeignKey("bom.id", ondelete="CASCADE"))
    line_no: Mapped[int]
    item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"))
    qty_per: Mapped[Quantity]
    loss_rate: Mapped[Decimal] = mapped_column(server_default=text("0"))
    loss_basis: Mapped[str] = mapped_column(server_default=text("'of_issue'"))


class WorkOrder(Base):
    """What a work order or an outsourcing order makes: item, quantity, BOM version."""

    __tablename__ = "work_order"
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), primary_key=True)
    output_item_id: Mapped[BigInt] = mapped_column(ForeignKey("item.id"))
    output_qty: Mapped[Quantity]
    bom_id: Mapped[int | None] = mapped_column(ForeignKey("bom.id"))


class OutsourcingReceiptLine(Base):
    """Weight typed in at a subcontractor's return and the verdict on it."""

    __tablename__ = "outsourcing_receipt_line"
    line_id: Mapped[BigInt] = mapped_column(
        ForeignKey("document_line.id", ondelete="CASCADE"), primary_key=True
    )
    weight_g: Mapped[Decimal | None]
    expected_g: Mapped[Decimal | None]
    tolerance_pct: Mapped[Decimal] = mapped_column(server_default=text("0"))
    matches: Mapped[bool] = mapped_column(server_default=text("true"))
