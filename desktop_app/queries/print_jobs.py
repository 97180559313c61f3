"""The print queue as lists: jobs with how far they are, and the labels of one job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.domain.label_design import KIND_TITLES
from desktop_app.queries.listing import Column, ListSpec, person_name

KINDS = {kind.value: title for kind, title in KIND_TITLES.items()}
STATES = {
    "queued": N_("Waiting"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "confirmed": N_("Printed"),
    "uncertain": N_("Did it come out?"),
    "failed": N_("Failed"),
    "cancelled": N_("Cancelled"),
}


def _count(name: str, title: str, condition: str) -> Column:
    sql = f"(SELECT count(*) FROM print_label l WHERE l.job_id = j.id AND {condition})"
    return Column(name, title, sql, Editor.INTEGER, width=10)


PRINT_JOBS = ListSpec(
    id="list:print_job",
    title=N_("Label queue"),
    columns=(
        Column("at", N_("When"), "j.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("title", N_("Labels"), "j.title", width=30),
        Column("printer", N_("Printer"), "d.name", width=16),
        Column("workstation", N_("PC"), "d.workstation", width=14),
        _count("labels", N_("Number of labels"), "true"),
        _count("done", N_("Printed"), "l.state IN ('confirmed', 'sent')"),
        _count("waiting", N_("Waiting"), "l.state IN ('queued', 'sending')"),
        _count("asked", N_("Did it come out?"), "l.state = 'uncertain'"),
        _count("failed", N_("Failed"), "l.state = 'failed'"),
        Column("reason", N_("Printed again because"), "nullif(j.reason, '')", width=20),
        Column("requested_by", N_("Who"), person_name("j.requested_by"), width=12),
        Column("asked_at", N_("From PC"), "j.workstation", width=14),
    ),
    source="print_job j JOIN device d ON d.id = j.device_id",
    key="j.id",
    opens="print_job",
    search=("j.title", "d.name", person_name("j.requested_by")),
    topics=("print_queue",),
    descending=True,
)


LABEL_DESIGNS = ListSpec(
    id="list:label_design",
    title=N_("Label designs"),
    columns=(
        Column("name", N_("Name"), "e.name", width=30, never_null=True),
        Column("kind", N_("What the label is for"), "e.kind", Editor.CHOICE, labels=KINDS),
        Column("width", N_("Width, mm"), "(e.design->>'width_mm')::numeric", Editor.QUANTITY),
        Column("height", N_("Height, mm"), "(e.design->>'height_mm')::numeric", Editor.QUANTITY),
        Column("is_default", N_("Usual one"), "e.is_default", Editor.YES_NO, width=9),
    ),
    source="label_design e",
    key="e.id",
    opens="label_designer",
    search=("e.name",),
    topics=("label_design",),
    sort="name",
    where="e.is_active",
)


@dataclass(frozen=True)
class JobHead:
    """A job: what, where, by whom; ``copy_of`` names the job it repeats."""

    id: int
    title: str
    printer: str
    workstation: str
    requested_by: str
    at: datetime
    copy_of: int | None
    reason: str
    design: Any


@dataclass(frozen=True)
class LabelRow:
    """A label of a job."""

    id: int
    seq: int
    fields: dict[str, str]
    state: str
    detail: str
    changed_by: str
    changed_at: datetime


def job(uow: UnitOfWork, job_id: int) -> tuple[JobHead, list[LabelRow]]:
    """A job with its labels. Raises NotFound."""
    head = uow.one(
        JobHead,
        "SELECT j.id, j.title, d.name, d.workstation,"
        f" {person_name('j.requested_by')}, j.at, j.copy_of_id, j.reason, j.design FROM print_job j JOIN device d ON d.id = j.device_id"
        " WHERE j.id = %s",
        (job_id,),
    )
    labels = uow.all(
        LabelRow,
        f"SELECT l.id, seq, fields, state, detail, {person_name('l.changed_by')}, changed_at"
        " FROM print_label l WHERE job_id = %s ORDER BY seq",
        (job_id,),
    )
    return head, labels
