"""A document as a screen shows it: head, lines with progress, history, links, holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import DocumentType, Editor, Store
from desktop_app.queries import own_fields


@dataclass(frozen=True)
class ActRow:
    """One line of a document's history."""

    id: int
    verb: str
    from_state: str
    to_state: str
    actor: str
    workstation: str
    at: datetime
    reason: str
    evidence: Mapping[str, Any]
    moved: bool
    photos: int = 0


@dataclass(frozen=True)
class LinkRow:
    """A document this one hangs together with; ``relation`` origin, derived, reverses, reversed_by."""

    document_id: int
    kind: str
    number: str
    state: str
    relation: str


@dataclass(frozen=True)
class HoldRow:
    """Stock that a line of this document holds."""

    line_no: int
    item_code: str
    qty: Decimal
    until: datetime | None
    reason: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class DocumentView:
    """Everything a document page shows; values by field name."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    head: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]
    acts: tuple[ActRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    moved_stock: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


_HEAD = """
SELECT d.*, p.name AS party_name, p.code AS party_code, w.name AS warehouse_name,
       w2.name AS to_warehouse_name, o.number AS origin_number, u.display_name AS created_by_name
FROM document d
LEFT JOIN party p ON p.id = d.party_id
LEFT JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN warehouse w2 ON w2.id = d.to_warehouse_id
LEFT JOIN document o ON o.id = d.origin_id
LEFT JOIN app_user u ON u.login = d.created_by
WHERE d.id = %s
"""
_LINES = """
SELECT l.*, i.code AS item_code, i.name AS item_name, i.spec, i.uom, i.uom_decimals, i.tracking,
       i.unit_weight_g, i.pack_size,
       b.code AS lot_code, b.expires_at, f.code AS location_code, t.code AS to_location_code
FROM document_line l
JOIN item i ON i.id = l.item_id
LEFT JOIN lot b ON b.id = l.lot_id
LEFT JOIN location f ON f.id = l.location_id
LEFT JOIN location t ON t.id = l.to_location_id
WHERE l.document_id = %s ORDER BY l.line_no
"""
_DONE = "SELECT %(verb)s, line_id, qty FROM line_done(%(id)s, %(verb)s)"
_ACTS = """
SELECT a.id, a.verb, a.from_state, a.to_state, coalesce(u.display_name, a.actor), a.workstation, a.at,
       a.reason, a.evidence, EXISTS (SELECT 1 FROM stock_move m WHERE m.act_id = a.id),
       (SELECT count(*) FROM attachment t WHERE t.act_id = a.id)
FROM act a LEFT JOIN app_user u ON u.login = a.actor WHERE a.document_id = %s ORDER BY a.id
"""
_LINKS = """
SELECT d.id, d.kind, d.number, d.state, 'origin' FROM document d
  JOIN document me ON me.origin_id = d.id WHERE me.id = %(id)s
UNION ALL SELECT d.id, d.kind, d.number, d.state, 'derived' FROM document d
  WHERE d.origin_id = %(id)s AND d.reverses_id IS NULL
UNION ALL SELECT d.id, d.kind, d.number, d.state, 'reverses' FROM document d
  JOIN document me ON me.reverses_id = d.id WHERE me.id = %(id)s
UNION ALL SELECT d.id, d.kind, d.number, d.state, 'reversed_by' FROM document d
  WHERE d.reverses_id = %(id)s
ORDER BY 1
"""
_HOLDS = """
SELECT l.line_no, i.code, r.qty_open, r.until, r.reason, a.actor, r.created_at
FROM reservation r JOIN document_line l ON l.id = r.line_id JOIN item i ON i.id = r.item_id
JOIN act a ON a.id = r.act_id WHERE l.document_id = %s AND r.qty_open > 0 ORDER BY l.line_no
"""


def get_view(uow: UnitOfWork, document_id: int, document_type: DocumentType) -> DocumentView:
    """The document as its page shows it. Raises NotFound."""
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        head = cursor.execute(_HEAD.encode(), (document_id,)).fetchone()
        if head is None:
            raise NotFound(N_("This document does not exist."))
        lines = cursor.execute(_LINES.encode(), (document_id,)).fetchall()
        _extend(uow, document_type, head, lines)
    own_fields.with_values(own_fields.definitions(uow), head["kind"], head, lines)
    done: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for verb, _title in document_type.progress:
        for name, line_id, qty in uow.execute(_DONE, {"verb": verb, "id": document_id}).fetchall():
            done[line_id][name] = qty
    acts = tuple(uow.all(ActRow, _ACTS, (document_id,)))
    return DocumentView(
        id=document_id,
        kind=head["kind"],
        number=head["number"] or "",
        state=head["state"],
        version=head["version"],
        head=head,
        lines=tuple({**line, "done": done[line["id"]]} for line in lines),
        acts=acts,
        links=tuple(uow.all(LinkRow, _LINKS, {"id": document_id})),
        holds=tuple(uow.all(HoldRow, _HOLDS, (document_id,))),
        moved_stock=any(row.moved for row in acts),
    )


def _extend(
    uow: UnitOfWork, document_type: DocumentType, head: dict[str, Any], lines: list[dict[str, Any]]
) -> None:
    """Add what the type keeps in tables of its own: extension, line extension, prices."""
    ids = [line["id"] for line in lines]
    if document_type.extension:
        head.update(
            _rows(uow, document_type.extension, "document_id", [head["id"]]).get(head["id"], {})
        )
        _name_references(uow, document_type, head)
    tables = [document_type.line_extension] if document_type.line_extension else []
    side = document_type.price_side
    if side and uow.scalar("SELECT has_table_privilege(%s, 'SELECT')", (f"{side}_line_price",)):
        tables.append(f"{side}_line_price")
    for table in tables:
        found = _rows(uow, table, "line_id", ids)
        for line in lines:
            line.update(found.get(line["id"], {}))


_NAMES = {
    Editor.ITEM: "SELECT code || ' ' || name FROM item WHERE id = %s",
    Editor.BOM: "SELECT version FROM bom WHERE id = %s",
}
"""What an id of an extension table is called on a page and on paper."""


def _name_references(uow: UnitOfWork, document_type: DocumentType, head: dict[str, Any]) -> None:
    """Put ``<name>_title`` beside each item or BOM that the extension names by its id."""
    for known in document_type.head_fields:
        if known.store is Store.EXTENSION and known.editor in _NAMES and head.get(known.name):
            title = uow.scalar(_NAMES[known.editor], (head[known.name],))
            head[f"{known.name.removesuffix('_id')}_title"] = title


def _rows(uow: UnitOfWork, table: str, key: str, ids: list[int]) -> dict[int, dict[str, Any]]:
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s)").format(
                sql.Identifier(table), sql.Identifier(key)
            ),
            (ids,),
        ).fetchall()
    return {row.pop(key): row for row in rows}
