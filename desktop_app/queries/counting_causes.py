"""Facts around a difference, gathered for the ranking of likely causes (N28)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.count_causes import (
    CauseHint,
    DifferenceFacts,
    DifferingLine,
    LateMove,
    rank_causes,
    seen_from,
)
from desktop_app.domain.counting import within_tolerance
from desktop_app.queries.counting import ReviewRow, results

# Posted within two days after the line was counted, touching the very place.
_POSTED_LATER = """
SELECT l.id, d.number, sum(m.qty), CASE WHEN m.to_location_id = l.location_id THEN 1 ELSE -1 END, true
FROM document_line l
JOIN LATERAL (SELECT max(e.counted_at) AS at FROM count_entry e WHERE e.line_id = l.id) c ON true
JOIN stock_move m ON m.item_id = l.item_id AND m.lot_id = l.lot_id
 AND (m.from_location_id = l.location_id OR m.to_location_id = l.location_id)
 AND m.at > c.at AND m.at < c.at + interval '2 days'
JOIN act a ON a.id = m.act_id JOIN document d ON d.id = a.document_id
WHERE l.id = ANY(%(lines)s) AND d.id <> l.document_id
GROUP BY 1, 2, 4
"""
# Still open documents of the warehouse with exactly a line of this item.
_STILL_OPEN = """
SELECT l.id, d.number, o.qty,
       CASE WHEN d.kind IN ('purchase_receipt', 'purchase_order', 'sales_return', 'other_receipt',
                            'outsourcing_receipt') THEN 1 ELSE -1 END, false
FROM document_line l JOIN document own ON own.id = l.document_id
JOIN document_line o ON o.item_id = l.item_id
JOIN document d ON d.id = o.document_id AND d.warehouse_id = own.warehouse_id
WHERE l.id = ANY(%(lines)s) AND d.number IS NOT NULL AND d.kind <> 'stock_count'
  AND d.state IN ('draft', 'approved', 'part', 'released', 'picking', 'picked', 'verified', 'received')
"""


def hints(uow: UnitOfWork, document_id: int) -> dict[int, tuple[CauseHint, ...]]:
    """Line id to ranked causes, for every line that differs."""
    rows = [row for row in results(uow, document_id) if row.difference != 0]
    lines = [
        DifferingLine(row.line_id, row.item_id, row.item_code, row.location_code, row.difference)
        for row in rows
    ]
    ids = {"lines": [row.line_id for row in rows]}
    late = _late_moves(uow, ids)
    packs = _packs(uow, [row.item_id for row in rows])
    return {
        row.line_id: rank_causes(_facts(row, line, lines, late[row.line_id], packs[row.item_id]))
        for row, line in zip(rows, lines, strict=True)
    }


def _facts(
    row: ReviewRow,
    line: DifferingLine,
    lines: Sequence[DifferingLine],
    late: Sequence[LateMove],
    packs: Sequence[Decimal],
) -> DifferenceFacts:
    return DifferenceFacts(
        book=row.book_qty or Decimal(0),
        counted=row.counted_qty or Decimal(0),
        within_tolerance=within_tolerance(row.record()),
        first_count=row.first_qty,
        pack_factors=tuple(packs),
        uom_decimals=row.uom_decimals,
        others=seen_from(line, lines),
        late=tuple(late),
    )


def _late_moves(uow: UnitOfWork, lines: dict[str, list[int]]) -> dict[int, list[LateMove]]:
    found: dict[int, list[LateMove]] = defaultdict(list)
    for sql in (_POSTED_LATER, _STILL_OPEN):
        for line_id, number, qty, sign, posted in uow.execute(sql, lines).fetchall():
            found[line_id].append(LateMove(number, qty, sign, posted))
    return found


def _packs(uow: UnitOfWork, items: Sequence[int]) -> dict[int, list[Decimal]]:
    found: dict[int, list[Decimal]] = defaultdict(list)
    rows = uow.execute(
        "SELECT item_id, factor FROM item_barcode WHERE item_id = ANY(%s) AND factor > 1"
        " ORDER BY factor",
        (list(items),),
    ).fetchall()
    for item_id, factor in rows:
        found[item_id].append(factor)
    return found
