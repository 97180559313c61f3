"""GS1 numbers and element strings: our own checks first, biip for dates and decimals.

biip alone reads any 13 digits that begin with an application identifier as GS1 even when
the check digit is wrong, raises on some symbologies and looks into few values; so callers
decide first whether a text is GS1 at all, ``gs1_elements`` checks every element against the
official table, and here every failure becomes a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop_app.core.i18n import Message
from desktop_app.domain import gs1_elements, gs1_link
from desktop_app.domain.gs1_elements import Element
from desktop_app.domain.gs1_rules import mod10 as _mod10

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

_GTIN_LENGTHS = (8, 12, 13, 14)
_LOOK = re.compile(r"\(?(00|01|02)\)?(\d{14,18})")
GRAMS_PER_POUND = Decimal("453.59237")


@dataclass(frozen=True)
class ElementString:
    """What a GS1 text says. ``weight_g`` is the net weight of AI 310n or 320n in grams.

    ``count`` is AI 30 (variable count) or 37 (units contained); ``expiry`` AI 17, 7003 or
    15 (best before), in this order. ``gtin`` is AI 01, or 02 of what a pallet contains.
    ``price`` is AI 392n or 393n. ``elements`` is everything that stood in the code.
    """

    gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    expiry: date | None = None
    count: Decimal | None = None
    weight_g: Decimal | None = None
    price: Decimal | None = None
    elements: tuple[Element, ...] = ()


def check_digit_ok(number: str) -> bool:
    """True for an EAN-8, UPC-12, EAN-13 or GTIN-14 whose check digit is right."""
    return _is_digits(number) and len(number) in _GTIN_LENGTHS and _mod10(number)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def gtin_spellings(number: str) -> tuple[str, ...]:
    """The ways one GTIN is kept by shops: as read, 13, 12 and 14 digits."""
    if not _is_digits(number) or len(number) not in _GTIN_LENGTHS:
        return (number,)
    bare = number.lstrip("0")
    forms = (bare.zfill(n) for n in (13, 12, 14, 8) if len(bare) <= n)
    return tuple(dict.fromkeys((number, *forms)))


def looks_like_element_string(text: str) -> bool:
    """True when ``text`` begins with a GTIN or SSCC whose check digit is right."""
    found = _LOOK.match(text)
    if not found:
        return False
    length = 18 if found.group(1) == "00" else 14
    number = found.group(2)[:length]
    return len(number) == length and _mod10(number)


def read(text: str) -> ElementString | Message:
    """The meaning of a GS1 element string (with GS, or with printed brackets).

    Returns the sentence for the person who scanned when the text is not whole.
    """
    printed = text.startswith("(")
    elements = gs1_elements.split_printed(text) if printed else gs1_elements.split(text)
    return elements if isinstance(elements, Message) else _meaning(elements)


def read_link(text: str) -> ElementString | Message | None:
    """The meaning of a GS1 Digital Link; None when ``text`` is no such web address."""
    elements = gs1_link.elements(text)
    if elements is None or isinstance(elements, Message):
        return elements
    return _meaning(elements)


def _meaning(elements: tuple[Element, ...]) -> ElementString:
    found = dict(elements)
    return ElementString(
        found.get("01") or found.get("02"),
        found.get("00"),
        found.get("10"),
        found.get("21"),
        _expiry(found),
        _count(found),
        _weight(found),
        _price(found),
        elements,
    )


def _typed(ai: str, value: str) -> GS1ElementString | None:
    """What biip makes of one element that was found right; None for one it does not know."""
    # biip takes 0.1 s to import: not at the start of the program, and never without GS1.
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    try:
        return GS1ElementString.extract(ai + value)
    except ParseError:
        return None


def _expiry(found: dict[str, str]) -> date | None:
    for ai in ("17", "7003", "15"):
        if ai in found and (element := _typed("17", found[ai][:6])) is not None:
            return element.date
    return None


def _count(found: dict[str, str]) -> Decimal | None:
    value = found.get("30") or found.get("37")
    return Decimal(value) if value else None


def _weight(found: dict[str, str]) -> Decimal | None:
    for start, grams in (("310", Decimal(1000)), ("320", GRAMS_PER_POUND)):
        value = _decimal(found, start)
        if value is not None:
            return value * grams
    return None


def _price(found: dict[str, str]) -> Decimal | None:
    price = _decimal(found, "392")
    return price if price is not None else _decimal(found, "393", skip=3)


def _decimal(found: dict[str, str], start: str, skip: int = 0) -> Decimal | None:
    """The value of ``start`` + n: its last n digits are decimals."""
    for ai, value in found.items():
        if ai.startswith(start) and len(ai) == len(start) + 1:
            return Decimal(value[skip:]).scaleb(-int(ai[-1]))
    return None
