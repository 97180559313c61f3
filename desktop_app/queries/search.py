"""Find anything: items and partners by code, name, specification, barcode, partner's code,
pinyin and initials, in any order, on 100,000 records while somebody types.

``models/sql/24_search.sql`` keeps the indexes; here a typed text becomes what they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.gs1 import gtin_spellings
from desktop_app.domain.pinyin_search import search_words

MOST = 200
"""Candidates per way of finding; among them the best are shown."""
MOST_OF_LIST = 2_000
"""A list narrows by ids up to here; a more common word is found by walking the list."""
ROLES = {
    "customer": "is_customer",
    "supplier": "is_supplier",
    "subcontractor": "is_subcontractor",
    "carrier": "is_carrier",
}


@dataclass(frozen=True)
class Found:
    """A record that answers: ``via`` is the barcode, partner's code or old code it was found
    by; ``subtitle`` the specification of an item, the code of a partner.
    """

    id: int
    code: str
    name: str
    subtitle: str
    via: str | None
    merged: bool


def grams(words: list[str]) -> list[str]:
    """What every match has in its index: pairs of letters, Chinese characters alone."""
    found: dict[str, None] = {}
    for word in words:
        if len(word) == 1:
            found[word if word > "\x7f" else f" {word}"] = None
            continue
        found.update((word[place : place + 2], None) for place in range(len(word) - 1))
    return list(found)


def likes(words: list[str]) -> list[str]:
    """Patterns that a text with a space before it must all match."""
    return [
        f"% {_escape(word)}%" if len(word) == 1 and word <= "\x7f" else f"%{_escape(word)}%"
        for word in words
    ]


_ITEMS = (
    "SELECT i.id, i.code, i.name, i.spec, f.via, f.merged"
    " FROM find_records('item', %(typed)s, %(grams)s, %(likes)s, %(codes)s, '', false, %(most)s)"
    " WITH ORDINALITY f(id, via, merged, place, n) JOIN item i ON i.id = f.id ORDER BY f.n LIMIT %(limit)s"
)
_PARTIES = (
    "SELECT p.id, p.code, p.name, p.code, f.via, f.merged"
    " FROM find_records('party', %(typed)s, %(grams)s, %(likes)s, %(codes)s, %(role)s, false,"
    " %(most)s) WITH ORDINALITY f(id, via, merged, place, n) JOIN party p ON p.id = f.id"
    " ORDER BY f.n LIMIT %(limit)s"
)
_FIRST_ITEMS = "SELECT id, code, name, spec, NULL, false FROM item WHERE is_active ORDER BY code LIMIT %(limit)s"
_FIRST_PARTIES = (
    "SELECT id, code, name, code, NULL, false FROM party WHERE is_active AND {role}"
    " ORDER BY code LIMIT %(limit)s"
)


def find_items(uow: UnitOfWork, typed: str, limit: int) -> list[Found]:
    """Active items, best first: exact code, start of the code, barcode, then the rest."""
    return _found(uow, _ITEMS, _FIRST_ITEMS, typed, limit)


def find_parties(uow: UnitOfWork, typed: str, limit: int, role: str = "") -> list[Found]:
    """Active partners of a role ("customer", "supplier" …, "" for all), best first."""
    column = ROLES.get(role, "")
    first = _FIRST_PARTIES.format(role=column or "true")
    return _found(uow, _PARTIES, first, typed, limit, column)


def _found(
    uow: UnitOfWork, statement: str, first: str, typed: str, limit: int, role: str = ""
) -> list[Found]:
    words = search_words(typed)
    if not words:
        return uow.all(Found, first, {"limit": limit})
    params = _asked(typed, words) | {"role": role, "most": max(MOST, limit), "limit": limit}
    return uow.all(Found, statement, params)


def ids_of_list(uow: UnitOfWork, kind: str, typed: str) -> list[int] | None:
    """Ids of the "item" or "party" rows with all the words, retired ones too.

    None when there are more than :data:`MOST_OF_LIST`: walking the list finds them sooner.
    """
    words = search_words(typed)
    rows = uow.execute(
        "SELECT id FROM find_records(%(kind)s, %(typed)s, %(grams)s, %(likes)s, %(codes)s, '',"
        " true, %(most)s)",
        _asked(typed, words) | {"kind": kind, "most": MOST_OF_LIST + 1},
    ).fetchall()
    return None if len(rows) > MOST_OF_LIST else [row[0] for row in rows]


def _asked(typed: str, words: list[str]) -> dict[str, object]:
    plain = typed.strip()
    return {
        "typed": " ".join(words),
        "grams": grams(words),
        "likes": likes(words),
        "codes": list(gtin_spellings(plain)),
    }


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
