"""GS1 Digital Link addresses: the same elements as in a bar code, written as a web address.

After the GS1 Digital Link standard, URI syntax: a primary key and its qualifiers stand in
the path, everything else in the query. Addresses are read, never opened.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.gs1_elements import Element, check
from desktop_app.domain.gs1_table import identifiers

_ADDRESS = re.compile(r"(?:https?|HTTPS?)://([^/?#\s]+)(/[^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?")
_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ORDER = N_("The web address has its GS1 parts in an order that is not allowed.")
_ATTRIBUTE = N_("({ai}) may not stand in the query of a GS1 web address.")
_DAMAGED = N_("The web address in the code is damaged. Scan again.")


def elements(text: str) -> tuple[Element, ...] | Message | None:
    """The elements of a Digital Link; None when ``text`` is no such address, or a sentence.

    Keys of the query that are not numbers are the shop's own business and left out.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    _, path, query = found.groups()
    parts = path.split("/")[1:]
    start = _key_place(parts)
    if start is None:
        return None
    if _HEX.search(path + (query or "")):
        return Message(_DAMAGED)
    in_path = _path_elements(parts[start:])
    if isinstance(in_path, Message):
        return in_path
    in_query = _query_elements(query or "")
    if isinstance(in_query, Message):
        return in_query
    every = (*in_path, *in_query)
    for ai, value in every:
        problem = check(ai, value)
        if problem is not None:
            return problem
    return every


def _key_place(parts: list[str]) -> int | None:
    """Where the primary key stands: the last one from which only known pairs follow."""
    for place in range(len(parts) - 2, -1, -1):
        table = identifiers()
        follow = parts[place::2]
        if parts[place] in table and table[parts[place]].path is not None:
            whole = (len(parts) - place) % 2 == 0
            if whole and all(ai in table for ai in follow):
                return place
    return None


def _path_elements(parts: list[str]) -> tuple[Element, ...] | Message:
    pairs = [(parts[n], unquote(parts[n + 1])) for n in range(0, len(parts), 2)]
    key, qualifiers = pairs[0], [ai for ai, _ in pairs[1:]]
    orders = identifiers()[key[0]].path or ((),)
    if not any(_in_order(qualifiers, order) for order in orders):
        return Message(_ORDER)
    return tuple(pairs)


def _in_order(present: list[str], order: tuple[str, ...]) -> bool:
    places = [order.index(ai) for ai in present if ai in order]
    return len(places) == len(present) and places == sorted(set(places))


def _query_elements(query: str) -> tuple[Element, ...] | Message:
    found: list[Element] = []
    for pair in re.split("[&;]", query):
        ai, _, value = pair.partition("=")
        if not ai.isdigit():
            continue
        if ai not in identifiers() or not identifiers()[ai].attribute:
            return Message(_ATTRIBUTE, {"ai": ai})
        found.append((ai, unquote(value.replace("+", " "))))
    return tuple(found)
