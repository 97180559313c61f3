"""Headings and words compared as people mean them: case, width, stars and blanks do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from desktop_app.core.i18n import tr
from desktop_app.exchange.importing.fields import ImportField

_INK = re.compile(r"[\s*_\-./:：;；#＊、,，'’\"“”]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
_UNIT = re.compile(r"(.+?)\s*[(（\[【]\s*([^()（）\[\]【】]*?)\s*[)）\]】]\s*[*＊]?\s*")
_CURRENCY = re.compile(r"\s*[¥￥$€£]\s*$")
_NO_UNIT = frozenset(
    ("", "必填", "选填", "可选", "required", "optional", "元", "人民币", "¥", "$", "€", "£",
     "rmb", "cny", "usd", "eur", "gbp", "%")
)  # fmt: skip
"""What stands in brackets behind a heading without changing the number."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``text`` for comparing: "Item  Code*" and "item_code" are the same."""
    return _INK.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a Latin heading: "UnitCost" and "unit_cost" are ("unit", "cost")."""
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text))
    return tuple(word for word in _BETWEEN.split(text.casefold()) if word)


@lru_cache(maxsize=4096)
def split_unit(title: str) -> tuple[str, str]:
    """A heading and the unit in brackets behind it: "重量(kg)" is ("重量", "kg")."""
    title = unicodedata.normalize("NFKC", _CURRENCY.sub("", title)).strip()
    found = _UNIT.fullmatch(title)
    if found is None:
        return title, ""
    unit = found[2].casefold()
    return found[1], "" if unit in _NO_UNIT else unit


def names_of(field: ImportField) -> tuple[str, ...]:
    """What the heading of a field may be, the likelier first."""
    return tuple(dict.fromkeys((tr(field.title), field.title, *field.aliases, field.name)))


def known_words(fields: Iterable[ImportField]) -> frozenset[str]:
    """Every heading the fields are known by, for comparing."""
    words = set()
    for field in fields:
        for name in names_of(field):
            words.add(plain(name))
            words.add(plain(split_unit(name)[0]))
    return frozenset(words)


def spoken(names: Sequence[str]) -> str:
    """Names one after the other, shortened when they are many."""
    shown = ", ".join(f"“{name}”" for name in names[:6])
    return shown + " …" if len(names) > 6 else shown
