"""Set-up of the program inside the database: users, settings, the life cycles as rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Stamp


class AppUser(Base):
    """A person who may log in; ``login`` is also the PostgreSQL role."""

    __tablename__ = "app_user"
    login: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    jobs: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[Stamp]


class Setting(Base):
    """A company-wide rule or fact, e.g. the company's name or the over-receipt tolerance."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_by: Mapped[Login]
    changed_at: Mapped[Stamp]


class NumberSeries(Base):
    """Last number given per document kind and day; gaps are impossible."""

    __tablename__ = "number_series"
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last_no: Mapped[int] = mapped_column(server_default=text("0"))


class DocumentKind(Base):
    """A document type as the database needs it; written from the Python constants."""

    __tablename__ = "document_kind"
    kind: Mapped[str] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    editable_states: Mapped[list[str]]
    write_role: Mapped[str]
    complete_verb: Mapped[str] = mapped_column(server_default=text("''"))


class Transition(Base):
    """One allowed step of a life cycle; the act trigger knows no other."""

    __tablename__ = "transition"
    kind: Mapped[str] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str]
    role: Mapped[str]
    evidence: Mapped[list[str]]
    requires_reason: Mapped[bool]
    complete: Mapped[bool]
    has_moves: Mapped[bool]


class MovementRule(Base):
    """Between which kinds of places a verb may move goods."""

    __tablename__ = "movement_rule"
    kind: Mapped[str] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(primary_key=True)
    from_kind: Mapped[str] = mapped_column(primary_key=True)
    to_kind: Mapped[str] = mapped_column(primary_key=True)


class GuardVersion(Base):
    """Checksum of each installed file of ``models/sql``."""

    __tablename__ = "guard_version"
    file: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]


class RefusedAttempt(Base):
    """An act the program was refused: who tried what, and why not (N4)."""

    __tablename__ = "refused_attempt"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[Stamp]
    actor: Mapped[Login]
    workstation: Mapped[str] = mapped_column(
        server_default=text("coalesce(current_setting('stockproof.workstation', true), '')")
    )
    document_id: Mapped[int | None]
    verb: Mapped[str]
    code: Mapped[str]
    message: Mapped[str]


class PrintLog(Base):
    """One print of a document: from the second on the paper says that it is a copy."""

    __tablename__ = "print_log"
    __table_args__ = (Index("ix_print_log_document_id", "document_id", "layout"),)
    id: Mapped[Id]
    document_id: Mapped[BigInt] = mapped_column(ForeignKey("document.id"))
    layout: Mapped[str]
    copies: Mapped[int] = mapped_column(server_default=text("1"))
    printed_by: Mapped[Login]
    at: Mapped[Stamp]
