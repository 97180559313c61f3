"""Warehouses and their bins: made by pattern, renamed, closed, put into walking order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bin_patterns import BinSpec, place_of_code
from desktop_app.domain.locations import QUARANTINE
from desktop_app.domain.scan_codes import CodeNotPrintable, bin_code
from desktop_app.domain.walking_route import by_code, serpentine
from desktop_app.queries.places import ON_ROUTE, stops
from desktop_app.services.record_writer import require, save_record

HOLD = ("H", N_("Quality hold"), "hold")
DOCKS = (("R", N_("Receiving dock"), "receiving"), ("S", N_("Shipping dock"), "staging"), HOLD)
ORDERS = {"serpentine": serpentine, "code": by_code}
"""Walking routes the program can make itself, by name."""


def save_warehouse(
    uow: UnitOfWork,
    code: str,
    name: str,
    exit_code: str,
    address: str = "",
    kind: str = "own",
    party_id: int | None = None,
) -> int:
    """Create a warehouse with the docks its kind needs. Returns its id.

    Raises InvalidInput (nothing given for a subcontractor), RuleRefused (code or exit code taken).
    """
    require({"code": code, "name": name, "exit_code": exit_code}, ("code", "name", "exit_code"))
    _check_party(kind, party_id)
    warehouse_id = uow.scalar(
        "INSERT INTO warehouse (code, name, exit_code, address, kind, party_id)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        (code, name, exit_code, address, kind, party_id),
    )
    _make_docks(uow, warehouse_id)
    uow.touch("place")
    return int(warehouse_id)


def change_warehouse(
    uow: UnitOfWork, warehouse_id: int, values: Mapping[str, Any], version: int | None = None
) -> int:
    """Change name, exit code, address, kind … of a warehouse. Returns its id.

    ``version`` None takes the newest. Raises StaleDocument, RuleRefused when the kind of a
    used warehouse is to change.
    """
    require(values, ("code", "name", "exit_code"))
    names = ("code", "name", "exit_code", "address", "kind", "party_id", "is_active")
    known = {
        name: values[name]
        for name in names
        if values.get(name) is not None or (name == "party_id" and name in values)
    }
    known["address"] = values.get("address") or ""
    if "kind" in known:
        _check_party(str(known["kind"]), known.get("party_id"))
    else:
        known.pop("party_id", None)
    if version is None:
        version = uow.scalar("SELECT version FROM warehouse WHERE id = %s", (warehouse_id,))
    saved = save_record(uow, "warehouse", known, warehouse_id, version)
    _make_docks(uow, warehouse_id)
    uow.touch("place")
    return saved


def _check_party(kind: str, party_id: int | None) -> None:
    if kind == "subcontractor" and party_id is None:
        text = Message(N_("Which subcontractor does it stand for?"))
        raise InvalidInput((FieldProblem("party_id", text),))


def _make_docks(uow: UnitOfWork, warehouse_id: int) -> None:
    """The docks of the warehouse's kind that it does not have yet."""
    code, kind = uow.one(
        lambda *row: row, "SELECT code, kind FROM warehouse WHERE id = %s", (warehouse_id,)
    )
    wanted = DOCKS if kind == "own" else (HOLD,) if kind in QUARANTINE else ()
    uow.execute(
        "INSERT INTO location (code, name, kind, warehouse_id)"
        " SELECT u.code, u.name, u.kind, %(id)s FROM unnest(%(codes)s::text[], %(names)s::text[],"
        " %(kinds)s::text[]) AS u(code, name, kind) WHERE NOT EXISTS (SELECT 1 FROM location l"
        " WHERE l.warehouse_id = %(id)s AND l.kind = u.kind AND l.is_active)",
        {
            "id": warehouse_id,
            "codes": [f"{code}-{suffix}" for suffix, _, _ in wanted],
            "names": [title for _, title, _ in wanted],
            "kinds": [kind for _, _, kind in wanted],
        },
    )


def save_bins(uow: UnitOfWork, warehouse_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Create bins in walking order. Returns code to location id."""
    return make_bins(uow, warehouse_id, [place_of_code(code) for code in codes])


def make_bins(uow: UnitOfWork, warehouse_id: int, bins: Sequence[BinSpec]) -> dict[str, int]:
    """Create bins at the end of the walking order, knowing where they are.

    In a quality or defective warehouse they are holds. Returns code to location id. Raises
    InvalidInput naming codes that exist or that no scanner would read back, RuleRefused for a
    warehouse without bins.
    """
    _check_new(uow, bins)
    columns = list(zip(*((b.code, b.zone, b.aisle, b.rack, b.level) for b in bins), strict=True))
    rows = uow.execute(
        "INSERT INTO location (code, name, kind, warehouse_id, zone, aisle, rack, level, route_seq)"
        " SELECT u.code, u.code, CASE WHEN w.kind = ANY(%s) THEN 'hold' ELSE 'bin' END, w.id,"
        " u.zone, u.aisle, u.rack, u.level, u.n + last.seq FROM warehouse w"
        " CROSS JOIN LATERAL (SELECT coalesce(max(l.route_seq), 0) AS seq FROM location l"
        " WHERE l.warehouse_id = w.id) last, unnest(%s::text[], %s::text[],"
        " %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS u(code, zone, aisle, rack, level, n)"
        " WHERE w.id = %s RETURNING code, id",
        (list(QUARANTINE), *(list(column) for column in columns), warehouse_id),
    ).fetchall()
    uow.touch("place")
    return dict(rows)


def _check_new(uow: UnitOfWork, bins: Sequence[BinSpec]) -> None:
    if not bins:
        raise _wrong(N_("There is no bin to be made."))
    for spec in bins:
        try:
            bin_code(spec.code)
        except CodeNotPrintable as error:
            raise InvalidInput((FieldProblem("bins", error.message),)) from error
    taken = uow.execute(
        "SELECT code FROM location WHERE upper(code) = ANY(%s) ORDER BY code",
        ([spec.code.upper() for spec in bins],),
    ).fetchall()
    if taken:
        codes = ", ".join(code for (code,) in taken[:5]) + (" …" if len(taken) > 5 else "")
        raise _wrong(
            N_("{count} of these bins exist already: {codes}"), count=len(taken), codes=codes
        )


def _wrong(text: str, **values: Any) -> InvalidInput:
    return InvalidInput((FieldProblem("bins", Message(text, values)),))


_CHANGE = """
UPDATE location l SET code = g.code, name = CASE WHEN l.name = l.code THEN g.code ELSE l.name END,
       zone = g.zone, aisle = g.aisle, rack = g.rack, level = g.level, is_active = g.is_active
FROM jsonb_to_recordset(%(rows)s) AS g(id bigint, code text, zone text, aisle text, rack text,
                                       level text, is_active boolean)
WHERE l.id = g.id AND l.warehouse_id = %(warehouse)s
  AND (l.code, l.zone, l.aisle, l.rack, l.level, l.is_active)
      IS DISTINCT FROM (g.code, g.zone, g.aisle, g.rack, g.level, g.is_active)
"""


def change_bins(uow: UnitOfWork, warehouse_id: int, rows: Sequence[Mapping[str, Any]]) -> int:
    """Rename, place or close bins; each row has id, code, zone, aisle, rack, level, is_active.

    Returns how many changed. Raises InvalidInput for an empty code or one that cannot be
    scanned, RuleRefused when a closed bin is not empty or a code is taken.
    """
    given = []
    for number, row in enumerate(rows, start=1):
        code = str(row["code"]).strip()
        try:
            bin_code(code)
        except CodeNotPrintable as error:
            raise InvalidInput((FieldProblem("code", error.message, number),)) from error
        texts = {n: str(row.get(n) or "").strip() for n in ("zone", "aisle", "rack", "level")}
        given.append(
            {"id": row["id"], "code": code, "is_active": bool(row.get("is_active", True)), **texts}
        )
    changed = uow.execute(_CHANGE, {"warehouse": warehouse_id, "rows": Jsonb(given)})
    uow.touch("place")
    return changed.rowcount


def save_route(uow: UnitOfWork, warehouse_id: int, location_ids: Sequence[int]) -> int:
    """Walk the bins in this order; those not named follow in their present order.

    Returns how many have another number now.
    """
    present = uow.execute(
        f"SELECT p.id FROM location p WHERE p.warehouse_id = %s AND {ON_ROUTE.format(place='p')}"
        " ORDER BY p.route_seq, p.code",
        (warehouse_id,),
    ).fetchall()
    known = [location_id for (location_id,) in present]
    of_warehouse = set(known)
    wanted = [location_id for location_id in location_ids if location_id in of_warehouse]
    order = list(dict.fromkeys([*wanted, *known]))
    changed = uow.execute(
        "UPDATE location l SET route_seq = g.n FROM unnest(%s::bigint[]) WITH ORDINALITY AS g(id, n)"
        " WHERE l.id = g.id AND l.route_seq <> g.n",
        (order,),
    )
    uow.touch("place")
    return changed.rowcount


def make_route(uow: UnitOfWork, warehouse_id: int, order: str = "serpentine") -> int:
    """A walking route made by the program (a key of ``ORDERS``). Returns how many bins moved.

    Bins that do not know where they are learn it from their codes first.
    """
    _place_by_code(uow, warehouse_id)
    return save_route(uow, warehouse_id, ORDERS[order](stops(uow, warehouse_id)))


def _place_by_code(uow: UnitOfWork, warehouse_id: int) -> None:
    """Aisle, rack and level of bins that have none of them, as their codes tell."""
    warehouse = str(uow.scalar("SELECT code FROM warehouse WHERE id = %s", (warehouse_id,)) or "")
    lost = [
        {"id": stop.id, **asdict(place_of_code(stop.code, warehouse, stop.zone))}
        for stop in stops(uow, warehouse_id)
        if not (stop.aisle or stop.rack or stop.level)
    ]
    if lost:
        change_bins(uow, warehouse_id, lost)
