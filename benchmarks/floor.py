"""The floor: the same durable result as the real services, by hand, without guards.

Each function is one transaction: arrays and ``unnest``, balance rows locked in key order,
everything that needs no answer in one psycopg pipeline, the number row last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg import Connection
from psycopg.types.json import Jsonb

SUPPLIER, CUSTOMER, DOCK, STAGING = 1, 2, 3, 4
FIRST_BIN = 10
ZERO = Decimal(0)
BEGIN, COMMIT = b"BEGIN", b"COMMIT"
"""Said by hand, as the program does: psycopg's own ``commit`` in a pipeline waits once more."""
DOC = "(SELECT currval('doc_id_seq'))"
_NEW = (
    "WITH d AS (INSERT INTO doc (kind, state, party) VALUES (%s, %s, %s) RETURNING id),"
    " h AS (INSERT INTO doc_state (doc, uuid, verb, state, pc) SELECT d.id, u.uuid, u.verb, u.state,"
    " %s FROM d, unnest(%s::uuid[], %s::text[], %s::text[]) AS u(uuid, verb, state))"
    " INSERT INTO doc_line (doc, line_no, product, qty, source, target) SELECT d.id, u.*"
    " FROM d, unnest(%s::int[], %s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[]) AS u"
)
_LEDGER = (
    "INSERT INTO ledger (doc, line_no, product, place, qty) SELECT {doc}, u.* FROM"
    " unnest(%s::int[], %s::bigint[], %s::bigint[], %s::numeric[]) AS u"
)
_ADD = (
    "INSERT INTO balance AS b (product, place, qty) SELECT u.* FROM"
    " unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS u ORDER BY 1, 2"
    " ON CONFLICT (product, place) DO UPDATE SET qty = b.qty + excluded.qty"
)
_TAKE = (
    "UPDATE balance b SET qty = b.qty - u.qty, reserved = b.reserved - u.held FROM"
    " unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[]) AS u(product, place, qty, held)"
    " WHERE b.product = u.product AND b.place = u.place"
)
_LOCK = (
    "SELECT b.product, b.place, b.qty, b.reserved FROM balance b JOIN unnest(%s::bigint[],"
    " %s::bigint[]) AS u(product, place) ON b.product = u.product AND b.place = u.place"
    " ORDER BY b.product, b.place FOR NO KEY UPDATE OF b"
)
_NUMBER = (
    "WITH n AS (INSERT INTO counter AS c (kind, day, last_no) VALUES (%s, current_date, 1)"
    " ON CONFLICT (kind, day) DO UPDATE SET last_no = c.last_no + 1 RETURNING last_no)"
    f" UPDATE doc SET number = %s || to_char(current_date, '-YYYYMMDD-') || lpad(n.last_no::text, 4,"
    f" '0') FROM n WHERE id = {DOC} RETURNING doc.number"
)


class Short(Exception):
    """Lines that ask for more than is free: (product, place, wanted, free)."""


@dataclass(frozen=True)
class Line:
    """``qty`` of a product from a place to a place."""

    product: int
    qty: Decimal
    source: int
    target: int


def create(connection: Connection[Any], products: int, bins: int) -> None:
    """Schema, products 1…n, places and one party."""
    connection.execute(Path(__file__).with_suffix(".sql").read_bytes(), prepare=False)
    connection.execute(
        "INSERT INTO product SELECT n, 'P' || n FROM generate_series(1, %s) n", (products,)
    )
    connection.execute(
        "INSERT INTO place VALUES (1, 'SUPPLIER'), (2, 'CUSTOMER'), (3, 'DOCK'), (4, 'STAGING')"
    )
    connection.execute(
        "INSERT INTO place SELECT %s + n, 'B' || n FROM generate_series(0, %s) n",
        (FIRST_BIN, bins - 1),
    )
    connection.execute("INSERT INTO party VALUES (1, 'Somebody')")
    connection.commit()


def drop_foreign_keys(connection: Connection[Any]) -> None:
    """Turn this floor into the bare one of docs/adr/0007-bench.md."""
    rows = connection.execute(
        "SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', conrelid::regclass, conname)"
        " FROM pg_constraint WHERE contype = 'f'"
    ).fetchall()
    for (statement,) in rows:
        connection.execute(statement)
    connection.commit()


def stock_up(
    connection: Connection[Any], products: Sequence[int], place: int, qty: Decimal
) -> None:
    """Goods to begin with, straight into the balances (not measured)."""
    connection.execute(_ADD, (list(products), [place] * len(products), [qty] * len(products)))
    connection.commit()


def receive(connection: Connection[Any], lines: Sequence[Line]) -> str:
    """A receipt: nothing can be short, so all of it goes to the server at once."""
    with connection.pipeline():
        connection.execute(BEGIN, prepare=False)
        _new(connection, "receipt", ("create", "receive"), "received", lines)
        _write(connection, lines)
        connection.execute(_ADD, _sums((line.product, line.target, line.qty) for line in lines))
        asked = connection.execute(_NUMBER, ("receipt", "R"))
        connection.execute(COMMIT, prepare=False)
    row = asked.fetchone()
    assert row is not None
    return str(row[0])


def move(connection: Connection[Any], lines: Sequence[Line]) -> str:
    """Between places of ours: both sides locked in one order, shortages told by line."""
    keys = sorted(
        {k for line in lines for k in ((line.product, line.source), (line.product, line.target))}
    )
    with connection.pipeline():
        connection.execute(BEGIN, prepare=False)
        _new(connection, "move", ("create", "move"), "posted", lines)
        connection.execute(_ADD, _sums((p, place, ZERO) for p, place in keys))
        locked = connection.execute(_LOCK, _columns(keys))
    found = locked.fetchall()
    _refuse_short(found, lines, held=False)
    with connection.pipeline():
        _write(connection, lines)
        change = [(line.product, line.source, line.qty) for line in lines]
        change += [(line.product, line.target, -line.qty) for line in lines]
        products, places, quantities = _sums(change)
        connection.execute(_TAKE, (products, places, quantities, [ZERO] * len(products)))
        asked = connection.execute(_NUMBER, ("move", "M"))
        connection.execute(COMMIT, prepare=False)
    row = asked.fetchone()
    assert row is not None
    return str(row[0])


def prepare_shipment(connection: Connection[Any], lines: Sequence[Line]) -> int:
    """An order, and its shipment that stands verified and reserved at the dock (not measured)."""
    _new(connection, "order", ("create",), "picking", lines)
    order = connection.execute(f"SELECT {DOC}").fetchone()
    _new(connection, "shipment", ("create", "pick", "verify"), "verified", lines)
    connection.execute(_NUMBER, ("shipment", "S"))
    row = connection.execute(
        f"UPDATE doc SET origin = %s WHERE id = {DOC} RETURNING id", order
    ).fetchone()
    assert row is not None
    connection.execute(
        "INSERT INTO reservation (line, product, place, qty, qty_open) SELECT id, product, source, qty,"
        " qty FROM doc_line WHERE doc = %s",
        row,
    )
    products, places, quantities = _sums((line.product, line.source, line.qty) for line in lines)
    connection.execute(
        "INSERT INTO balance AS b (product, place, qty, reserved) SELECT u.p, u.l, u.q, u.q FROM"
        " unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS u(p, l, q) ORDER BY 1, 2"
        " ON CONFLICT (product, place) DO UPDATE SET qty = b.qty + excluded.qty,"
        " reserved = b.reserved + excluded.reserved",
        (products, places, quantities),
    )
    connection.commit()
    return int(row[0])


def ship(connection: Connection[Any], doc: int, waybill: str) -> None:
    """Out of the door: the verified shipment's goods leave, its reservations end."""
    with connection.pipeline():
        connection.execute(BEGIN, prepare=False)
        head = connection.execute(
            "SELECT d.state, d.origin FROM doc d JOIN doc o ON o.id = d.origin WHERE d.id = %s"
            " FOR NO KEY UPDATE",
            (doc,),
        )
        asked = connection.execute(
            "SELECT l.id, l.product, l.qty, l.source, l.target FROM doc_line l WHERE l.doc = %s"
            " ORDER BY l.line_no",
            (doc,),
        )
        locked = connection.execute(
            "SELECT b.product, b.place, b.qty, b.reserved FROM balance b WHERE (b.product, b.place) IN"
            " (SELECT product, source FROM doc_line WHERE doc = %s)"
            " ORDER BY b.product, b.place FOR NO KEY UPDATE",
            (doc,),
        )
    state = head.fetchone()
    rows = asked.fetchall()
    found = locked.fetchall()
    if state is None or state[0] != "verified":
        raise Short("not verified")
    lines = [Line(*row[1:]) for row in rows]
    _refuse_short(found, lines, held=True)
    with connection.pipeline():
        _write(connection, lines, doc)
        products, places, quantities = _sums((x.product, x.source, x.qty) for x in lines)
        connection.execute(_TAKE, (products, places, quantities, quantities))
        connection.execute(
            "UPDATE reservation SET qty_open = 0 WHERE line = ANY(%s)", ([row[0] for row in rows],)
        )
        connection.execute(
            "INSERT INTO doc_state (doc, uuid, verb, state, evidence, pc) VALUES (%s, %s, 'ship',"
            " 'shipped', %s, 'PC'), (%s, %s, 'ship', 'done', '{}', 'PC')",
            (doc, uuid4(), Jsonb({"exit_code": "EXIT", "waybill": waybill}), state[1], uuid4()),
        )
        connection.execute(
            "UPDATE doc SET state = 'shipped', waybill = %s WHERE id = %s", (waybill, doc)
        )
        connection.execute("UPDATE doc SET state = 'done' WHERE id = %s", (state[1],))
        connection.execute(COMMIT, prepare=False)


def _new(
    connection: Connection[Any], kind: str, verbs: Sequence[str], state: str, lines: Sequence[Line]
) -> None:
    connection.execute(
        _NEW,
        (
            kind,
            state,
            1,
            "PC",
            [uuid4() for _ in verbs],
            list(verbs),
            [state] * len(verbs),
            list(range(1, len(lines) + 1)),
            [x.product for x in lines],
            [x.qty for x in lines],
            [x.source for x in lines],
            [x.target for x in lines],
        ),
    )


def _write(connection: Connection[Any], lines: Sequence[Line], doc: int | None = None) -> None:
    """Two signed rows a line: out of one place, into the other. None: of the newest document."""
    arrays = (
        list(range(1, len(lines) + 1)) * 2,
        [x.product for x in lines] * 2,
        [x.source for x in lines] + [x.target for x in lines],
        [-x.qty for x in lines] + [x.qty for x in lines],
    )
    if doc is None:
        connection.execute(_LEDGER.format(doc=DOC), arrays)
    else:
        connection.execute(_LEDGER.format(doc="%s::bigint"), (doc, *arrays))


def _sums(rows: Any) -> tuple[list[int], list[int], list[Decimal]]:
    """One entry per balance row, in key order."""
    totals: dict[tuple[int, int], Decimal] = {}
    for product, place, qty in rows:
        totals[product, place] = totals.get((product, place), ZERO) + qty
    keys = sorted(totals)
    return [k[0] for k in keys], [k[1] for k in keys], [totals[k] for k in keys]


def _columns(keys: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [k[0] for k in keys], [k[1] for k in keys]


def _refuse_short(found: Sequence[Any], lines: Sequence[Line], *, held: bool) -> None:
    free = {(p, place): qty if held else qty - reserved for p, place, qty, reserved in found}
    short = []
    for line in lines:
        key = (line.product, line.source)
        if free.get(key, ZERO) < line.qty:
            short.append((*key, line.qty, free.get(key, ZERO)))
        free[key] = free.get(key, ZERO) - line.qty
    if short:
        raise Short(short)
