"""账实差异率 of one count and of the last twelve (N27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import counting
from desktop_app.domain.counting import CountedRecord, CountMetrics
from desktop_app.queries.counting import Progress, ReviewRow, progress, review_rows, sees_costs

TREND_LENGTH = 12


@dataclass(frozen=True)
class TrendPoint:
    """The figures of one approved count."""

    document_id: int
    number: str
    day: date
    metrics: CountMetrics


@dataclass(frozen=True)
class CountHead:
    """Head of a count in review."""

    id: int
    number: str
    state: str
    version: int
    warehouse: str
    doc_date: date
    blind: bool
    sample_size: int
    seed: int
    candidates: int
    created_by: str
    created_at: datetime
    approved_by: str | None


@dataclass(frozen=True)
class CountReview:
    """Everything the review page shows; ``metrics`` over the compared lines, also by ABC class."""

    head: CountHead
    progress: Progress
    rows: tuple[ReviewRow, ...]
    metrics: CountMetrics
    by_class: Mapping[str, CountMetrics]
    sees_costs: bool


_HEAD = """
SELECT d.id, d.number, d.state, d.version, w.name, d.doc_date, p.blind, p.sample_size, p.seed,
       p.candidates, coalesce(u.display_name, d.created_by), d.created_at,
       (SELECT coalesce(v.display_name, a.actor) FROM act a LEFT JOIN app_user v ON v.login = a.actor
        WHERE a.document_id = d.id AND a.verb = 'approve_count')
FROM document d JOIN count_plan p ON p.document_id = d.id JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN app_user u ON u.login = d.created_by WHERE d.id = %s
"""
_TREND = """
WITH last_counts AS (
  SELECT d.id, d.number, a.at FROM document d JOIN act a ON a.document_id = d.id
  AND a.verb = 'approve_count'
  WHERE d.kind = 'stock_count' AND d.state = 'posted'
    AND (%(warehouse)s::bigint IS NULL OR d.warehouse_id = %(warehouse)s)
  ORDER BY a.id DESC LIMIT %(limit)s)
SELECT n.id, n.number, n.at::date, c.book_qty, c.counted_qty, c.tolerance_pct, i.abc_class, {cost}
FROM last_counts n JOIN count_result c ON c.document_id = n.id
JOIN document_line l ON l.id = c.line_id JOIN item i ON i.id = l.item_id
ORDER BY n.at, n.id, l.line_no
"""
_COST = "coalesce((SELECT k.average FROM item_cost k WHERE k.item_id = l.item_id), 0)"


def review(uow: UnitOfWork, document_id: int) -> CountReview:
    """A count with book, count, difference and figures. Raises NotFound."""
    head = uow.find(CountHead, _HEAD, (document_id,))
    if head is None:
        raise NotFound(N_("This document does not exist."))
    rows = tuple(review_rows(uow, document_id))
    costs = sees_costs(uow)
    compared = [row.record() for row in rows if row.book_qty is not None]
    return CountReview(
        head,
        progress(uow, document_id),
        rows,
        _figures(compared, costs),
        counting.metrics_by_class(compared),
        costs,
    )


def metrics(uow: UnitOfWork, document_id: int) -> CountMetrics:
    """The figures of one count; value gaps are None without the right to see costs."""
    return review(uow, document_id).metrics


def trend(
    uow: UnitOfWork, warehouse_id: int | None = None, limit: int = TREND_LENGTH
) -> tuple[TrendPoint, ...]:
    """The last approved counts, oldest first."""
    costs = sees_costs(uow)
    sql = _TREND.replace("{cost}", _COST if costs else "0::numeric")
    records: dict[tuple[int, str, date], list[CountedRecord]] = defaultdict(list)
    rows = uow.execute(sql, {"warehouse": warehouse_id, "limit": limit}).fetchall()
    for document_id, number, day, book, counted, percent, abc_class, cost in rows:
        records[document_id, number, day].append(
            CountedRecord(book, counted, abc_class, cost, Decimal(percent) / 100)
        )
    return tuple(TrendPoint(*key, _figures(found, costs)) for key, found in records.items())


def _figures(records: list[CountedRecord], costs: bool) -> CountMetrics:
    figures = counting.metrics(records)
    return figures if costs else replace(figures, val_gap_net=None, val_gap_abs=None)
