"""Any code anywhere: what a scan or a typed text means in this company's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.pinyin_search import search_words
from desktop_app.domain.scan_codes import ScanKind, ScanResult, parse_scan
from desktop_app.domain.scanned_quantity import ScannedQuantity, quantity_of
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.search import Found, find_items, find_parties


@dataclass(frozen=True)
class ScanTarget:
    """What a code names: ``kind`` document, item, bin, exit, person, lot; ``id`` its row.

    For an item ``qty`` is how many base units one scan means (a box code: 12) and
    ``amount`` how that comes about (1 箱 = 12 个).
    """

    kind: str
    id: int
    title: str
    qty: Decimal = Decimal(1)
    lot: str | None = None
    amount: ScannedQuantity | None = None


@dataclass(frozen=True)
class SearchHit:
    """One thing found by a search field."""

    kind: str
    id: int
    title: str
    subtitle: str


_BY_KIND: dict[str, str] = {
    ScanKind.DOCUMENT: "SELECT 'document', id, number FROM document WHERE number = %(code)s",
    ScanKind.BIN: "SELECT 'bin', id, code FROM location WHERE upper(code) = upper(%(code)s)",
    ScanKind.EXIT: "SELECT 'exit', id, name FROM warehouse WHERE exit_code = %(code)s",
    ScanKind.PERSON: "SELECT 'person', 0, display_name FROM app_user WHERE login = %(code)s",
    ScanKind.BOX: "SELECT 'box', id, code FROM box WHERE id <> 0 AND upper(code) = %(code)s",
}
# A merged item answers with the one that took it over and says so.
_NAMED = (
    "s.id, s.code || ' ' || s.name || CASE WHEN s.id <> i.id"
    " THEN ' ' || replace(%(merged)s, '{code}', i.code) ELSE '' END"
)
_UNIT = "s.uom, s.uom_decimals, s.unit_weight_g"
# Barcodes before codes; then in the order the code may be read, as scanned before other spellings.
_ITEM = (
    f"SELECT {_NAMED}, b.factor, b.unit, {_UNIT}, array_position(%(codes)s::text[], b.barcode::text)"
    " FROM item_barcode b JOIN item i ON i.id = b.item_id"
    " JOIN item s ON s.id = coalesce(i.merged_into_id, i.id) WHERE b.barcode = ANY(%(codes)s)"
    f" UNION ALL SELECT {_NAMED}, 1, '', {_UNIT},"
    " 1000 + array_position(%(codes)s::text[], i.code::text) FROM item i"
    " JOIN item s ON s.id = coalesce(i.merged_into_id, i.id) WHERE i.code = ANY(%(codes)s)"
    " ORDER BY 8 LIMIT 1"
)
_ANYTHING = (
    "SELECT 'document', id, number FROM document WHERE number = ANY(%(codes)s)"
    " UNION ALL SELECT 'bin', id, code FROM location WHERE code = ANY(%(codes)s)"
    " UNION ALL SELECT 'exit', id, name FROM warehouse WHERE exit_code = ANY(%(codes)s)"
    " UNION ALL SELECT 'box', id, code FROM box WHERE id <> 0 AND code = ANY(%(codes)s) LIMIT 1"
)


def resolve(uow: UnitOfWork, code: str | ScanResult) -> ScanTarget | None:
    """What the code names, or None when nobody here knows it.

    An item's barcode wins over a code that happens to look like a bin.
    """
    scan = parse_scan(code) if isinstance(code, str) else code
    if scan.kind in _BY_KIND:
        return uow.find(ScanTarget, _BY_KIND[scan.kind], {"code": scan.code})
    codes = list(dict.fromkeys((scan.code, scan.text, *scan.candidates)))
    item = uow.execute(_ITEM, {"codes": codes, "merged": _merged_from()}).fetchone()
    if item is not None:
        id_, title, factor, unit, *counted, _ = item
        amount = quantity_of(scan, ItemUnits(counted[0], counted[1], (), counted[2]), unit, factor)
        return ScanTarget("item", id_, title, amount.qty, scan.lot, amount)
    return uow.find(ScanTarget, _ANYTHING, {"codes": codes})


_SEARCHES: dict[str, str] = {
    "warehouse": "SELECT 'warehouse', id, name, code FROM warehouse WHERE is_active AND"
    " {plain:code || ' ' || name} ORDER BY code LIMIT %(limit)s",
    "location": "SELECT 'bin', id, code, name FROM location WHERE is_active AND"
    " {plain:code || ' ' || name} ORDER BY route_seq, code LIMIT %(limit)s",
    "lot": "SELECT 'lot', o.id, o.code, i.code || ' ' || i.name FROM lot o JOIN item i"
    " ON i.id = o.item_id WHERE {plain:o.code || ' ' || i.code} ORDER BY o.id DESC LIMIT %(limit)s",
    "bom": "SELECT 'bom', b.id, i.code || ' ' || b.version, i.name FROM bom b JOIN item i"
    " ON i.id = b.item_id WHERE b.is_active AND {plain:i.code || ' ' || i.search_text}"
    " ORDER BY i.code LIMIT %(limit)s",
    "document": "SELECT 'document', id, number, remark FROM document WHERE number ILIKE"
    " %(anywhere)s ORDER BY id DESC LIMIT %(limit)s",
}
PARTY_KINDS = {
    "party": "",
    "customer": "customer",
    "supplier": "supplier",
    "subcontractor": "subcontractor",
    "carrier": "carrier",
}
"""Partners by what is asked for: all, or one role."""
PALETTE = ("item", "party", "document", "location")


def search(
    uow: UnitOfWork, text: str, limit: int = 20, kinds: Sequence[str] = PALETTE
) -> list[SearchHit]:
    """Things whose code, name, specification, barcode, partner's code or pinyin contain every
    word typed, the best of each kind first; several kinds share the ``limit``.
    """
    found = [_of_kind(uow, kind, text, limit) for kind in kinds]
    share = max(limit // max(len(found), 1), 1)
    first = [hit for hits in found for hit in hits[:share]]
    return [*first, *(hit for hits in found for hit in hits[share:])][:limit]


def _of_kind(uow: UnitOfWork, kind: str, text: str, limit: int) -> list[SearchHit]:
    if kind == "item":
        return [_item_hit(found) for found in find_items(uow, text, limit)]
    if kind in PARTY_KINDS:
        return [_party_hit(f) for f in find_parties(uow, text, limit, PARTY_KINDS[kind])]
    if kind == "document" and (len(text.strip()) < 3 or not _may_read_documents(uow)):
        return []
    statement, params = _prepared(_SEARCHES[kind], search_words(text))
    params |= {"limit": limit, "anywhere": f"%{_escape(text.strip())}%"}
    return uow.all(SearchHit, statement, params)


def _item_hit(found: Found) -> SearchHit:
    return SearchHit("item", found.id, f"{found.code}  {found.name}", _because(found))


def _party_hit(found: Found) -> SearchHit:
    return SearchHit("party", found.id, found.name, _because(found))


def _because(found: Found) -> str:
    """The subtitle, and by what else the record was found."""
    why = found.via or ""
    if found.merged:
        why = _merged_from().replace("{code}", why)
    return "  ".join(part for part in (found.subtitle, why) if part)


def _merged_from() -> str:
    return tr("(merged from {code})")


def _may_read_documents(uow: UnitOfWork) -> bool:
    return bool(uow.scalar("SELECT has_table_privilege('document', 'SELECT')"))


def _prepared(template: str, words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """Put the word conditions in place of ``{plain:expression}``."""
    if "{" not in template:
        return template, {}
    before, rest = template.split("{", 1)
    marker, after = rest.split("}", 1)
    expression = f"lower({marker.removeprefix('plain:')})"
    params: dict[str, object] = {f"w{n}": f"%{_escape(word)}%" for n, word in enumerate(words)}
    conditions = " AND ".join(f"{expression} LIKE %({name})s" for name in params) or "true"
    return before + conditions + after, params


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
