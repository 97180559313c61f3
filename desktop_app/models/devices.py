"""Devices of the workstations, label designs, the durable print queue, scale checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.models.base import Base, BigInt, Id, Login, Stamp

_WORKSTATION = text("coalesce(current_setting('stockproof.workstation', true), '')")


class Device(Base):
    """A scanner, scale, label printer or camera attached to one workstation.

    ``identity`` is what stays when it is plugged in elsewhere (USB serial number, address);
    ``settings`` holds protocol, transport and profile as their registries read them.
    """

    __tablename__ = "device"
    __table_args__ = (
        UniqueConstraint("workstation", "name"),
        CheckConstraint("kind in ('scanner', 'scale', 'printer', 'camera')", name="kind_known"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    workstation: Mapped[str] = mapped_column(server_default=_WORKSTATION)
    identity: Mapped[str] = mapped_column(server_default=text("''"))
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class LabelDesignRow(Base):
    """A label design as JSON; ``kind`` is item, bin, box, lot, shipping or person."""

    __tablename__ = "label_design"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    design: Mapped[dict[str, Any]]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class PrintJob(Base):
    """Labels asked for together. ``uuid`` is the screen's: a double click prints once.

    ``copy_of_id`` marks a reprint, which needs a ``reason``. The design is kept as it was.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint("copy_of_id is null or reason <> ''", name="reprint_has_reason"),
    )
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(unique=True)
    device_id: Mapped[BigInt] = mapped_column(ForeignKey("device.id"), index=True)
    title: Mapped[str]
    design: Mapped[dict[str, Any]]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("print_job.id"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    requested_by: Mapped[Login]
    workstation: Mapped[str] = mapped_column(server_default=_WORKSTATION)
    at: Mapped[Stamp]


class PrintLabel(Base):
    """One label of a job and how far it got.

    queued → sending → sent → confirmed; a break while sending makes it uncertain, and a
    person answers whether it came out (confirmed) or not (queued again); failed and
    cancelled never printed.
    """

    __tablename__ = "print_label"
    __table_args__ = (
        CheckConstraint(
            "state in ('queued', 'sending', 'sent', 'confirmed', 'uncertain', 'failed',"
            " 'cancelled')",
            name="state_known",
        ),
        UniqueConstraint("job_id", "seq"),
        Index(
            "ix_print_label_open",
            "job_id",
            "seq",
            # A printer that cannot answer leaves all its labels ``sent``: these are done with.
            postgresql_where=text(
                "state in ('queued', 'sending', 'uncertain') or (state = 'sent' and detail = '')"
            ),
        ),
    )
    id: Mapped[Id]
    job_id: Mapped[BigInt] = mapped_column(ForeignKey("print_job.id"))
    seq: Mapped[int]
    fields: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    detail: Mapped[str] = mapped_column(server_default=text("''"))
    changed_by: Mapped[Login]
    changed_at: Mapped[Stamp]


class PrintEvent(Base):
    """Every step of every label, append-only: what was sent when, who answered what."""

    __tablename__ = "print_event"
    id: Mapped[Id]
    label_id: Mapped[BigInt] = mapped_column(ForeignKey("print_label.id"), index=True)
    at: Mapped[Stamp]
    actor: Mapped[Login]
    workstation: Mapped[str] = mapped_column(server_default=_WORKSTATION)
    from_state: Mapped[str]
    to_state: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default=text("''"))


class ScaleCheck(Base):
    """A daily check of a scale with a test weight; append-only."""

    __tablename__ = "scale_check"
    id: Mapped[Id]
    device_id: Mapped[BigInt] = mapped_column(ForeignKey("device.id"), index=True)
    test_weight_g: Mapped[Decimal]
    shown_g: Mapped[Decimal]
    tolerance_g: Mapped[Decimal]
    passed: Mapped[bool]
    checked_by: Mapped[Login]
    workstation: Mapped[str] = mapped_column(server_default=_WORKSTATION)
    at: Mapped[Stamp]
