"""Sealing days and checking that nobody changed what was sealed (N4, N5).

The hash chain itself is made by the database (models/sql/60_seal.sql); this module decides
which days, and says in words what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork

_TEXTS = {
    ("a", "changed"): N_("{day}: act {id} of {number} was changed after the day was sealed."),
    ("a", "missing"): N_("{day}: act {id} is missing; it was there when the day was sealed."),
    ("a", "added"): N_("{day}: act {id} of {number} was added after the day was sealed."),
    ("m", "changed"): N_("{day}: move {id} of {number} was changed after the day was sealed."),
    ("m", "missing"): N_("{day}: move {id} is missing; it was there when the day was sealed."),
    ("m", "added"): N_("{day}: move {id} of {number} was added after the day was sealed."),
    ("seal", "chain_broken"): N_("{day}: the seal itself does not fit its day or the day before."),
}
TABLES = {"a": "act", "m": "stock_move", "seal": "day_seal"}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed: ``table`` and ``row_id`` name the very row."""

    day: date
    table: str
    row_id: int | None
    what: str
    message: Message


@dataclass(frozen=True)
class Difference:
    """A balance that is not what the ledger adds up to."""

    item: str
    place: str
    lot: str
    on_hand: Decimal
    by_ledger: Decimal

    @property
    def message(self) -> Message:
        """The difference in words."""
        return Message(
            N_("{item} at {place}: the balance says {on_hand}, the ledger {by_ledger}."),
            {
                "item": self.item,
                "place": f"{self.place} {self.lot}".strip(),
                "on_hand": f"{self.on_hand.normalize():f}",
                "by_ledger": f"{self.by_ledger.normalize():f}",
            },
        )


@dataclass(frozen=True)
class VerifyReport:
    """``days``: how many sealed days were read; ``unsealed``: past days that have no seal yet."""

    days: int
    unsealed: tuple[date, ...]
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]

    @property
    def is_clean(self) -> bool:
        """True when every sealed row is as it was and every balance fits the ledger."""
        return not self.findings and not self.differences


def seal_days(uow: UnitOfWork, up_to: date | None = None) -> tuple[date, ...]:
    """Seal every past day that has acts and no seal yet, up to ``up_to`` included.

    Days are sealed in order; a day before the newest seal can no longer be sealed and is
    reported by :func:`verify`. Returns the days sealed now. Raises PermissionDenied.
    """
    # One sealer at a time: the chain has one end.
    uow.execute("SELECT pg_advisory_xact_lock(hashtext('stockproof.seal'))")
    sealed = []
    for day in _unsealed(uow):
        newest = uow.scalar("SELECT max(day) FROM day_seal")
        if (up_to is None or day <= up_to) and (newest is None or day > newest):
            uow.execute("SELECT seal_day(%s)", (day,))
            sealed.append(day)
    if sealed:
        uow.touch("seal")
    return tuple(sealed)


def verify(uow: UnitOfWork) -> VerifyReport:
    """Check every sealed day row by row and every balance against the ledger.

    Raises PermissionDenied without the right to verify.
    """
    days = [row[0] for row in uow.execute("SELECT day FROM day_seal ORDER BY day").fetchall()]
    found: list[tuple[date, str, int | None, str]] = []
    for day in days:
        rows = uow.execute(
            "SELECT source, row_id, finding FROM verify_day(%s) ORDER BY 1, 2", (day,)
        )
        found += [(day, *row) for row in rows.fetchall()]
    return VerifyReport(len(days), _unsealed(uow), _findings(uow, found), tuple(check_ledger(uow)))


def check_ledger(uow: UnitOfWork) -> list[Difference]:
    """Every balance that differs from the sum of its moves; empty is what it should be."""
    return uow.all(
        Difference,
        "SELECT coalesce(i.code, x.item_id::text), coalesce(l.code, x.location_id::text),"
        " coalesce(o.code, x.lot_id::text), x.on_hand, x.by_ledger FROM ledger_differences() x"
        " LEFT JOIN item i ON i.id = x.item_id LEFT JOIN location l ON l.id = x.location_id"
        " LEFT JOIN lot o ON o.id = x.lot_id ORDER BY 1, 2, 3",
    )


def _unsealed(uow: UnitOfWork) -> tuple[date, ...]:
    """Past days with acts and without a seal. The seal counts days in UTC."""
    rows = uow.execute(
        "SELECT DISTINCT (a.at AT TIME ZONE 'UTC')::date AS day FROM act a"
        " WHERE a.at < (now() AT TIME ZONE 'UTC')::date AT TIME ZONE 'UTC'"
        " EXCEPT SELECT day FROM day_seal ORDER BY day"
    ).fetchall()
    return tuple(row[0] for row in rows)


def _findings(
    uow: UnitOfWork, found: Sequence[tuple[date, str, int | None, str]]
) -> tuple[Finding, ...]:
    numbers = {
        "a": _numbers(
            uow,
            "SELECT a.id, d.number FROM act a JOIN document d ON d.id ="
            " a.document_id WHERE a.id = ANY(%s)",
            found,
            "a",
        ),
        "m": _numbers(
            uow,
            "SELECT m.id, d.number FROM stock_move m JOIN act a ON a.id = m.act_id"
            " JOIN document d ON d.id = a.document_id WHERE m.id = ANY(%s)",
            found,
            "m",
        ),
    }
    return tuple(
        Finding(
            day,
            TABLES[source],
            row_id,
            what,
            Message(
                _TEXTS[source, what],
                {
                    "day": day.isoformat(),
                    "id": row_id,
                    "number": numbers.get(source, {}).get(row_id, "?"),
                },
            ),
        )
        for day, source, row_id, what in found
    )


def _numbers(
    uow: UnitOfWork,
    statement: str,
    found: Sequence[tuple[date, str, int | None, str]],
    source: str,
) -> dict[int | None, str]:
    ids = [row_id for _, known, row_id, _ in found if known == source]
    return dict(uow.execute(statement, (ids,)).fetchall()) if ids else {}
