"""Any code anywhere: what a scan or a typed text means in this company's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.pinyin_search import search_words
from desktop_app.domain.scan_codes import ScanKind, ScanResult, parse_scan


@dataclass(frozen=True)
class ScanTarget:
    """What a code names: ``kind`` document, item, bin, exit, person, lot; ``id`` its row.

    For an item ``qty`` is how many base units one scan means (a box code: 12).
    """

    kind: str
    id: int
    title: str
    qty: Decimal = Decimal(1)
    lot: str | None = None


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
}
_ITEM = (
    "SELECT 'item', i.id, i.code || ' ' || i.name, b.factor FROM item_barcode b"
    " JOIN item i ON i.id = b.item_id WHERE b.barcode = ANY(%(codes)s)"
    " UNION ALL SELECT 'item', i.id, i.code || ' ' || i.name, 1 FROM item i"
    " WHERE i.code = ANY(%(codes)s) LIMIT 1"
)
_ANYTHING = (
    "SELECT 'document', id, number FROM document WHERE number = ANY(%(codes)s)"
    " UNION ALL SELECT 'bin', id, code FROM location WHERE code = ANY(%(codes)s)"
    " UNION ALL SELECT 'exit', id, name FROM warehouse WHERE exit_code = ANY(%(codes)s) LIMIT 1"
)


def resolve(uow: UnitOfWork, code: str | ScanResult) -> ScanTarget | None:
    """What the code names, or None when nobody here knows it.

    An item's barcode wins over a code that happens to look like a bin.
    """
    scan = parse_scan(code) if isinstance(code, str) else code
    if scan.kind in _BY_KIND:
        return uow.find(ScanTarget, _BY_KIND[scan.kind], {"code": scan.code})
    codes = list(dict.fromkeys((scan.code, scan.text, *scan.candidates)))
    item = uow.find(ScanTarget, _ITEM, {"codes": codes})
    if item is not None:
        qty = scan.qty if scan.qty is not None else Decimal(1)
        return ScanTarget("item", item.id, item.title, item.qty * qty, scan.lot)
    return uow.find(ScanTarget, _ANYTHING, {"codes": codes})


_SEARCHES: dict[str, str] = {
    "item": "SELECT 'item', id, code || '  ' || name, spec FROM item"
    " WHERE is_active AND {match} ORDER BY (code ILIKE %(start)s) DESC, code LIMIT %(limit)s",
    "party": "SELECT 'party', id, name, code FROM party WHERE is_active AND {match}"
    " ORDER BY name LIMIT %(limit)s",
    "customer": "SELECT 'party', id, name, code FROM party WHERE is_active AND is_customer AND"
    " {match} ORDER BY name LIMIT %(limit)s",
    "supplier": "SELECT 'party', id, name, code FROM party WHERE is_active AND is_supplier AND"
    " {match} ORDER BY name LIMIT %(limit)s",
    "subcontractor": "SELECT 'party', id, name, code FROM party WHERE is_active AND"
    " is_subcontractor AND {match} ORDER BY name LIMIT %(limit)s",
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
PALETTE = ("item", "party", "document", "location")


def search(
    uow: UnitOfWork, text: str, limit: int = 20, kinds: Sequence[str] = PALETTE
) -> list[SearchHit]:
    """Things whose code, name, specification or pinyin contain every word typed."""
    hits: list[SearchHit] = []
    words = search_words(text)
    for kind in kinds:
        if kind == "document" and (len(text.strip()) < 3 or not _may_read_documents(uow)):
            continue
        statement, params = _prepared(_SEARCHES[kind], words)
        params |= {
            "start": f"{_escape(text.strip())}%",
            "limit": limit,
            "anywhere": f"%{_escape(text.strip())}%",
        }
        hits += uow.all(SearchHit, statement, params)
    return hits[:limit]


def _may_read_documents(uow: UnitOfWork) -> bool:
    return bool(uow.scalar("SELECT has_table_privilege('document', 'SELECT')"))


def _prepared(template: str, words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """Put the word conditions in place of ``{match}`` or ``{plain:expression}``."""
    expression = "search_text"
    before, rest = template.split("{", 1)
    marker, after = rest.split("}", 1)
    if marker.startswith("plain:"):
        expression = f"lower({marker.removeprefix('plain:')})"
    params: dict[str, object] = {f"w{n}": f"%{_escape(word)}%" for n, word in enumerate(words)}
    conditions = " AND ".join(f"{expression} LIKE %({name})s" for name in params) or "true"
    return before + conditions + after, params


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
