"""Reads a document as the value a posting rule works on, locking its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from psycopg import Cursor

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot, LineSnapshot

_DOCKS = ("receiving", "staging", "hold")
_ANYWHERE = (
    "supplier",
    "customer",
    "scrap",
    "difference",
    "opening",
    "transit",
    "production",
    "process",
)
_OTHERS = {
    "to_receiving": "SELECT 'to_receiving', l.id FROM location l"
    " WHERE l.warehouse_id = d.to_warehouse_id AND l.kind = 'receiving' AND l.is_active",
    "subcontractor": "SELECT 'subcontractor', l.id FROM location l"
    " WHERE l.party_id = d.party_id AND l.kind = 'subcontractor'",
}


@lru_cache(maxsize=64)
def places_of(names: tuple[str, ...] = (*_DOCKS, *_OTHERS, *_ANYWHERE)) -> str:
    """SQL: these named places of a document ``d`` as one object of ids.

    A posting that needs two of them does not look for all: a fourth of its plan, else.
    """
    docks = [f"'{name}'" for name in names if name in _DOCKS]
    codes = [f"'{name.upper()}'" for name in names if name in _ANYWHERE]
    found = [_OTHERS[name] for name in names if name in _OTHERS]
    if docks:
        found.append(
            "SELECT l.kind, min(l.id) FROM location l WHERE l.warehouse_id = d.warehouse_id"
            f" AND l.kind IN ({', '.join(docks)}) AND l.is_active GROUP BY 1"
        )
    if codes:
        found.append(f"SELECT l.kind, l.id FROM location l WHERE l.code IN ({', '.join(codes)})")
    if not found:
        return "SELECT '{}'::jsonb"
    return f"SELECT jsonb_object_agg(p.name, p.id) FROM ({' UNION ALL '.join(found)}) p(name, id)"


HEAD_COLUMNS = (
    "d.id, d.kind, d.number, d.state, d.version, d.origin_id, d.party_id, d.warehouse_id,"
    f" d.to_warehouse_id, ({places_of()})"
)
_HEAD = f"SELECT {HEAD_COLUMNS} FROM document d WHERE d.id = {{id}}"
_LINES = (
    # A subselect, not a join: the generic plan of a join would hash all items for one line.
    "SELECT l.id, l.line_no, l.item_id, (SELECT i.code FROM item i WHERE i.id = l.item_id), l.qty,"
    " l.role, l.lot_id, l.location_id, l.to_location_id, l.origin_line_id FROM document_line l"
    " WHERE l.document_id = {id} ORDER BY l.line_no"
)
# Moves of a document's lines are always made by acts of that document.
_DONE = (
    "SELECT m.line_id, coalesce(undone.verb, a.verb),"
    " sum(CASE WHEN undone.id IS NULL THEN m.qty ELSE -m.qty END)"
    " FROM act a JOIN stock_move m ON m.act_id = a.id"
    " LEFT JOIN act undone ON undone.id = a.reverses_id WHERE a.document_id = {id} GROUP BY 1, 2"
)

Asked = tuple[Cursor[Any], Cursor[Any], Cursor[Any] | None]
NEWEST = "(SELECT currval('document_id_seq'))"


def get_snapshot(uow: UnitOfWork, document_id: int, *, lock: bool = True) -> DocumentSnapshot:
    """The document as a value: one round trip. ``lock`` holds its row until commit.

    Raises NotFound.
    """
    with uow.pipeline():
        asked = ask_snapshot(uow, document_id, lock=lock)
    return take_snapshot(asked)


def ask_snapshot(
    uow: UnitOfWork, document_id: int | None, *, lock: bool = True, done: bool = True
) -> Asked:
    """Queue the queries of a snapshot in the caller's pipeline; None: the newest document.

    ``done`` False leaves out what was moved so far.
    """
    id_sql, params = ("%(id)s", {"id": document_id}) if document_id is not None else (NEWEST, {})
    head = _HEAD + (" FOR NO KEY UPDATE OF d" if lock else "")
    texts = [text.replace("{id}", id_sql) for text in (head, _LINES, _DONE)]
    return (
        uow.execute(texts[0], params),
        uow.execute(texts[1], params),
        uow.execute(texts[2], params) if done else None,
    )


def ask_newest(uow: UnitOfWork) -> Cursor[Any]:
    """Queue the head, places and line ids of the document inserted in this pipeline."""
    return uow.execute(
        f"SELECT {HEAD_COLUMNS}, (SELECT array_agg(l.id ORDER BY l.line_no) FROM document_line l"
        f" WHERE l.document_id = d.id) FROM document d WHERE d.id = {NEWEST}"
    )


def new_snapshot(
    asked: Cursor[Any], lines: Callable[[Sequence[int]], tuple[LineSnapshot, ...]]
) -> DocumentSnapshot:
    """The snapshot of a document just inserted; ``lines`` makes its lines of their ids."""
    row = asked.fetchone()
    assert row is not None
    return snapshot_of(row[:-1], lines(row[-1] or ()))


def take_snapshot(asked: Asked) -> DocumentSnapshot:
    """The snapshot, once the pipeline has ended. Raises NotFound."""
    head, lines, done = asked
    row = head.fetchone()
    if row is None:
        raise NotFound(N_("This document does not exist."))
    quantities: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for line_id, verb, qty in done.fetchall() if done is not None else ():
        quantities[line_id][verb] = qty
    return snapshot_of(
        row, tuple(_line(values, quantities[values[0]]) for values in lines.fetchall())
    )


def _line(values: Any, done: dict[str, Decimal]) -> LineSnapshot:
    fields: list[Any] = [*values, done]
    return LineSnapshot(*fields)


def snapshot_of(head: Any, lines: tuple[LineSnapshot, ...]) -> DocumentSnapshot:
    """The snapshot with these lines; ``head`` has the values of HEAD_COLUMNS."""
    (
        id_,
        kind,
        number,
        state,
        version,
        origin_id,
        party_id,
        warehouse_id,
        to_warehouse_id,
        places,
    ) = head
    return DocumentSnapshot(
        id=id_,
        kind=kind,
        number=number,
        state=state,
        version=version,
        lines=lines,
        places=places or {},
        origin_id=origin_id,
        party_id=party_id,
        warehouse_id=warehouse_id,
        to_warehouse_id=to_warehouse_id,
    )


def open_quantities(uow: UnitOfWork, document_id: int, verb: str) -> dict[int, Decimal]:
    """Line id to quantity not yet done by ``verb``, later documents of the line included."""
    rows = uow.execute(
        "SELECT l.id, l.qty - coalesce(d.qty, 0) FROM document_line l"
        " LEFT JOIN line_done(%s, %s) d ON d.line_id = l.id WHERE l.document_id = %s"
        " ORDER BY l.line_no",
        (document_id, verb, document_id),
    ).fetchall()
    return dict(rows)
