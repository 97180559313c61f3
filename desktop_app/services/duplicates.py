"""Merging records that are one and the same, or saying that they are not.

The one merged away keeps its code, its documents and its history; scans and searches for it
find the other. There is no way back: a merge is a decision, not a step that is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from desktop_app.core.errors import EvidenceMissing, RuleRefused
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry
from desktop_app.queries.duplicates import MergePlan, item_plan
from desktop_app.services import bills_of_material, documents

DUPLICATE = "duplicate:"
"""How a "not a duplicate" is remembered among the waivers, before the other's id."""


@dataclass(frozen=True)
class _Stock:
    """Goods of the item merged away at one place."""

    warehouse_id: int | None
    place_id: int
    place: str
    lot_id: int
    new_lot_id: int | None
    box_id: int
    qty: Any


def merge_items(
    uow: UnitOfWork, keep: int, lose: int, reason: str, *, uuid: UUID | None = None
) -> tuple[str, ...]:
    """Make ``lose`` one with ``keep``: barcodes, partners' codes, units, missing prices, drafts
    and stock go over; ``lose`` is retired under its code. Returns the numbers of the documents
    that moved stock (none without stock). Sent twice it is done once.

    Raises EvidenceMissing without a reason, RuleRefused naming open documents or differing
    units, BOMLoop when one is made from the other, StaleDocument, PermissionDenied.
    """
    _need(reason)
    uow.execute("SELECT 1 FROM item WHERE id = ANY(%s) ORDER BY id FOR UPDATE", ([keep, lose],))
    if _is_merged(uow, "item", keep, lose):
        return ()
    plan = item_plan(uow, keep, lose)
    _refuse(plan)
    numbers = _move_stock(uow, keep, lose, reason, uuid or uuid4())
    _retire(uow, "item", keep, lose)
    uow.execute("SELECT merge_item_parts(%s, %s)", (keep, lose))
    bills_of_material.refuse_loop(uow, keep)
    uow.touch("item", "stock", "bom")
    return numbers


def merge_parties(uow: UnitOfWork, keep: int, lose: int, reason: str) -> None:
    """Make partner ``lose`` one with ``keep``: documents keep their partner, new ones find
    ``keep``. Raises like :func:`merge_items`; a subcontractor with goods is refused.
    """
    _need(reason)
    uow.execute("SELECT 1 FROM party WHERE id = ANY(%s) ORDER BY id FOR UPDATE", ([keep, lose],))
    if _is_merged(uow, "party", keep, lose):
        return
    held = uow.scalar(
        "SELECT string_agg(DISTINCT i.code, ', ') FROM location l JOIN stock_balance b"
        " ON b.location_id = l.id AND b.on_hand > 0 JOIN item i ON i.id = b.item_id"
        " WHERE l.party_id = %s",
        (lose,),
    )
    if held:
        raise RuleRefused(
            N_("Goods still lie at this partner: {items}. Bring them back first."), items=held
        )
    _retire(uow, "party", keep, lose)
    uow.execute("SELECT merge_party_parts(%s, %s)", (keep, lose))
    uow.touch("party", "item")


def not_a_duplicate(uow: UnitOfWork, record: str, first: int, other: int, reason: str) -> None:
    """Remember that the two are different things: the pair is not offered again.

    Raises EvidenceMissing without a reason, PermissionDenied.
    """
    _need(reason)
    low, high = sorted((first, other))
    _waive(uow, record, low, f"{DUPLICATE}{high}", reason)


def accept_missing(
    uow: UnitOfWork, record: str, record_id: int, parameter: str, reason: str
) -> None:
    """This parameter may stay missing, for a reason. Raises like :func:`not_a_duplicate`."""
    _need(reason)
    _waive(uow, record, record_id, parameter, reason)


def _waive(uow: UnitOfWork, record: str, record_id: int, parameter: str, reason: str) -> None:
    uow.execute(
        "INSERT INTO parameter_waiver (record, record_id, parameter, reason)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (record, record_id, parameter, reason.strip()),
    )
    uow.touch("waiver")


def _need(reason: str) -> None:
    if not reason.strip():
        raise EvidenceMissing(N_("A reason is needed."))


def _is_merged(uow: UnitOfWork, table: str, keep: int, lose: int) -> bool:
    """Whether it was done already. Raises RuleRefused when either belongs to a third one."""
    there: dict[int, int | None] = dict(
        uow.execute(
            f"SELECT id, merged_into_id FROM {table} WHERE id = ANY(%s)", ([keep, lose],)
        ).fetchall()
    )
    if there.get(lose) == keep:
        return True
    if keep == lose or len(there) < 2 or any(there.values()):
        raise RuleRefused(N_("One of the two was merged already. Open the list again."))
    return False


def _refuse(plan: MergePlan) -> None:
    if plan.blockers:
        raise RuleRefused(
            N_("{code} is still used by {documents}. Finish or close these first."),
            code=plan.lose_code,
            documents=", ".join(plan.blockers[:8]),
        )
    if plan.stock and plan.uom_differs:
        raise RuleRefused(N_("The two are counted in different units and there is stock."))
    if plan.tracking_differs and plan.stock:
        raise RuleRefused(N_("The two are tracked differently and there is stock."))
    # A number typed in pieces must not become kilograms, nor goods without a lot some with.
    if plan.uom_differs and (plan.drafts or plan.boms):
        raise RuleRefused(
            N_(
                "The two are counted in different units, and {documents} count in that of {code}."
                " Change these first."
            ),
            code=plan.lose_code,
            documents=", ".join((*plan.drafts, *plan.boms)[:8]),
        )
    if plan.tracking_differs and plan.drafts:
        raise RuleRefused(
            N_("The two are tracked differently, and {documents} name {code}. Finish these first."),
            code=plan.lose_code,
            documents=", ".join(plan.drafts[:8]),
        )


def _retire(uow: UnitOfWork, table: str, keep: int, lose: int) -> None:
    uow.execute(
        f"UPDATE {table} SET merged_into_id = %s, is_active = false, version = version + 1"
        " WHERE id = %s",
        (keep, lose),
    )


_STOCK = (
    "SELECT l.warehouse_id, l.id, l.code, b.lot_id, CASE WHEN b.lot_id = 0 THEN 0 ELSE k.id END,"
    " b.box_id, b.on_hand FROM stock_balance b JOIN location l ON l.id = b.location_id"
    " JOIN lot o ON o.id = b.lot_id LEFT JOIN lot k ON k.item_id = %(keep)s AND k.code = o.code"
    " WHERE b.item_id = %(lose)s AND b.on_hand > 0 ORDER BY l.warehouse_id, l.id, b.lot_id, b.box_id"
)


def _move_stock(uow: UnitOfWork, keep: int, lose: int, reason: str, uuid: UUID) -> tuple[str, ...]:
    """One document for each warehouse with goods; a place outside of them is in the way."""
    _copy_lots(uow, keep, lose)
    stock = uow.all(_Stock, _STOCK, {"keep": keep, "lose": lose})
    outside = [row.place for row in stock if row.warehouse_id is None]
    if outside:
        raise RuleRefused(
            N_("Goods are on the way or with a partner: {places}. Bring them back first."),
            places=", ".join(sorted(set(outside))),
        )
    process = uow.scalar("SELECT id FROM location WHERE kind = 'process' ORDER BY id LIMIT 1")
    numbers = []
    for warehouse in dict.fromkeys(row.warehouse_id for row in stock):
        rows = [row for row in stock if row.warehouse_id == warehouse]
        numbers.append(_post(uow, keep, lose, rows, process, reason, uuid))
        uuid = uuid4()
    return tuple(numbers)


def _copy_lots(uow: UnitOfWork, keep: int, lose: int) -> None:
    """The survivor gets the lots with goods; the same number with another expiry is refused."""
    uow.execute(
        "INSERT INTO lot (item_id, code, expires_at, made_at, held)"
        " SELECT %s, o.code, o.expires_at, o.made_at, o.held FROM lot o WHERE o.item_id = %s"
        " AND EXISTS (SELECT 1 FROM stock_balance b WHERE b.lot_id = o.id AND b.on_hand > 0)"
        " ON CONFLICT (item_id, code) DO NOTHING",
        (keep, lose),
    )
    other = uow.scalar(
        "SELECT string_agg(o.code, ', ') FROM lot o JOIN lot k ON k.code = o.code"
        " WHERE o.item_id = %s AND k.item_id = %s AND (k.expires_at, k.held)"
        " IS DISTINCT FROM (o.expires_at, o.held)",
        (lose, keep),
    )
    if other:
        raise RuleRefused(
            N_("Both have lots {lots} with another expiry or hold. Put these right first."),
            lots=other,
        )


def _post(
    uow: UnitOfWork,
    keep: int,
    lose: int,
    rows: list[_Stock],
    process: int,
    reason: str,
    uuid: UUID,
) -> str:
    lines: list[dict[str, Any]] = []
    entries: list[ActEntry] = []
    for row in rows:
        for item, lot, start, end in (
            (lose, row.lot_id, row.place_id, process),
            (keep, row.new_lot_id or 0, process, row.place_id),
        ):
            lines.append({"item_id": item, "qty": row.qty, "lot_id": lot})
            entries.append(ActEntry(len(lines), row.qty, lot, row.box_id, start, end))
    draft = documents.Draft(
        "item_merge", {"warehouse_id": rows[0].warehouse_id}, tuple(lines), uuid=uuid
    )
    command = documents.ActCommand(0, "merge", entries=tuple(entries), reason=reason)
    return documents.create_and_act(uow, draft, command).number
