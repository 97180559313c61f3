"""After counting: compare, ask for a recount, name causes, post the difference only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

from desktop_app.core.errors import ConfirmationRequired, InsufficientStock, RuleRefused, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.count_causes import CauseHint
from desktop_app.domain.counting import CAUSE_CODES, CLASS_TOLERANCE, needs_recount
from desktop_app.domain.posting import ActEntry, DocumentSnapshot
from desktop_app.queries import counting as queries, counting_causes
from desktop_app.queries.counting import ReviewRow
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents
from desktop_app.services.documents import ActCommand, DocumentRef

TOLERANCE_SETTING = "count.tolerance"
"""Company setting: ABC class to allowed share of the book, e.g. {"A": "0.005"}."""


@dataclass(frozen=True)
class CompareCount:
    """Compare now. ``mix_good`` adds so many good lines to the recount sheet, so that its
    being on the sheet tells nobody a line is wrong. ``confirmed`` answers questions."""

    document_id: int
    version: int | None = None
    mix_good: int = 0
    confirmed: frozenset[str] = frozenset()
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class ApproveCount:
    """Post the differences. ``leave_small`` leaves those within tolerance unposted."""

    document_id: int
    version: int | None = None
    leave_small: bool = False
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)


def compare(uow: UnitOfWork, command: CompareCount) -> DocumentRef:
    """Compare each counted line with the book as of its own counting second.

    First time, in a blind count: lines out of tolerance go to a recount by another
    person. Otherwise, and after the recount: on to review. Raises ConfirmationRequired
    ("uncounted", "not_recounted") while lines are open, RuleRefused when nothing was
    counted yet.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    snapshot = get_snapshot(uow, command.document_id)
    documents.step_of(snapshot, "compare")
    _ask_about_open(uow, snapshot, command)
    percents = {name: share * 100 for name, share in tolerances(uow).items()}
    uow.execute(
        "SELECT count_compare(%s, %s::text[], %s::numeric[])",
        (snapshot.id, list(percents), list(percents.values())),
    )
    verb = "compare"
    if snapshot.state == "counting" and queries.is_blind(uow, snapshot.id):
        wanted = _to_recount(queries.results(uow, snapshot.id), command)
        if wanted:
            uow.execute("UPDATE count_result SET recount = true WHERE line_id = ANY(%s)", (wanted,))
            verb = "ask_recount"
    documents.take_step(
        uow, snapshot, ActCommand(snapshot.id, verb, command.version, uuid=command.uuid)
    )
    uow.touch("count")
    return documents.finish(uow, snapshot.id)


def tolerances(uow: UnitOfWork) -> dict[str, Decimal]:
    """Allowed share of the book per ABC class: the company's, else the usual ones (N27)."""
    own = uow.scalar("SELECT value FROM setting WHERE key = %s", (TOLERANCE_SETTING,))
    given = own if isinstance(own, Mapping) else {}
    return {name: Decimal(str(given.get(name, usual))) for name, usual in CLASS_TOLERANCE.items()}


def set_cause(uow: UnitOfWork, line_id: int, code: str, note: str = "") -> None:
    """Say why a line differs, while the count is in review.

    Raises UserError for an unknown code, RuleRefused once the count is posted.
    """
    if code and code not in CAUSE_CODES:
        raise UserError(N_("There is no cause {code}."), code=code)
    changed = uow.scalar(
        "UPDATE count_result SET cause_code = %s, note = %s WHERE line_id = %s RETURNING document_id",
        (code, note.strip(), line_id),
    )
    if changed is None:
        raise RuleRefused(N_("This line was not counted, so it has no difference to explain."))
    uow.touch("count", f"document:{changed}")


def cause_hints(uow: UnitOfWork, document_id: int) -> dict[int, tuple[CauseHint, ...]]:
    """Line id to likely causes, likeliest first, for lines that differ (N28)."""
    return counting_causes.hints(uow, document_id)


def approve(uow: UnitOfWork, command: ApproveCount) -> DocumentRef:
    """Post what was counted minus the book at the counting second, line by line.

    Goods that moved after a line was counted stay as they are: only the difference is
    posted, an uncounted line never changes. Raises PermissionDenied when a counter
    approves, RuleRefused for a difference without cause or second count, and
    InsufficientStock when what is missing has left the place meanwhile.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    snapshot = get_snapshot(uow, command.document_id)
    documents.step_of(snapshot, "approve_count")
    rows = [row for row in queries.results(uow, snapshot.id) if row.difference != 0]
    if command.leave_small:
        rows = [row for row in rows if needs_recount(row.record())]
    entries = _entries(uow, snapshot, rows)
    act = ActCommand(
        snapshot.id,
        "approve_count",
        command.version,
        entries,
        {"differences": len(rows)},
        command.reason,
        command.uuid,
    )
    try:
        documents.take_step(uow, snapshot, act)
    except InsufficientStock as short:
        raise _gone(short, rows) from short
    uow.touch("count")
    return documents.finish(uow, snapshot.id)


def _ask_about_open(uow: UnitOfWork, snapshot: DocumentSnapshot, command: CompareCount) -> None:
    progress = queries.progress(uow, snapshot.id)
    if progress.counted == 0:
        raise RuleRefused(N_("Nothing was counted yet."))
    if snapshot.state == "counting" and progress.counted < progress.lines:
        if "uncounted" not in command.confirmed:
            raise ConfirmationRequired(
                "uncounted",
                N_(
                    "{count} lines are not counted yet; they will stay as they are. Compare anyway?"
                ),
                count=progress.lines - progress.counted,
            )
    elif (
        snapshot.state == "recount"
        and progress.recounted < progress.to_recount
        and "not_recounted" not in command.confirmed
    ):
        raise ConfirmationRequired(
            "not_recounted",
            N_(
                "{count} lines were not recounted; what only one person saw is not posted and they"
                " drop out. Go on?"
            ),
            count=progress.to_recount - progress.recounted,
        )


def _to_recount(rows: Sequence[ReviewRow], command: CompareCount) -> list[int]:
    wrong = [row.line_id for row in rows if needs_recount(row.record())]
    if not wrong:
        return []
    good = sorted(row.line_id for row in rows if not needs_recount(row.record()))
    mixed = Random(command.uuid.int).sample(good, min(command.mix_good, len(good)))
    return sorted([*wrong, *mixed])


def _entries(
    uow: UnitOfWork, snapshot: DocumentSnapshot, rows: Sequence[ReviewRow]
) -> tuple[ActEntry, ...]:
    elsewhere = snapshot.places["difference"]
    boxes = queries.boxes_at(uow, [row.line_id for row in rows if row.difference < 0])
    entries: list[ActEntry] = []
    for row in rows:
        if row.difference > 0:
            entries.append(
                ActEntry(
                    row.line_id,
                    row.difference,
                    row.lot_id,
                    from_location_id=elsewhere,
                    to_location_id=row.location_id,
                )
            )
            continue
        entries += [
            ActEntry(row.line_id, qty, row.lot_id, box_id, row.location_id, elsewhere)
            for box_id, qty in _from_boxes(-row.difference, boxes.get(row.line_id, ()))
        ]
    return tuple(entries)


def _from_boxes(
    missing: Decimal, boxes: Sequence[tuple[int, Decimal]]
) -> list[tuple[int, Decimal]]:
    """Loose goods first, then box by box; what nothing covers is asked of the loose ones."""
    taken: list[tuple[int, Decimal]] = []
    for box_id, there in boxes:
        if missing <= 0:
            break
        part = min(missing, there)
        if part > 0:
            taken.append((box_id, part))
            missing -= part
    if missing > 0:
        loose = dict(taken).get(0, Decimal(0))
        taken = [(0, loose + missing), *[pair for pair in taken if pair[0] != 0]]
    return taken


def _gone(short: InsufficientStock, rows: Sequence[ReviewRow]) -> InsufficientStock:
    if not short.shortages or short.shortages[0].holders or short.shortages[0].line_no is None:
        return short
    first = short.shortages[0]
    row = next((row for row in rows if row.line_no == first.line_no), None)
    if row is None:
        return short
    return InsufficientStock(
        N_(
            "Line {line} {item}: {missing} were missing at {place} when it was counted, but only"
            " {available} are left there now: goods left after the count. Nothing was posted;"
            " void this count and count the place again."
        ),
        short.shortages,
        line=first.line_no,
        item=first.item_code,
        place=row.location_code,
        missing=f"{-row.difference.normalize():f}",
        available=f"{Decimal(first.available).normalize():f}",
    )
