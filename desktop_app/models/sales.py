"""What sales documents have beyond the spine."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Money


class SalesOrder(Base):
    """Deposit of an order: the paid share locks stock until ``lock_until``."""

    __tablename__ = "sales_order"
    __table_args__ = (CheckConstraint("deposit >= 0", name="deposit_not_negative"),)
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), primary_key=True)
    deposit: Mapped[Money] = mapped_column(server_default=text("0"))
    lock_until: Mapped[date | None]
    receiver: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str] = mapped_column(server_default=text("''"))


class Shipment(Base):
    """Carrier and waybill of a shipment; filled by the ship act from its evidence."""

    __tablename__ = "shipment"
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"), primary_key=True)
    carrier: Mapped[str] = mapped_column(server_default=text("''"))
    waybill: Mapped[str] = mapped_column(server_default=text("''"))
