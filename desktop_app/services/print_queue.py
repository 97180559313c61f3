"""The durable queue of labels: asked for once, printed once, and what may have printed is asked.

The database allows each step (models/sql/89_print_queue.sql); here are the use cases. Which
bytes go to the printer is the business of ``label_server``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound
from desktop_app.core.i18n import N_, Message
from desktop_app.database.arrays import number_array
from desktop_app.database.unit_of_work import UnitOfWork

TOPIC = "print_queue"
MOST_LABELS = 5_000
"""More at once is a mistake in a quantity, not a wish."""
HANDED_OVER = N_("Handed over; this printer cannot tell whether it came out.")
"""Detail of a ``sent`` label that stays so: its printer answers nothing."""
_HANGING = "(l.state = 'sending' OR (l.state = 'sent' AND l.detail = ''))"


@dataclass(frozen=True)
class PrintOrder:
    """Labels wanted: one per entry of ``labels`` (field values as texts).

    ``design`` is the design's JSON as it is now: changing it later does not change what is
    waiting. ``uuid`` is the screen's: a double click prints once.
    """

    device_id: int
    title: str
    design: Mapping[str, Any]
    labels: tuple[Mapping[str, str], ...]
    document_id: int | None = None
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class QueuedLabel:
    """A label to be sent now."""

    id: int
    job_id: int
    seq: int
    fields: Mapping[str, str]
    design: Mapping[str, Any]
    title: str


@dataclass(frozen=True)
class Pending:
    """Labels of a printer that wait to be sent, and those whose way nobody follows any more."""

    queued: int
    hanging: int


@dataclass(frozen=True)
class Question:
    """A job that waits until somebody has looked for one of its labels at the printer."""

    job_id: int
    label_id: int
    title: str
    seq: int
    printer: str


def questions(uow: UnitOfWork, workstation: str) -> tuple[Question, ...]:
    """The first label in doubt of each job that was asked for at this PC or is printed here."""
    return tuple(
        uow.all(
            Question,
            "SELECT DISTINCT ON (j.id) j.id, l.id, j.title, l.seq, d.name FROM print_label l"
            " JOIN print_job j ON j.id = l.job_id JOIN device d ON d.id = j.device_id"
            " WHERE l.state = 'uncertain' AND %s IN (d.workstation, j.workstation)"
            " ORDER BY j.id, l.seq",
            (workstation,),
        )
    )


def enqueue(uow: UnitOfWork, order: PrintOrder) -> int:
    """Put labels into a printer's queue. Returns the job's id; sent twice, queued once.

    Raises InvalidInput for none or too many, PermissionDenied.
    """
    known = uow.scalar("SELECT id FROM print_job WHERE uuid = %s", (str(order.uuid),))
    if known is not None:
        return int(known)
    if not 1 <= len(order.labels) <= MOST_LABELS:
        text = Message(N_("Between 1 and {most} labels at once."), {"most": MOST_LABELS})
        raise InvalidInput((FieldProblem("copies", text),))
    return _insert(uow, order, None, "")


def reprint(uow: UnitOfWork, job_id: int, seqs: Sequence[int], reason: str, uuid: UUID) -> int:
    """Print labels of a job again, marked as copies, with a reason that stays on record."""
    if not reason.strip():
        raise InvalidInput((FieldProblem("reason", Message(N_("Printing again needs a reason."))),))
    known = uow.scalar("SELECT id FROM print_job WHERE uuid = %s", (str(uuid),))
    if known is not None:
        return int(known)
    row = uow.execute(
        "SELECT device_id, title, design, document_id FROM print_job WHERE id = %s", (job_id,)
    ).fetchone()
    labels = uow.execute(
        "SELECT fields FROM print_label WHERE job_id = %s AND seq = ANY(%s) ORDER BY seq",
        (job_id, list(seqs)),
    ).fetchall()
    if row is None or not labels:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    mark = str(Message(N_("Copy")))
    order = PrintOrder(
        row[0], row[1], row[2], tuple({**f, "copy": mark} for (f,) in labels), row[3], uuid
    )
    return _insert(uow, order, job_id, reason.strip())


def _insert(uow: UnitOfWork, order: PrintOrder, copy_of: int | None, reason: str) -> int:
    job_id = uow.scalar(
        "INSERT INTO print_job (uuid, device_id, title, design, document_id, copy_of_id, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (uuid) DO NOTHING RETURNING id",
        (
            str(order.uuid),
            order.device_id,
            order.title,
            Jsonb(dict(order.design)),
            order.document_id,
            copy_of,
            reason,
        ),
    )
    if job_id is None:  # the same click came twice at once: the other one queued it
        return int(uow.scalar("SELECT id FROM print_job WHERE uuid = %s", (str(order.uuid),)))
    uow.execute(
        "INSERT INTO print_label (job_id, seq, fields) SELECT %s, n, f"
        " FROM unnest(%s::jsonb[]) WITH ORDINALITY AS u(f, n)",
        (job_id, [Jsonb(dict(values)) for values in order.labels]),
    )
    uow.touch(TOPIC, f"{TOPIC}:{order.device_id}")
    return int(job_id)


def claim(uow: UnitOfWork, device_id: int, most: int) -> list[QueuedLabel]:
    """The next labels of a printer, now in ``sending``. Only its own PC may ask."""
    labels = uow.all(
        QueuedLabel,
        "SELECT c.id, c.job_id, c.seq, c.fields, j.design, j.title FROM claim_labels(%s, %s) c"
        " JOIN print_job j ON j.id = c.job_id ORDER BY c.job_id, c.seq",
        (device_id, most),
    )
    if labels:
        uow.touch(TOPIC)
    return labels


def note(uow: UnitOfWork, label_ids: Sequence[int], state: str, detail: str = "") -> None:
    """Tell how far labels got; the database refuses what cannot be."""
    if label_ids:
        uow.execute(
            "UPDATE print_label SET state = %s, detail = %s WHERE id = ANY(%s::bigint[])",
            (state, detail, number_array(label_ids)),
        )
        uow.touch(TOPIC)


def waits(uow: UnitOfWork, device_id: int, why: str) -> int:
    """Why the labels of a printer still wait (its paper is out, its line is dead), for everybody
    who asked for them; only its own PC may tell. Returns how many did not say so yet.
    """
    told = uow.execute(
        "UPDATE print_label l SET detail = %s FROM print_job j WHERE j.id = l.job_id"
        " AND j.device_id = %s AND l.state = 'queued' AND l.detail <> %s",
        (why, device_id, why),
    ).rowcount
    if told:
        uow.touch(TOPIC)
    return told


def recover(uow: UnitOfWork, device_id: int) -> int:
    """What a program left behind that serves the printer no more may have come out: labels it
    was sending, and labels it waited for the printer to confirm. Only for the holder of the
    printer's seat (``printer_seat``). Returns how many are asked about.
    """
    found = uow.execute(
        "UPDATE print_label l SET state = 'uncertain', detail = CASE l.state WHEN 'sent' THEN %s"
        f" ELSE %s END FROM print_job j WHERE j.id = l.job_id AND j.device_id = %s AND {_HANGING}",
        (
            str(Message(N_("Nobody waited for the printer to confirm this label."))),
            str(Message(N_("The program stopped while this label was being sent."))),
            device_id,
        ),
    ).rowcount
    if found:
        uow.touch(TOPIC)
    return found


NOT_OUT = N_("Did not come out")
"""What stands beside a label that is printed again because a person missed it."""


def answer(uow: UnitOfWork, label_ids: Sequence[int], *, came_out: bool) -> None:
    """A person looked at the printer: these labels came out, or they are printed now."""
    text = Message(N_("Seen at the printer") if came_out else NOT_OUT)
    note(uow, label_ids, "confirmed" if came_out else "queued", str(text))


def cancel(uow: UnitOfWork, job_id: int) -> int:
    """What has not begun to print is not wanted any more. Returns how many labels."""
    count = uow.execute(
        "UPDATE print_label SET state = 'cancelled', detail = %s WHERE job_id = %s"
        " AND state IN ('queued', 'failed', 'uncertain')",
        (str(Message(N_("Not wanted any more"))), job_id),
    ).rowcount
    uow.touch(TOPIC)
    return count


def retry(uow: UnitOfWork, job_id: int) -> int:
    """Labels that failed before anything was sent go back into the queue. Returns how many."""
    count = uow.execute(
        "UPDATE print_label SET state = 'queued', detail = '' WHERE job_id = %s"
        " AND state = 'failed'",
        (job_id,),
    ).rowcount
    uow.touch(TOPIC)
    return count


def pending(uow: UnitOfWork, device_id: int) -> Pending:
    """What there is to do for a printer."""
    return uow.one(
        Pending,
        f"SELECT count(*) FILTER (WHERE l.state = 'queued'), count(*) FILTER (WHERE {_HANGING})"
        " FROM print_label l JOIN print_job j ON j.id = l.job_id WHERE j.device_id = %s"
        f" AND (l.state = 'queued' OR {_HANGING})",
        (device_id,),
    )
