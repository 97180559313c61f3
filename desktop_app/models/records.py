"""Around the master data: own fields, the change log, imports, what may stay missing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Stamp


class CustomField(Base):
    """A field the company added itself; its value is in the record's ``custom``.

    ``scopes`` lists where it is shown: item, party, a document kind, or ``<kind>.line``;
    ``required_in`` is a part of them. A formula field computes ``formula`` over others.
    """

    __tablename__ = "custom_field"
    __table_args__ = (
        CheckConstraint(
            "editor in ('text', 'number', 'date', 'choice', 'yes_no', 'formula')",
            name="editor_known",
        ),
        CheckConstraint("name ~ '^[a-z][a-z0-9_]{0,39}$'", name="name_form"),
    )
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    editor: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    decimals: Mapped[int] = mapped_column(server_default=text("2"))
    formula: Mapped[str] = mapped_column(server_default=text("''"))
    scopes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    required_in: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    categories: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Item categories it is shown for; empty = all."""
    position: Mapped[int] = mapped_column(server_default=text("0"))
    in_list: Mapped[bool] = mapped_column(server_default=text("true"))
    in_print: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ChangeLog(Base):
    """One field of one record changed: written by triggers, never by programs.

    ``needs_role`` hides changes of prices from whoever may not read prices (row security).
    ``source`` is the screen or the import it came from.
    """

    __tablename__ = "change_log"
    __table_args__ = (Index("ix_change_log_record", "record", "record_id", "id"),)
    id: Mapped[Id]
    at: Mapped[Stamp]
    actor: Mapped[Login]
    workstation: Mapped[str] = mapped_column(
        server_default=text("coalesce(current_setting('stockproof.workstation', true), '')")
    )
    source: Mapped[str] = mapped_column(
        server_default=text("coalesce(current_setting('stockproof.source', true), '')")
    )
    record: Mapped[str]
    record_id: Mapped[BigInt]
    part: Mapped[str] = mapped_column(server_default=text("''"))
    field: Mapped[str]
    old: Mapped[Any | None] = mapped_column(JSONB)
    new: Mapped[Any | None] = mapped_column(JSONB)
    needs_role: Mapped[str | None]


class ImportRun(Base):
    """One file taken in; ``state`` is done or undone."""

    __tablename__ = "import_run"
    __table_args__ = (CheckConstraint("state in ('done', 'undone')", name="state_known"),)
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    mapping: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default=text("'done'"))
    imported_by: Mapped[Login]
    at: Mapped[Stamp]


class ImportRow(Base):
    """What one row of an import made or changed; ``before`` is what undo puts back."""

    __tablename__ = "import_row"
    run_id: Mapped[BigInt] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    seq: Mapped[BigInt] = mapped_column(primary_key=True)
    record: Mapped[str]
    record_id: Mapped[BigInt]
    action: Mapped[str]
    before: Mapped[dict[str, Any] | None]


class ImportMapping(Base):
    """Which column of a known heading meant which field, remembered for the next file."""

    __tablename__ = "import_mapping"
    kind: Mapped[str] = mapped_column(primary_key=True)
    headings: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]]
    used_by: Mapped[Login]
    used_at: Mapped[Stamp]


class ParameterWaiver(Base):
    """A missing parameter that somebody said may stay missing, and why (N17)."""

    __tablename__ = "parameter_waiver"
    record: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[BigInt] = mapped_column(primary_key=True)
    parameter: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    accepted_by: Mapped[Login]
    at: Mapped[Stamp]


class ImportDraft(Base):
    """A file being looked at before it is taken in; only who began it sees it."""

    __tablename__ = "import_draft"
    id: Mapped[Id]
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    mapping: Mapped[dict[str, Any]]
    created_by: Mapped[Login]
    at: Mapped[Stamp]


class ImportStage(Base):
    """One row of a draft: what was read, what is wrong with it, what would happen.

    Unlogged: it can be read from the file again.
    """

    __tablename__ = "import_stage"
    __table_args__ = (
        CheckConstraint("action in ('', 'new', 'changed', 'same', 'refused')", name="action_known"),
        {"prefixes": ["UNLOGGED"]},
    )
    draft_id: Mapped[BigInt] = mapped_column(primary_key=True)
    row_no: Mapped[BigInt] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    action: Mapped[str] = mapped_column(server_default=text("''"))
    record_id: Mapped[int | None]
