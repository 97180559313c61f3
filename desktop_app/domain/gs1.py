"""GS1 numbers and element strings, read by biip behind our own checks.

biip alone reads any 13 digits that begin with an application identifier as GS1 even when
the check digit is wrong, and raises on some symbologies; so callers decide first whether
a text is GS1 at all, and here every failure becomes a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop_app.core.i18n import N_, Message

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

_GTIN_LENGTHS = (8, 12, 13, 14)
_LOOK = re.compile(r"\(?(00|01|02)\)?(\d{14,18})")
_BROKEN = N_("The GS1 code is incomplete or damaged. Scan again.")
_BAD_GTIN = N_("The check digit of {number} in the GS1 code is wrong. Scan again.")


@dataclass(frozen=True)
class ElementString:
    """What a GS1 text says. ``weight_g`` is the net weight of AI 310n in grams.

    ``count`` is AI 30 (variable count) or 37 (units contained); ``expiry`` AI 17, or 15
    (best before) when there is no 17. ``gtin`` is AI 01, or 02 of what a pallet contains.
    """

    gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    expiry: date | None = None
    count: Decimal | None = None
    weight_g: Decimal | None = None


def check_digit_ok(number: str) -> bool:
    """True for an EAN-8, UPC-12, EAN-13 or GTIN-14 whose check digit is right."""
    return _is_digits(number) and len(number) in _GTIN_LENGTHS and _mod10(number)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _mod10(number: str) -> bool:
    """GS1 General Specifications 7.9: weights 3 and 1 from the right."""
    weighted = (int(d) * (1 if i % 2 == 0 else 3) for i, d in enumerate(reversed(number)))
    return sum(weighted) % 10 == 0


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
    # biip takes 0.1 s to import: not at the start of the program, and never without GS1.
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else GS1Message.parse(text)
    except ParseError:
        return Message(_BROKEN)
    found = {element.ai.ai: element for element in message.element_strings}
    gtin = _value(found, "01") or _value(found, "02")
    if gtin and not _mod10(gtin):
        return Message(_BAD_GTIN, {"number": gtin})
    sscc = _value(found, "00")
    if sscc and not _mod10(sscc):
        return Message(_BAD_GTIN, {"number": sscc})
    return ElementString(
        gtin,
        sscc,
        _value(found, "10"),
        _value(found, "21"),
        _expiry(found),
        _count(found),
        _weight(found),
    )


def _value(found: dict[str, GS1ElementString], ai: str) -> str | None:
    return found[ai].value if ai in found else None


def _expiry(found: dict[str, GS1ElementString]) -> date | None:
    for ai in ("17", "15"):
        if ai in found:
            return found[ai].date
    return None


def _count(found: dict[str, GS1ElementString]) -> Decimal | None:
    value = _value(found, "30") or _value(found, "37")
    return Decimal(value) if value else None


def _weight(found: dict[str, GS1ElementString]) -> Decimal | None:
    for ai, element in found.items():
        if ai.startswith("310") and element.decimal is not None:
            return element.decimal * 1000
    return None
