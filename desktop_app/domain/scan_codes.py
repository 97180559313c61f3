"""What a scanned text means: our own codes, GS1 element strings, or a plain code.

Our own codes are a letter, a point and the code itself, printed as Code128 (or QR when
long). Only upper-case letters, digits, point and hyphen are used for what we choose
ourselves: these survive Caps Lock, a Chinese input method and every keyboard layout that
a cheap keyboard-wedge scanner may be set to.

========  =========================  ==================================================
kind      form                       example
========  =========================  ==================================================
document  its number                 ``XSC-20260101-0001``
bin       ``B.<bin>``                ``B.W1-A-01-02``
person    ``P.<login>``              ``P.LI4``
exit      ``X.<code>``               ``X.W1-7K2Q`` (printed once, at the warehouse door)
item      ``I.<item>``               ``I.84029G``
lot       ``L.<item>..<lot>``        ``L.84029G..260101A``, with a quantity ``..12.5``
box       ``K.<box>``                ``K.BX-260115-0007`` (the label on a box, Karton)
========  =========================  ==================================================

GS1 is read when the scanner sends a symbology identifier that says so, or without one
when the text starts with a GTIN or SSCC whose check digit is right, or is a GS1 Digital
Link: a bare number is never turned into a weight or a date by guess. Numbers of a shop's
own scale (20-29) are read by the company's patterns only (``in_store_codes``). Everything else is ``CODE``; the service
looks its ``candidates`` up among bar codes and item codes. A text may look like one of
our codes and yet be an item's code ("B.100"): ``text`` always keeps the whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain import gs1, in_store_codes, symbologies
from desktop_app.domain.quantities import format_quantity

GS = "\x1d"
"""The GS1 separator as scanners in serial mode send it."""


class ScanKind(StrEnum):
    """What a scanned text turned out to be."""

    DOCUMENT = "document"
    BIN = "bin"
    PERSON = "person"
    EXIT = "exit"
    ITEM = "item"
    LOT = "lot"
    BOX = "box"
    GS1 = "gs1"
    CODE = "code"


@dataclass(frozen=True)
class ScanResult:
    """One scan, understood as far as the text alone allows.

    ``text`` is the folded text as read; ``code`` is its payload (document number, bin,
    login, exit code, item code; for GS1 the GTIN or SSCC). ``barcode`` is a number with a
    right check digit. ``qty`` is a count, ``weight_g`` a net weight in grams.
    ``candidates`` are the spellings to look up, likeliest first. ``problem`` says why the
    scan should be repeated (wrong check digit, broken GS1 text). ``price`` is what the label
    says the whole piece costs. ``symbology`` is the AIM identifier the scanner sent ("]C1",
    "" when none), ``source`` the name of the scanner. ``elements`` are the pairs of a GS1 code.
    """

    kind: ScanKind
    text: str
    code: str
    barcode: str | None = None
    lot: str | None = None
    expiry: date | None = None
    serial: str | None = None
    qty: Decimal | None = None
    weight_g: Decimal | None = None
    candidates: tuple[str, ...] = ()
    problem: Message | None = None
    sscc: str | None = None
    price: Decimal | None = None
    symbology: str = ""
    source: str = ""
    elements: tuple[tuple[str, str], ...] = ()


class CodeNotPrintable(UserError):
    """The text cannot become a bar code that every scanner reads back."""

    code = "scan_code.not_printable"


_PREFIXES = {
    "B": ScanKind.BIN,
    "P": ScanKind.PERSON,
    "X": ScanKind.EXIT,
    "I": ScanKind.ITEM,
    "L": ScanKind.LOT,
    "K": ScanKind.BOX,
}
_OWN = re.compile(r"([BPXILK])\.(.+)", re.IGNORECASE)
_DOCUMENT = re.compile(r"[A-Z]{1,6}-\d{8}-\d{3,}", re.IGNORECASE)
_ENDS = "\r\n\t \0\x02\x03\x04" + GS
_FOLD = str.maketrans(
    {
        "【": "[",
        "】": "]",
        "「": "[",
        "」": "]",
        "。": ".",
        "、": "/",
        "—": "-",
        "–": "-",
        "−": "-",
        "\u3000": " ",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
    }
)
_BAD_EAN = N_("The check digit of {number} is wrong. Scan again.")


def parse_scan(raw: str, separators: str = "", source: str = "") -> ScanResult:
    """What ``raw`` means. Never raises: an unknown text is a ``CODE``.

    ``separators`` are characters that this scanner sends in place of GS (``|``, ``~``);
    ``source`` is kept in the result.
    """
    text = fold_scan(raw, separators)
    symbology, body = symbologies.split(text)
    result = _understood(symbology, body.lstrip(GS) if symbology else text)
    if symbology or source:
        result = replace(result, symbology=symbology, source=source)
    return result


def _understood(symbology: str, body: str) -> ScanResult:
    if symbology in symbologies.GS1_DATA:
        return _gs1(body)
    if _wrong_number(symbology, body):
        return _code(body, Message(_BAD_EAN, {"number": body}))
    return (
        _document(body)
        or _own(body)
        or _in_store(body)
        or _gs1_unannounced(body)
        or _digital_link(body)
        or _code(body)
    )


def _wrong_number(symbology: str, body: str) -> bool:
    """A number that must end in its check digit, and does not."""
    if not (body.isascii() and body.isdigit()) or gs1.check_digit_ok(body):
        return False
    if symbology in symbologies.RETAIL:
        return True
    # ITF is read in part by a slanted laser: 14 digits are a carton's number
    return symbology in symbologies.INTERLEAVED and len(body) == 14


def fold_scan(raw: str, separators: str = "") -> str:
    """``raw`` without terminators, full-width characters made plain, GS restored."""
    text = unicodedata.normalize("NFKC", raw.translate(_FOLD)).translate(_FOLD)
    for separator in separators:
        text = text.replace(separator, GS)
    return text.replace("<GS>", GS).replace("{GS}", GS).strip(_ENDS)


def _document(text: str) -> ScanResult | None:
    if not _DOCUMENT.fullmatch(text):
        return None
    number = text.upper()
    return ScanResult(ScanKind.DOCUMENT, text, number, candidates=(number,))


def _own(text: str) -> ScanResult | None:
    found = _OWN.fullmatch(text)
    if not found:
        return None
    kind, payload = _PREFIXES[found.group(1).upper()], found.group(2)
    if kind is not ScanKind.LOT:
        return ScanResult(kind, text, payload.upper(), candidates=_spellings(payload))
    parts = payload.split("..")
    if len(parts) not in (2, 3) or not parts[0]:
        return None
    qty = _count(parts[2]) if len(parts) == 3 else None
    if len(parts) == 3 and qty is None:
        return None
    return ScanResult(
        kind,
        text,
        parts[0].upper(),
        lot=parts[1].upper() or None,
        qty=qty,
        candidates=_spellings(parts[0]),
    )


def _count(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text) else None


def _gs1_unannounced(text: str) -> ScanResult | None:
    if not gs1.looks_like_element_string(text):
        return None
    result = _gs1(text)
    return result if result.problem is None else None


def _gs1(text: str) -> ScanResult:
    element = gs1.read(text)
    return _code(text, element) if isinstance(element, Message) else _elements(text, element)


def _digital_link(text: str) -> ScanResult | None:
    element = gs1.read_link(text)
    if element is None:
        return None
    return _code(text, element) if isinstance(element, Message) else _elements(text, element)


def _elements(text: str, element: gs1.ElementString) -> ScanResult:
    code = element.gtin or element.sscc or text
    return ScanResult(
        ScanKind.GS1,
        text,
        code,
        barcode=element.gtin,
        lot=element.lot,
        expiry=element.expiry,
        serial=element.serial,
        qty=element.count,
        weight_g=element.weight_g,
        candidates=gs1.gtin_spellings(code),
        sscc=element.sscc,
        price=element.price,
        elements=element.elements,
    )


def _in_store(text: str) -> ScanResult | None:
    """A code of the shop's own scale, when the company declared how it is made."""
    found = in_store_codes.read(text, in_store_codes.in_use())
    if found is None:
        return None
    if isinstance(found, Message):
        return _code(text, found)
    return ScanResult(
        ScanKind.CODE,
        text,
        found.item,
        qty=found.count,
        weight_g=found.weight_g,
        candidates=found.candidates,
        price=found.price,
    )


def _code(text: str, problem: Message | None = None) -> ScanResult:
    barcode = text if gs1.check_digit_ok(text) else None
    spellings = _spellings(text)
    if barcode:
        spellings = tuple(dict.fromkeys((*gs1.gtin_spellings(text), *spellings)))
    return ScanResult(
        ScanKind.CODE, text, text, barcode=barcode, candidates=spellings, problem=problem
    )


def _spellings(text: str) -> tuple[str, ...]:
    """The text as read, in capitals, and with the case swapped (Caps Lock on)."""
    return tuple(dict.fromkeys((text, text.upper(), text.swapcase())))


def bin_code(code: str) -> str:
    """The scan code of a bin."""
    return _build("B", code)


def person_code(login: str) -> str:
    """The scan code on a person's badge."""
    return _build("P", login)


def box_code(code: str) -> str:
    """The scan code on a box."""
    return _build("K", code)


def exit_code(code: str) -> str:
    """The scan code at a warehouse's exit, needed to ship (DESIGN section 4)."""
    return _build("X", code)


def item_code(code: str) -> str:
    """The scan code of an item without a bar code of its own."""
    return _build("I", code)


def lot_code(code: str, lot: str = "", qty: Decimal | None = None) -> str:
    """The scan code of an item's lot, with the quantity in the package when given."""
    payload = f"{_safe(code)}..{_safe(lot) if lot else ''}"
    if qty is not None:
        payload += ".." + format_quantity(qty)
    return "L." + payload


def document_code(number: str) -> str:
    """The scan code of a document: its number. Raises CodeNotPrintable for another form."""
    if not _DOCUMENT.fullmatch(number):
        raise CodeNotPrintable(N_("“{code}” is not a document number."), code=number)
    return number.upper()


def _build(prefix: str, code: str) -> str:
    return f"{prefix}.{_safe(code)}"


def _safe(code: str) -> str:
    """``code`` in capitals. Raises CodeNotPrintable when no scanner would give it back."""
    text = code.strip().upper()
    plain = text.isascii() and text.isprintable()
    if not text or not plain or ".." in text or text[0] == "." or text[-1] == ".":
        raise CodeNotPrintable(
            N_("“{code}” cannot be a scan code: use letters, digits, hyphens and single points."),
            code=code,
        )
    return text
