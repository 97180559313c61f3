"""What the GS1 table demands of a value: one small rule per name used in its third column.

Each rule answers whether a component's text is possible. Sources: GS1 General
Specifications 7.9 (check digits and check character pairs), 3.x (dates, coupons), ISO 3166,
4217, 5218, 13616 for the codes. Allocations of company prefixes are not published as data;
their rule only asks for the four digits that the shortest prefix has.
"""

from __future__ import annotations

import calendar
import json
import re
import string
from collections.abc import Callable, Mapping
from functools import cache

from desktop_app.core.paths import resources_dir

CSET82 = "!\"%&'()*+,-./" + string.digits + ":;<=>?" + string.ascii_uppercase + "_"
CSET82 += string.ascii_lowercase
CSET39 = "#-/" + string.digits + string.ascii_uppercase
CSET64 = string.ascii_letters + string.digits + "-_="
CHARSETS: Mapping[str, str] = {"N": string.digits, "X": CSET82, "Y": CSET39, "Z": CSET64}

_PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (
    *(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71),
    *(73, 79, 83),
)
_IMPORTER = "-" + string.digits + string.ascii_letters + "_"
_MEDIA = (*range(1, 11), *range(80, 100))


def mod10(number: str) -> bool:
    """The last digit is the right one: weights 3 and 1 from the right (7.9.1)."""
    return check_digit(number[:-1]) == number[-1:]


def check_digit(body: str) -> str:
    """The digit to be put behind ``body`` (digits only)."""
    weighted = (int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return str(-sum(weighted) % 10)


def check_pair(body: str) -> str:
    """The two characters to be put behind an alphanumeric key (7.9.5)."""
    values = (CSET82.index(c) * p for c, p in zip(reversed(body), _PRIMES, strict=False))
    total = sum(values) % 1021
    return _PAIR[total >> 5] + _PAIR[total & 31]


def _check_pair(text: str) -> bool:
    return 2 < len(text) <= len(_PRIMES) + 2 and check_pair(text[:-2]) == text[-2:]


def _prefix(text: str) -> bool:
    return len(text) >= 4 and text[:4].isdigit()


def _date(text: str, *, day_zero: bool = False) -> bool:
    """YYMMDD or YYYYMMDD; ``day_zero``: DD = 00 stands for the last day of the month.

    A two-digit year may be of either century: 29 February is possible in the years that
    are leap years of this one.
    """
    year = int(text[:-4]) + (2000 if len(text) == 6 else 0)
    month, day = int(text[-4:-2]), int(text[-2:])
    if not (1 <= month <= 12 and year):
        return False
    return (0 if day_zero else 1) <= day <= calendar.monthrange(year, month)[1]


def _below(limit: int) -> Callable[[str], bool]:
    return lambda text: int(text) < limit


def _listed(name: str) -> Callable[[str], bool]:
    return lambda text: text in _codes()[name]


@cache
def _codes() -> Mapping[str, frozenset[str]]:
    text = (resources_dir() / "gs1" / "code_lists.json").read_text(encoding="utf-8")
    return {name: frozenset(codes.split()) for name, codes in json.loads(text).items()}


def _percent_encoded(text: str) -> bool:
    return re.search(r"%(?![0-9A-Fa-f]{2})", text) is None


def _iban(text: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{1,30}", text):
        return False
    moved = text[4:] + text[:4]
    return text[:2] in _codes()["country_letters"] and (
        int("".join(str(int(c, 36)) for c in moved)) % 97 == 1
    )


def _piece_of_total(text: str) -> bool:
    half = len(text) // 2
    return 0 < int(text[:half]) <= int(text[half:])


def _place_in_sequence(text: str) -> bool:
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
    return found is not None and int(found.group(1)) <= int(found.group(2))


class _Digits:
    """Takes digits from the left; ``ok`` turns False when they run out."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.ok = text.isascii() and text.isdigit()

    def take(self, count: int) -> str:
        taken, self.rest = self.rest[:count], self.rest[count:]
        self.ok = self.ok and len(taken) == count
        return taken

    def counted(self, lengths: str, extra: int = 0) -> str:
        """A digit that must be one of ``lengths``, and so many (+ ``extra``) digits after it."""
        size = self.take(1)
        self.ok = self.ok and size in lengths
        return self.take(int(size) + extra) if self.ok else ""

    def one_of(self, allowed: str) -> None:
        """A digit out of ``allowed``."""
        self.ok = self.take(1) in allowed and self.ok


def _coupon(text: str) -> bool:
    """North American coupon: prefix, offer, value, first purchase; then optional fields in order."""
    digits = _Digits(text)
    digits.counted("0123456", 6)
    digits.take(6)
    _coupon_value(digits)
    _coupon_requirement(digits)
    last = ""
    while digits.ok and digits.rest:
        kind = digits.take(1)
        if kind <= last or kind not in _COUPON_FIELDS:
            return False
        _COUPON_FIELDS[kind](digits)
        last = kind
    return digits.ok


def _coupon_value(digits: _Digits) -> None:
    digits.counted("12345")


def _coupon_requirement(digits: _Digits) -> None:
    digits.counted("12345")
    digits.one_of("012349")
    digits.take(3)


def _coupon_second(digits: _Digits) -> None:
    digits.one_of("0123")
    _coupon_requirement(digits)
    digits.counted("01234569", 6) if digits.rest[:1] != "9" else digits.take(1)


def _coupon_third(digits: _Digits) -> None:
    _coupon_requirement(digits)
    digits.counted("01234569", 6) if digits.rest[:1] != "9" else digits.take(1)


def _coupon_date(digits: _Digits) -> None:
    text = digits.take(6)
    digits.ok = digits.ok and _date(text)


def _coupon_serial(digits: _Digits) -> None:
    digits.counted(string.digits, 6)


def _coupon_retailer(digits: _Digits) -> None:
    digits.counted("1234567", 6)


def _coupon_rest(digits: _Digits) -> None:
    digits.one_of("01256")
    digits.one_of("012")
    digits.take(1)
    digits.one_of("01")


_COUPON_FIELDS: Mapping[str, Callable[[_Digits], None]] = {
    "1": _coupon_second,
    "2": _coupon_third,
    "3": _coupon_date,
    "4": _coupon_date,
    "5": _coupon_serial,
    "6": _coupon_retailer,
    "9": _coupon_rest,
}


def _coupon_offer(text: str) -> bool:
    """Positive offer file: format, funder, offer, serial number."""
    digits = _Digits(text)
    digits.one_of("01")
    digits.counted("0123456", 6)
    digits.take(6)
    _coupon_serial(digits)
    return digits.ok and not digits.rest


RULES: Mapping[str, Callable[[str], bool]] = {
    "csum": mod10,
    "csumalpha": _check_pair,
    "gcppos1": _prefix,
    "gcppos2": lambda text: _prefix(text[1:]),
    "yymmd0": lambda text: _date(text, day_zero=True),
    "yymmdd": _date,
    "yyyymmdd": _date,
    "hhmi": lambda text: int(text[:2]) < 24 and int(text[2:]) < 60,
    "hh": _below(24),
    "mi": _below(60),
    "ss": _below(60),
    "iso3166": _listed("country_numbers"),
    "iso3166999": lambda text: text == "999" or text in _codes()["country_numbers"],
    "iso3166alpha2": _listed("country_letters"),
    "iso4217": _listed("currency_numbers"),
    "iso5218": lambda text: text in "0129",
    "packagetype": _listed("package_types"),
    "mediatype": lambda text: int(text) in _MEDIA,
    "importeridx": lambda text: text in _IMPORTER,
    "pcenc": _percent_encoded,
    "yesno": lambda text: text in "01",
    "hyphen": lambda text: set(text) == {"-"},
    "zero": lambda text: set(text) == {"0"},
    "nonzero": lambda text: int(text) > 0,
    "nozeroprefix": lambda text: text == "0" or not text.startswith("0"),
    "hasnondigit": lambda text: not text.isdigit(),
    "winding": lambda text: text in "019",
    "pieceoftotal": _piece_of_total,
    "posinseqslash": _place_in_sequence,
    "iban": _iban,
    "latitude": lambda text: int(text) <= 1_800_000_000,
    "longitude": lambda text: int(text) <= 3_600_000_000,
    "couponcode": _coupon,
    "couponposoffer": _coupon_offer,
}


def passes(name: str, text: str) -> bool:
    """Whether ``text`` keeps the rule. Raises KeyError for a rule that is not known here."""
    return RULES[name](text)
