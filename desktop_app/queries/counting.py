"""Counts as screens and services read them: candidates, tasks, sheets, results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.counting import CountedRecord
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.items import units_of

# Places in scope: with stock, or emptied lately (a book of 0 may be wrong too). Serial
# numbers that left are not looked for: each would be a line of its own.
_PLACES = """
WITH recent AS (
  SELECT DISTINCT m.item_id, m.lot_id, side.location_id
  FROM stock_move m CROSS JOIN LATERAL (VALUES (m.from_location_id), (m.to_location_id))
       AS side(location_id)
  WHERE m.at > now() - %(recent_days)s * interval '1 day'
    AND (cardinality(%(item_ids)s::bigint[]) = 0 OR m.item_id = ANY(%(item_ids)s))
), place AS (
  SELECT b.item_id, b.location_id, b.lot_id
  FROM stock_balance b JOIN location l ON l.id = b.location_id JOIN item i ON i.id = b.item_id
  LEFT JOIN recent r ON r.item_id = b.item_id AND r.lot_id = b.lot_id
       AND r.location_id = b.location_id
  WHERE l.warehouse_id = %(warehouse_id)s AND l.kind IN ('bin', 'receiving')
    AND (cardinality(%(item_ids)s::bigint[]) = 0 OR b.item_id = ANY(%(item_ids)s))
    AND (cardinality(%(abc_classes)s::text[]) = 0 OR i.abc_class = ANY(%(abc_classes)s))
    AND starts_with(l.code, %(bin_prefix)s)
    AND (b.on_hand > 0 OR (r.item_id IS NOT NULL AND i.tracking <> 'serial'))
  GROUP BY 1, 2, 3)
"""
_TASKS = """
SELECT t.document_id, t.number, t.line_id, t.line_no, t.location_id, t.location_code, t.item_id,
       t.item_code, t.item_name, t.spec, t.uom, t.uom_decimals, t.lot_id, t.lot_code, t.round,
       t.entered_qty, t.is_counted, t.was_mine, t.warehouse,
       coalesce((SELECT array_agg(b.barcode ORDER BY b.barcode) FROM item_barcode b
                 WHERE b.item_id = t.item_id), '{}'),
       coalesce((SELECT array_agg(b.factor ORDER BY b.barcode) FROM item_barcode b
                 WHERE b.item_id = t.item_id), '{}'),
       coalesce((SELECT array_agg(b.unit ORDER BY b.barcode) FROM item_barcode b
                 WHERE b.item_id = t.item_id), '{}')
FROM count_task t
WHERE (%(document)s::bigint IS NULL OR t.document_id = %(document)s)
  AND (%(line)s::bigint IS NULL OR t.line_id = %(line)s)
ORDER BY t.document_id, CASE t.round WHEN 1 THEN 0 ELSE hashint8(t.line_id) END,
         t.route_seq, t.location_code, t.item_code, t.lot_code
"""
_ROWS = """
SELECT l.id, l.line_no, l.location_id, p.code, l.item_id, i.code, i.name, i.spec, i.uom,
       i.uom_decimals, l.lot_id, o.code, i.abc_class, e1.qty, coalesce(u1.display_name, e1.counted_by),
       e1.counted_at, e2.qty, coalesce(u2.display_name, e2.counted_by), e2.counted_at,
       c.book_qty, c.counted_qty, c.tolerance_pct, coalesce(c.recount, false),
       coalesce(c.cause_code, ''), coalesce(c.note, ''), {cost},
       coalesce(e2.evidence, e1.evidence, '{}'::jsonb)
FROM document_line l JOIN item i ON i.id = l.item_id JOIN location p ON p.id = l.location_id
JOIN lot o ON o.id = l.lot_id
LEFT JOIN count_entry e1 ON e1.line_id = l.id AND e1.round = 1
LEFT JOIN count_entry e2 ON e2.line_id = l.id AND e2.round = 2
LEFT JOIN app_user u1 ON u1.login = e1.counted_by LEFT JOIN app_user u2 ON u2.login = e2.counted_by
LEFT JOIN count_result c ON c.line_id = l.id
WHERE l.document_id = %s ORDER BY l.line_no
"""
_COST = "coalesce((SELECT k.average FROM item_cost k WHERE k.item_id = l.item_id), 0)"


@dataclass(frozen=True)
class PlaceRow:
    """One line of a plan to be."""

    item_id: int
    location_id: int
    lot_id: int


@dataclass(frozen=True)
class TaskRow:
    """One place to count as the counter sees it: no quantity but the own entry.

    ``barcodes``, ``factors`` and ``barcode_units`` go together: one scan of a barcode means
    one such unit ("": the base unit), ``factor`` base units; ``units`` are those a quantity
    may be typed in. ``was_mine``: this login counted it first and must not recount it.
    """

    document_id: int
    number: str
    line_id: int
    line_no: int
    location_id: int
    location_code: str
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    lot_id: int
    lot_code: str
    round: int
    entered_qty: Decimal | None
    is_counted: bool
    was_mine: bool
    warehouse: str
    barcodes: Sequence[str] = ()
    factors: Sequence[Decimal] = ()
    barcode_units: Sequence[str] = ()
    units: ItemUnits | None = None


@dataclass(frozen=True)
class DrawRecord:
    """What was recorded about a draw; ``planned`` are the items of the lines."""

    seed: int
    sample_size: int
    seed_given: bool
    item_ids: Sequence[int]
    planned: Sequence[int]


@dataclass(frozen=True)
class Progress:
    """How far a count is, in lines."""

    lines: int
    counted: int
    to_recount: int
    recounted: int


@dataclass(frozen=True)
class ReviewRow:
    """A line in review. Quantities in base units; ``unit_cost`` None without the right.

    ``book_qty`` is the ledger as of the second of the last count; None: not compared.
    ``evidence`` tells what the scale showed in the last count.
    """

    line_id: int
    line_no: int
    location_id: int
    location_code: str
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    lot_id: int
    lot_code: str
    abc_class: str
    first_qty: Decimal | None
    first_by: str | None
    first_at: datetime | None
    second_qty: Decimal | None
    second_by: str | None
    second_at: datetime | None
    book_qty: Decimal | None
    counted_qty: Decimal | None
    tolerance_pct: Decimal | None
    recount: bool
    cause_code: str
    note: str
    unit_cost: Decimal | None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def difference(self) -> Decimal:
        """Counted − book; 0 while it was not compared."""
        if self.counted_qty is None or self.book_qty is None:
            return Decimal(0)
        return self.counted_qty - self.book_qty

    @property
    def value(self) -> Decimal | None:
        """The difference in money; None without the right to see costs."""
        return None if self.unit_cost is None else self.difference * self.unit_cost

    def record(self) -> CountedRecord:
        """The line as the pure rules take it."""
        return CountedRecord(
            self.book_qty or Decimal(0),
            self.counted_qty or Decimal(0),
            self.abc_class,
            self.unit_cost or Decimal(0),
            None if self.tolerance_pct is None else self.tolerance_pct / 100,
        )


@dataclass(frozen=True)
class FoundRow:
    """Goods reported at a place where the count had no line for them."""

    location_code: str
    item_code: str | None
    item_name: str | None
    note: str
    qty: Decimal
    counted_by: str
    counted_at: datetime


def candidates(uow: UnitOfWork, scope: Mapping[str, Any]) -> list[int]:
    """Item ids that may be drawn, ascending."""
    rows = uow.execute(
        _PLACES + "SELECT DISTINCT item_id FROM place ORDER BY 1", dict(scope)
    ).fetchall()
    return [row[0] for row in rows]


def places_of(uow: UnitOfWork, scope: Mapping[str, Any], items: Sequence[int]) -> list[PlaceRow]:
    """Every place and lot of the drawn items, in walking order."""
    return uow.all(
        PlaceRow,
        _PLACES + "SELECT place.item_id, place.location_id, place.lot_id FROM place"
        " JOIN location l ON l.id = place.location_id JOIN item i ON i.id = place.item_id"
        " JOIN lot o ON o.id = place.lot_id ORDER BY l.route_seq, l.code, i.code, o.code",
        {**scope, "item_ids": list(items)},
    )


def draw_record(uow: UnitOfWork, document_id: int) -> DrawRecord:
    """The recorded draw of a count. Raises NotFound."""
    return uow.one(
        DrawRecord,
        "SELECT p.seed, p.sample_size, w.seed_given, w.item_ids, coalesce((SELECT"
        " array_agg(DISTINCT l.item_id) FROM document_line l WHERE l.document_id = p.document_id),"
        " '{}') FROM count_plan p JOIN count_draw w ON w.document_id = p.document_id"
        " WHERE p.document_id = %s",
        (document_id,),
    )


def tasks(uow: UnitOfWork, document_id: int | None = None) -> tuple[TaskRow, ...]:
    """Open places: in walking order, a recount in an order of its own."""
    rows = uow.all(TaskRow, _TASKS, {"document": document_id, "line": None})
    units = units_of(uow, (row.item_id for row in rows))
    return tuple(replace(row, units=units.get(row.item_id)) for row in rows)


def task(uow: UnitOfWork, line_id: int) -> TaskRow | None:
    """One open place, or None when it is not (or no longer) to be counted."""
    return uow.find(TaskRow, _TASKS, {"document": None, "line": line_id})


def id_of(uow: UnitOfWork, number: str) -> int:
    """The count of that number. Raises NotFound."""
    return uow.one(
        int, "SELECT id FROM document WHERE number = %s AND kind = 'stock_count'", (number,)
    )


def is_blind(uow: UnitOfWork, document_id: int) -> bool:
    """Whether the count is a blind one."""
    return bool(uow.scalar("SELECT blind FROM count_plan WHERE document_id = %s", (document_id,)))


def progress(uow: UnitOfWork, document_id: int) -> Progress:
    """How many lines are counted and recounted."""
    return uow.one(
        Progress,
        "SELECT count(*), count(e1.id), count(*) FILTER (WHERE c.recount),"
        " count(e2.id) FILTER (WHERE c.recount) FROM document_line l"
        " LEFT JOIN count_entry e1 ON e1.line_id = l.id AND e1.round = 1"
        " LEFT JOIN count_entry e2 ON e2.line_id = l.id AND e2.round = 2"
        " LEFT JOIN count_result c ON c.line_id = l.id WHERE l.document_id = %s",
        (document_id,),
    )


def sees_costs(uow: UnitOfWork) -> bool:
    """Whether this login may read costs."""
    return bool(uow.scalar("SELECT has_table_privilege('item_cost', 'SELECT')"))


def review_rows(uow: UnitOfWork, document_id: int) -> list[ReviewRow]:
    """Every line of a count, compared or not."""
    cost = _COST if sees_costs(uow) else "NULL::numeric"
    return uow.all(ReviewRow, _ROWS.replace("{cost}", cost), (document_id,))


def results(uow: UnitOfWork, document_id: int) -> list[ReviewRow]:
    """The compared lines of a count."""
    return [row for row in review_rows(uow, document_id) if row.book_qty is not None]


def found(uow: UnitOfWork, document_id: int) -> list[FoundRow]:
    """Goods reported outside the lines of a count."""
    return uow.all(
        FoundRow,
        "SELECT p.code, i.code, i.name, f.note, f.qty, coalesce(u.display_name, f.counted_by),"
        " f.counted_at FROM count_found f JOIN location p ON p.id = f.location_id"
        " LEFT JOIN item i ON i.id = f.item_id LEFT JOIN app_user u ON u.login = f.counted_by"
        " WHERE f.document_id = %s ORDER BY f.id",
        (document_id,),
    )


def boxes_at(
    uow: UnitOfWork, line_ids: Sequence[int]
) -> dict[int, tuple[tuple[int, Decimal], ...]]:
    """Line id to (box, what is free there now), loose goods first."""
    rows = uow.execute(
        "SELECT l.id, b.box_id, b.on_hand - b.allocated FROM document_line l JOIN stock_balance b"
        " ON b.item_id = l.item_id AND b.location_id = l.location_id AND b.lot_id = l.lot_id"
        " WHERE l.id = ANY(%s) ORDER BY l.id, b.box_id",
        (list(line_ids),),
    ).fetchall()
    there: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for line_id, box_id, free in rows:
        there[line_id].append((box_id, free))
    return {line_id: tuple(boxes) for line_id, boxes in there.items()}
