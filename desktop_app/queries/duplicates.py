"""Records that may be one and the same, in pairs; and what merging a pair would do."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec

REASONS = {
    "barcode": N_("One barcode, spelled differently"),
    "code": N_("Codes differ only by case, spaces or width"),
    "name": N_("Same name and specification"),
    "tax_id": N_("Same tax id"),
}
KINDS = {"item": N_("Item"), "party": N_("Partner")}


def _folded(text: str) -> str:
    """Case, blanks, dashes and full-width forms make no difference."""
    return f"regexp_replace(lower(normalize({text}, NFKC)), '[\\s_\\-./]+', '', 'g')"


_GTIN = "lpad(b.barcode, 14, '0')"
_KEYS = (
    (
        f"SELECT 'item' AS record, 'code' AS reason, {_folded('i.code')} AS same, i.id FROM item i"
        " WHERE i.is_active UNION ALL"
        f" SELECT 'item', 'name', {_folded('i.name')} || '|' || {_folded('i.spec')}, i.id FROM item i"
        " WHERE i.is_active UNION ALL"
        f" SELECT 'item', 'barcode', {_GTIN}, i.id FROM item_barcode b JOIN item i ON i.id = b.item_id"
        " WHERE i.is_active AND b.barcode ~ '^([0-9]{{8}}|[0-9]{{12,14}})$' UNION ALL"
        f" SELECT 'party', 'code', {_folded('p.code')}, p.id FROM party p WHERE p.is_active UNION ALL"
        f" SELECT 'party', 'name', {_folded('p.name')}, p.id FROM party p WHERE p.is_active UNION ALL"
        " SELECT 'party', 'tax_id', p.tax_id, p.id FROM party p WHERE p.is_active AND p.tax_id <> ''"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)
# The first of each group beside each other one: n alike make n - 1 pairs.
_PAIRS = (
    "SELECT record, first AS id, other, min(reason) AS reason FROM (SELECT k.record, k.reason,"
    " k.id AS other, min(k.id) OVER (PARTITION BY k.record, k.reason, k.same) AS first"
    f" FROM ({_KEYS}) k) g WHERE first <> other GROUP BY 1, 2, 3"
)


def _of(record: str, column: str, which: str) -> str:
    return f"(SELECT r.{column} FROM {record} r WHERE r.id = m.{which})"


def _either(column: str, which: str) -> str:
    item, party = _of("item", column, which), _of("party", column, which)
    return f"CASE m.record WHEN 'item' THEN {item} ELSE {party} END"


DUPLICATES = ListSpec(
    id="list:duplicates",
    nothing=N_("No two records look alike."),
    title=N_("Possible duplicates"),
    columns=(
        Column("record", N_("What"), "m.record", Editor.CHOICE, width=9, labels=KINDS),
        Column("reason", N_("Why alike"), "m.reason", Editor.CHOICE, width=30, labels=REASONS),
        Column("code", N_("Code"), _either("code", "id"), width=18),
        Column("name", N_("Name"), _either("name", "id"), width=26),
        Column("other_code", N_("Other code"), _either("code", "other"), width=18),
        Column("other_name", N_("Other name"), _either("name", "other"), width=26),
        Column("id", N_("Id"), "m.id", Editor.INTEGER, visible=False),
        Column("other", N_("Other id"), "m.other", Editor.INTEGER, visible=False),
    ),
    source=f"({_PAIRS}) m",
    # Both ids in one key; a partner's pair is told from an item's by the lowest bit.
    key="((m.id << 32) + (m.other << 1) + (m.record = 'party')::int)",
    opens="duplicate",
    search=(_either("code", "id"), _either("name", "id"), _either("code", "other")),
    topics=("item", "party", "waiver"),
    where="NOT EXISTS (SELECT 1 FROM parameter_waiver w WHERE w.record = m.record"
    " AND w.record_id = m.id AND w.parameter = 'duplicate:' || m.other)",
    permission="stock.read",
)


@dataclass(frozen=True)
class MergePlan:
    """What merging would do: counts of what moves, stock, and documents in the way.

    ``boms`` are the products (with version) whose bills of materials count the one that goes.
    """

    keep_code: str
    keep_name: str
    lose_code: str
    lose_name: str
    uom_differs: bool
    tracking_differs: bool
    barcodes: int
    partner_codes: int
    stock: Decimal
    uom: str
    drafts: tuple[str, ...]
    blockers: tuple[str, ...]
    boms: tuple[str, ...] = ()


_OPEN_LINES = (
    "SELECT DISTINCT d.number, d.state = ANY (k.editable_states) AS draft FROM document_line l"
    " JOIN document d ON d.id = l.document_id JOIN document_kind k ON k.kind = d.kind"
    " WHERE l.item_id = %(lose)s AND d.number IS NOT NULL AND EXISTS (SELECT 1 FROM transition t"
    " WHERE t.kind = d.kind AND t.from_state = d.state"
    " AND t.verb NOT IN ('reverse', 'mirror', 'void', 'close'))"
    " UNION SELECT d.number, false FROM work_order o JOIN document d ON d.id = o.document_id"
    " WHERE o.output_item_id = %(lose)s AND d.state IN ('draft', 'planned', 'released', 'part')"
    " UNION SELECT d.number, false FROM reservation r JOIN document_line l ON l.id = r.line_id"
    " JOIN document d ON d.id = l.document_id WHERE r.item_id = %(lose)s AND r.qty_open > 0"
    " ORDER BY 1"
)


_BOMS = (
    "SELECT i.code || ' ' || b.version FROM bom b JOIN item i ON i.id = b.item_id"
    " WHERE b.item_id = %(lose)s OR EXISTS (SELECT 1 FROM bom_line l WHERE l.bom_id = b.id"
    " AND l.item_id = %(lose)s) ORDER BY 1"
)


def _row(*values: Any) -> list[Any]:
    return list(values)


def item_plan(uow: UnitOfWork, keep: int, lose: int) -> MergePlan:
    """What merging item ``lose`` into ``keep`` would do. Raises NotFound."""
    head = uow.one(
        _row,
        "SELECT k.code, k.name, l.code, l.name, k.uom <> l.uom OR k.uom_decimals < l.uom_decimals,"
        " k.tracking <> l.tracking,"
        " (SELECT count(*) FROM item_barcode b WHERE b.item_id = l.id),"
        " (SELECT count(*) FROM party_item p WHERE p.item_id = l.id),"
        " (SELECT coalesce(sum(b.on_hand), 0) FROM stock_balance b WHERE b.item_id = l.id), l.uom"
        " FROM item k, item l WHERE k.id = %s AND l.id = %s",
        (keep, lose),
    )
    rows = uow.execute(_OPEN_LINES, {"lose": lose}).fetchall()
    drafts = {number for number, draft in rows if draft}
    blockers = {number for number, draft in rows if not draft}
    boms = uow.execute(_BOMS, {"lose": lose}).fetchall()
    made_of_it = tuple(name for (name,) in boms)
    return MergePlan(
        *[*head, tuple(sorted(drafts - blockers)), tuple(sorted(blockers)), made_of_it]
    )


def party_plan(uow: UnitOfWork, keep: int, lose: int) -> MergePlan:
    """What merging partner ``lose`` into ``keep`` would do. Raises NotFound."""
    head = uow.one(
        _row,
        "SELECT k.code, k.name, l.code, l.name, (SELECT count(*) FROM party_item p"
        " WHERE p.party_id = l.id) FROM party k, party l WHERE k.id = %s AND l.id = %s",
        (keep, lose),
    )
    return MergePlan(*[*head[:4], False, False, 0, head[4], Decimal(0), "", (), ()])
