"""Planning a blind count: a provable draw of items and all their places."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import counting
from desktop_app.queries import counting as queries
from desktop_app.services import documents
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

SEED_LIMIT = 10**10
LARGEST_SAMPLE = 2000


@dataclass(frozen=True)
class PlanCount:
    """What to draw from and how much.

    ``seed`` None lets the program roll one (recorded); a team that throws dice gives it.
    Empty filters draw from everything in the warehouse; ``bin_prefix`` limits places to
    bins whose code begins so. ``recent_days``: emptied places moved since are listed too,
    because a wrong book may well say 0.
    """

    warehouse_id: int
    sample_size: int = 20
    seed: int | None = None
    blind: bool = True
    item_ids: tuple[int, ...] = ()
    abc_classes: tuple[str, ...] = ()
    bin_prefix: str = ""
    recent_days: int = 90
    remark: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class DrawProof:
    """The draw repeated from what was recorded: ``holds`` when it gives the same items."""

    seed: int
    seed_given: bool
    candidates: int
    sample_size: int
    drawn: tuple[int, ...]
    planned: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """True when seed and candidates lead to exactly the items of the plan."""
        return self.drawn == self.planned


def plan(uow: UnitOfWork, command: PlanCount) -> DocumentRef:
    """Draw items at random and write the count: one line per item, bin and lot.

    Lines follow the walking route. Seed and candidates are recorded with the plan, so
    that :func:`verify_draw` can repeat the draw. Raises InvalidInput when nothing can be
    drawn, PermissionDenied.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    _check(command)
    scope = _scope(command)
    candidates = queries.candidates(uow, scope)
    if not candidates:
        raise InvalidInput(
            (
                FieldProblem(
                    "warehouse_id",
                    Message(N_("Nothing to draw from: no stock and no recent movement matches.")),
                ),
            )
        )
    seed = secrets.randbelow(SEED_LIMIT) if command.seed is None else command.seed
    drawn = counting.draw(candidates, command.sample_size, seed)
    lines = tuple(
        {"item_id": place.item_id, "location_id": place.location_id, "lot_id": place.lot_id}
        for place in queries.places_of(uow, scope, drawn)
    )
    head = {
        "warehouse_id": command.warehouse_id,
        "sample_size": command.sample_size,
        "seed": seed,
        "candidates": len(candidates),
        "blind": command.blind,
        "remark": command.remark,
    }
    made = documents.create(uow, Draft("stock_count", head, lines, uuid=command.uuid))
    uow.execute(
        "INSERT INTO count_draw (document_id, seed_given, scope, item_ids) VALUES (%s, %s, %s, %s)",
        (made.id, command.seed is not None, Jsonb(dict(scope)), list(candidates)),
    )
    uow.touch("count")
    return made


def start(
    uow: UnitOfWork, document_id: int, version: int | None = None, uuid: UUID | None = None
) -> DocumentRef:
    """Open the count for entries. Raises TransitionRefused, StaleDocument."""
    uow.touch("count")
    return documents.act(uow, ActCommand(document_id, "start", version, uuid=uuid or uuid4()))


def plan_and_start(uow: UnitOfWork, command: PlanCount) -> DocumentRef:
    """Plan and open at once: the team walks off unannounced."""
    made = plan(uow, command)
    return start(uow, made.id, made.version) if made.state == "planned" else made


def verify_draw(uow: UnitOfWork, document_id: int) -> DrawProof:
    """Repeat the draw from the recorded seed and candidates. Raises NotFound."""
    record = queries.draw_record(uow, document_id)
    drawn = counting.draw(record.item_ids, record.sample_size, record.seed)
    return DrawProof(
        record.seed,
        record.seed_given,
        len(record.item_ids),
        record.sample_size,
        tuple(sorted(drawn)),
        tuple(sorted(record.planned)),
    )


def _check(command: PlanCount) -> None:
    problems = []
    if not 1 <= command.sample_size <= LARGEST_SAMPLE:
        problems.append(
            FieldProblem(
                "sample_size",
                Message(N_("Draw between 1 and {limit} items."), {"limit": LARGEST_SAMPLE}),
            )
        )
    if command.seed is not None and not 0 <= command.seed < 2**63:
        problems.append(
            FieldProblem("seed", Message(N_("The seed is a whole number from 0 to 18 digits.")))
        )
    if problems:
        raise InvalidInput(tuple(problems))


def _scope(command: PlanCount) -> Mapping[str, Any]:
    return {
        "warehouse_id": command.warehouse_id,
        "item_ids": sorted(command.item_ids),
        "abc_classes": sorted(command.abc_classes),
        "bin_prefix": command.bin_prefix,
        "recent_days": command.recent_days,
    }
