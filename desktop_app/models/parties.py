"""Contacts and addresses of partners; whose new orders were frozen, and who released them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Stamp


class PartyContact(Base):
    """A person at a partner's."""

    __tablename__ = "party_contact"
    id: Mapped[Id]
    party_id: Mapped[BigInt] = mapped_column(ForeignKey("party.id"), index=True)
    position: Mapped[int] = mapped_column(server_default=text("0"))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    email: Mapped[str] = mapped_column(server_default=text("''"))
    remark: Mapped[str] = mapped_column(server_default=text("''"))


class PartyAddress(Base):
    """An address of a partner: where to deliver, where to send the invoice."""

    __tablename__ = "party_address"
    id: Mapped[Id]
    party_id: Mapped[BigInt] = mapped_column(ForeignKey("party.id"), index=True)
    position: Mapped[int] = mapped_column(server_default=text("0"))
    purpose: Mapped[str] = mapped_column(server_default=text("'delivery'"))
    receiver: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(server_default=text("''"))
    address: Mapped[str]


class CustomerFreeze(Base):
    """A customer's new orders were frozen or released: append-only, written by functions.

    ``document_id`` is the order that waited too long; it freezes its customer once. Without
    one a person froze (``frozen``) or released the customer for a ``reason``.
    """

    __tablename__ = "customer_freeze"
    id: Mapped[Id]
    party_id: Mapped[BigInt] = mapped_column(ForeignKey("party.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), unique=True)
    frozen: Mapped[bool]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    actor: Mapped[Login]
    workstation: Mapped[str] = mapped_column(
        server_default=text("coalesce(current_setting('stockproof.workstation', true), '')")
    )
    at: Mapped[Stamp]
