"""Our items under the names of a partner: found by search and by scan in their documents."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.domain.scanned_quantity import quantity_of
from desktop_app.domain.units import ItemUnits
from desktop_app.services import scanning
from desktop_app.services.scanning import ScanTarget, SearchHit

_THEIRS = (
    "SELECT 'item', i.id, i.code || '  ' || i.name, p.code || ' ' || p.name FROM party_item p"
    " JOIN item i ON i.id = p.item_id WHERE p.party_id = %(party)s AND i.is_active"
    " AND (p.code ILIKE %(start)s OR p.name ILIKE %(anywhere)s)"
    " ORDER BY p.code <> %(text)s, p.code LIMIT %(limit)s"
)
_SCANNED = (
    "SELECT i.id, i.code || ' ' || i.name, i.uom, i.uom_decimals, i.unit_weight_g"
    " FROM party_item p JOIN item i ON i.id = p.item_id"
    " WHERE p.party_id = %s AND p.code <> '' AND upper(p.code) = ANY(%s) LIMIT 1"
)


def search_for(
    uow: UnitOfWork,
    text: str,
    limit: int = 20,
    kinds: Sequence[str] = scanning.PALETTE,
    party_id: int | None = None,
) -> list[SearchHit]:
    """What ``scanning.search`` finds; items the partner calls like that come first."""
    wanted = text.strip()
    theirs: list[SearchHit] = []
    if party_id is not None and wanted and "item" in kinds:
        plain = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        theirs = uow.all(
            SearchHit,
            _THEIRS,
            {
                "party": party_id,
                "text": wanted,
                "start": f"{plain}%",
                "anywhere": f"%{plain}%",
                "limit": limit,
            },
        )
    known = {hit.id for hit in theirs}
    ours = scanning.search(uow, text, limit, kinds)
    return [*theirs, *(hit for hit in ours if hit.kind != "item" or hit.id not in known)][:limit]


def resolve_for(
    uow: UnitOfWork, code: str | ScanResult, party_id: int | None = None
) -> ScanTarget | None:
    """What a scanned code names; the partner's own code of an item counts before ours."""
    scan = parse_scan(code) if isinstance(code, str) else code
    if party_id is not None:
        spellings = {text.upper() for text in (scan.text, scan.code, *scan.candidates)}
        found = uow.execute(_SCANNED, (party_id, sorted(spellings))).fetchone()
        if found is not None:
            item_id, title, uom, decimals, weight = found
            amount = quantity_of(scan, ItemUnits(uom, decimals, (), weight))
            return ScanTarget("item", item_id, title, amount.qty, scan.lot, amount)
    return scanning.resolve(uow, scan)
