"""Tax rates as dated rows and the levels customers buy at: a page of each company's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.errors import FieldProblem, InvalidInput, StaleRecord
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.database.unit_of_work import UnitOfWork

_TAXES = "SELECT code, valid_from, name, rate FROM tax_rate ORDER BY code, valid_from"
_LEVELS = "SELECT code, name FROM price_level ORDER BY position, code"

Row = Mapping[str, Any]


def price_rules(uow: UnitOfWork, _record_id: int = 1) -> dict[str, Any]:
    """``taxes`` and ``levels`` as rows; ``version`` tells them from later ones."""
    taxes, levels = uow.execute(_TAXES).fetchall(), uow.execute(_LEVELS).fetchall()
    return {
        "name": tr("Taxes and price levels"),
        "taxes": [
            {"code": code, "valid_from": day, "name": tr(name), "rate": rate}
            for code, day, name, rate in taxes
        ],
        "levels": [{"code": code, "name": name} for code, name in levels],
        "version": _stamp((taxes, levels)),
    }


def save_price_rules(uow: UnitOfWork, values: Mapping[str, Any], version: str | None = None) -> int:
    """Keep exactly these rows. Returns 1, the id of the only such record.

    A code or level in use cannot go. Raises InvalidInput, StaleDocument.
    """
    uow.execute("LOCK TABLE tax_rate, price_level IN SHARE ROW EXCLUSIVE MODE")
    present = (uow.execute(_TAXES).fetchall(), uow.execute(_LEVELS).fetchall())
    if version is not None and version != _stamp(present):
        raise StaleRecord
    _save_taxes(uow, values["taxes"])
    _save_levels(uow, values["levels"])
    uow.touch("price_rules", "item")
    return 1


def _save_taxes(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    keys = [(str(row["code"]).strip(), row["valid_from"]) for row in rows]
    _once(keys, "taxes", N_("The code {code} has two rates from {day} on."))
    used = uow.scalar(
        "SELECT i.tax_code || ' (' || i.code || ')' FROM item i WHERE i.tax_code <> ''"
        " AND i.tax_code <> ALL(%s) AND EXISTS (SELECT 1 FROM tax_rate t WHERE t.code = i.tax_code)"
        " LIMIT 1",
        ([code for code, _day in keys],),
    )
    if used is not None:
        raise _problem("taxes", N_("The tax code {code} is used and cannot go."), code=used)
    given = {
        "codes": [code for code, _day in keys],
        "days": [day for _code, day in keys],
        "names": [str(row["name"]).strip() for row in rows],
        "rates": [row["rate"] for row in rows],
    }
    uow.execute(
        "DELETE FROM tax_rate t WHERE NOT EXISTS (SELECT 1 FROM"
        " unnest(%(codes)s::text[], %(days)s::date[]) AS g(code, day)"
        " WHERE g.code = t.code AND g.day = t.valid_from)",
        given,
    )
    uow.execute(
        "INSERT INTO tax_rate AS t (code, valid_from, name, rate) SELECT * FROM"
        " unnest(%(codes)s::text[], %(days)s::date[], %(names)s::text[], %(rates)s::numeric[])"
        " ON CONFLICT (code, valid_from) DO UPDATE SET name = excluded.name, rate = excluded.rate"
        " WHERE (t.name, t.rate) IS DISTINCT FROM (excluded.name, excluded.rate)",
        given,
    )


def _save_levels(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    codes = [str(row["code"]).strip() for row in rows]
    _once([(code, "") for code in codes], "levels", N_("The level {code} stands there twice."))
    used = uow.scalar(
        "SELECT v.code FROM price_level v WHERE v.code <> ALL(%(codes)s) AND"
        " (EXISTS (SELECT 1 FROM party p WHERE p.price_level = v.code)"
        " OR EXISTS (SELECT 1 FROM item_level_price x WHERE x.level = v.code)) LIMIT 1",
        {"codes": codes},
    )
    if used is not None:
        raise _problem("levels", N_("The level {code} is used by customers or prices."), code=used)
    uow.execute("DELETE FROM price_level WHERE code <> ALL(%s)", (codes,))
    for position, (code, row) in enumerate(zip(codes, rows, strict=True)):
        uow.execute(
            "INSERT INTO price_level (code, name, position) VALUES (%s, %s, %s)"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name, position = excluded.position",
            (code, str(row["name"]).strip(), position),
        )


def _once(keys: Sequence[tuple[str, Any]], field: str, text: str) -> None:
    for code, day in keys:
        if not code or keys.count((code, day)) > 1:
            raise _problem(field, text, code=code, day=str(day))


def _stamp(rows: Any) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _problem(field: str, text: str, **values: Any) -> InvalidInput:
    return InvalidInput((FieldProblem(field, Message(text, values)),))
