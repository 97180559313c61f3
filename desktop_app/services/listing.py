"""Lists for the screens, and their export to Excel exactly as filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.exchange.xlsx import XlsxColumn, XlsxKind, write_table
from desktop_app.queries import list_engine
from desktop_app.queries.list_engine import fetch, totals
from desktop_app.queries.listing import Column, ListRequest, ListSpec

__all__ = ["export", "fetch", "totals"]

_KINDS = {
    Editor.INTEGER: XlsxKind.INTEGER,
    Editor.QUANTITY: XlsxKind.QUANTITY,
    Editor.MONEY: XlsxKind.MONEY,
    Editor.PRICE: XlsxKind.PRICE,
    Editor.DATE: XlsxKind.DATE,
    Editor.TIMESTAMP: XlsxKind.TIMESTAMP,
    Editor.YES_NO: XlsxKind.YES_NO,
}


def export(
    uow: UnitOfWork,
    spec: ListSpec,
    request: ListRequest,
    columns: Sequence[str],
    path: Path,
) -> int:
    """Write every row the filters leave, in the columns and order given. Returns the rows.

    Raises FileNotWritable, DiskFull. Columns this login may not see are left out.
    """
    seen = {column.name: n for n, column in enumerate(list_engine.visible_columns(uow, spec))}
    chosen = [name for name in columns if name in seen]
    by_name = {column.name: column for column in spec.columns}
    picked = [by_name[name] for name in chosen]
    sums = list_engine.totals(uow, spec, request).sums
    return write_table(
        path,
        tr(spec.title),
        [
            XlsxColumn(tr(c.title), _KINDS.get(c.kind, XlsxKind.TEXT), c.width, c.name)
            for c in picked
        ],
        _rows(uow, spec, request, [(seen[c.name], c) for c in picked]),
        totals={name: value for name, value in sums.items() if name in chosen} or None,
        subtitle_lines=_subtitle(spec, request),
    )


def _rows(
    uow: UnitOfWork, spec: ListSpec, request: ListRequest, picked: Sequence[tuple[int, Column]]
) -> Iterator[tuple[Any, ...]]:
    for row in list_engine.stream(uow, spec, request):
        yield tuple(_shown(column, row[index]) for index, column in picked)


def _shown(column: Column, value: Any) -> Any:
    words = column.label(value)
    return value if words is None else words


def _subtitle(spec: ListSpec, request: ListRequest) -> list[str]:
    titles = {column.name: tr(column.title) for column in spec.columns}
    lines = [tr("Exported {at}", at=f"{clock.now():%Y-%m-%d %H:%M}")]
    if request.search:
        lines.append(tr("Search: {text}", text=request.search))
    for wanted in request.filters:
        until = "" if wanted.value_to is None else f" … {wanted.value_to}"
        lines.append(f"{titles[wanted.column]} {wanted.operator} {wanted.value}{until}")
    return lines
