"""Pages, filters, totals and streams any ``ListSpec``: the one place that builds list SQL.

Every value is a parameter; only expressions declared in a spec reach the SQL text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.domain.pinyin_search import search_words
from desktop_app.queries import search
from desktop_app.queries.listing import Column, Filter, ListPage, ListRequest, ListSpec, ListTotals

COUNT_CAP = 10_000
"""Counting stops here: a clerk wants to know "many", not wait for 1,000,000."""
STREAM_PAGE = 2_000
_COMPARISONS = {"=": "=", "<>": "<>", ">=": ">=", "<=": "<="}
_NUMBERS = (Editor.QUANTITY, Editor.MONEY, Editor.PRICE, Editor.PERCENT, Editor.INTEGER)


def fetch(uow: UnitOfWork, spec: ListSpec, request: ListRequest) -> ListPage:
    """One page. Costs the same however far down, because it starts from the last key."""
    columns = visible_columns(uow, spec)
    sort = _column(spec, request.sort or spec.sort) if (request.sort or spec.sort) else None
    descending = request.descending if request.sort else spec.descending
    where, params = _conditions(uow, spec, request)
    if request.after is not None:
        clause, values = _after(spec, sort, request.after, descending=descending)
        where.append(clause)
        params.update(values)
    direction = "DESC" if descending else "ASC"
    order = (
        f"{sort.sql} {direction} NULLS LAST, {spec.key} {direction}"
        if sort
        else f"{spec.key} {direction}"
    )
    selected = ", ".join(f"{c.sql} AS c{n}" for n, c in enumerate(columns))
    anchor = f", {sort.sql} AS sort_value" if sort else ""
    rows = uow.execute(
        f"SELECT {spec.key} AS row_key, {selected}{anchor} FROM {spec.source}{_where(where)}"
        f" ORDER BY {order} LIMIT %(limit)s",
        {**params, "limit": request.limit},
    ).fetchall()
    width = len(columns)
    cursor = None
    if len(rows) == request.limit and rows:
        cursor = (rows[-1][-1] if sort else None, rows[-1][0])
    return ListPage(
        columns=tuple(c.name for c in columns),
        rows=tuple(tuple(row[1 : width + 1]) for row in rows),
        ids=tuple(row[0] for row in rows),
        cursor=cursor,
    )


def totals(uow: UnitOfWork, spec: ListSpec, request: ListRequest) -> ListTotals:
    """Count and sums of all matching rows; sums only when the count was not cut short."""
    where, params = _conditions(uow, spec, request)
    count = int(
        uow.scalar(
            f"SELECT count(*) FROM (SELECT 1 FROM {spec.source}{_where(where)} LIMIT {COUNT_CAP + 1}) s",
            params,
        )
    )
    summed = [c for c in visible_columns(uow, spec) if c.total]
    if count > COUNT_CAP or not summed:
        return ListTotals(min(count, COUNT_CAP), capped=count > COUNT_CAP)
    row = uow.execute(
        "SELECT "
        + ", ".join(f"sum({c.sql})" for c in summed)
        + f" FROM {spec.source}{_where(where)}",
        params,
    ).fetchone()
    assert row is not None
    return ListTotals(count, sums={c.name: value for c, value in zip(summed, row, strict=True)})


def stream(uow: UnitOfWork, spec: ListSpec, request: ListRequest) -> Iterator[tuple[Any, ...]]:
    """Every matching row in order, page by page, in flat memory."""
    request = replace(request, limit=STREAM_PAGE, after=None)
    while True:
        page = fetch(uow, spec, request)
        yield from page.rows
        if page.cursor is None:
            return
        request = replace(request, after=page.cursor)


def visible_columns(uow: UnitOfWork, spec: ListSpec) -> tuple[Column, ...]:
    """The columns this login may see (prices and costs need a permission)."""
    needed = sorted({c.permission for c in spec.columns if c.permission})
    if not needed:
        return spec.columns
    held = {
        code
        for code in needed
        if uow.scalar(
            "SELECT pg_has_role(session_user, %s, 'MEMBER')", ("sp_p_" + code.replace(".", "_"),)
        )
    }
    return tuple(c for c in spec.columns if c.permission is None or c.permission in held)


def _column(spec: ListSpec, name: str) -> Column:
    for column in spec.columns:
        if column.name == name:
            return column
    raise UserError(N_("This list has no column {name}."), name=name)


def _where(conditions: list[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""


_INDEXED = {"i.search_text": ("item", "i.id"), "p.search_text": ("party", "p.id")}
"""Texts with a search index, by the names every list gives their tables."""


def _conditions(
    uow: UnitOfWork, spec: ListSpec, request: ListRequest
) -> tuple[list[str], dict[str, Any]]:
    conditions = [f"({spec.where})"] if spec.where else []
    params: dict[str, Any] = {}
    words = search_words(request.search)
    if words and len(spec.search) == 1 and spec.search[0] in _INDEXED:
        kind, key = _INDEXED[spec.search[0]]
        params["found"] = search.ids_of_list(uow, kind, request.search)
        if params["found"] is not None:
            conditions.append(f"{key} = ANY(%(found)s::bigint[])")
            words = []
    for number, word in enumerate(words):
        if spec.search:
            name = f"word{number}"
            params[name] = f"%{_escape(word)}%"
            conditions.append(
                "(" + " OR ".join(f"lower({text}) LIKE %({name})s" for text in spec.search) + ")"
            )
    for number, wanted in enumerate(request.filters):
        clause, values = _filter(_column(spec, wanted.column), wanted, f"f{number}")
        conditions.append(clause)
        params.update(values)
    return conditions, params


def _filter(column: Column, wanted: Filter, name: str) -> tuple[str, dict[str, Any]]:
    expression = column.sql
    if wanted.operator == "empty":
        return f"({expression}) IS NULL", {}
    if wanted.operator == "not_empty":
        return f"({expression}) IS NOT NULL", {}
    if wanted.operator == "contains":
        return f"({expression})::text ILIKE %({name})s", {name: f"%{_escape(str(wanted.value))}%"}
    if wanted.operator == "in":
        return f"({expression})::text = ANY(%({name})s)", {name: [str(v) for v in wanted.value]}
    value = _value(column, wanted.value)
    if wanted.operator == "between":
        return (
            f"({expression}) BETWEEN %({name})s AND %({name}b)s",
            {name: value, f"{name}b": _end(column, wanted.value_to)},
        )
    if column.kind is Editor.TIMESTAMP and wanted.operator in ("=", "<="):
        # A day means the whole day: 2026-01-05 includes 23:59.
        lower = f"({expression}) >= %({name})s AND " if wanted.operator == "=" else ""
        return f"({lower}({expression}) <= %({name}b)s)", {
            name: value,
            f"{name}b": _end(column, wanted.value),
        }
    return f"({expression}) {_COMPARISONS[wanted.operator]} %({name})s", {name: value}


def _value(column: Column, value: Any) -> Any:
    if column.kind in _NUMBERS and not isinstance(value, Decimal | int):
        return Decimal(str(value))
    return value


def _end(column: Column, value: Any) -> Any:
    if (
        column.kind is Editor.TIMESTAMP
        and isinstance(value, date)
        and not isinstance(value, datetime)
    ):
        return datetime.combine(value, datetime.min.time()) + timedelta(days=1, microseconds=-1)
    return _value(column, value)


def _after(
    spec: ListSpec, sort: Column | None, after: tuple[Any, int], *, descending: bool
) -> tuple[str, dict[str, Any]]:
    """Rows behind the cursor; NULLs sort last in both directions."""
    sign = "<" if descending else ">"
    params = {"after_key": after[1]}
    if sort is None:
        return f"{spec.key} {sign} %(after_key)s", params
    if after[0] is None:
        return f"(({sort.sql}) IS NULL AND {spec.key} {sign} %(after_key)s)", params
    params["after_value"] = after[0]
    beyond = f"(({sort.sql}), {spec.key}) {sign} (%(after_value)s, %(after_key)s)"
    # A row comparison alone can walk an index; the OR of a nullable column cannot.
    return beyond if sort.never_null else f"({beyond} OR ({sort.sql}) IS NULL)", params


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
