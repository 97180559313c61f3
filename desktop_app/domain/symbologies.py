"""AIM symbology identifiers (ISO/IEC 15424): what kind of symbol a scanner says it read.

A scanner may put ``]``, a letter and a digit before each code. The letter names the
family; the digit tells options, such as FNC1 in first place, which makes the data GS1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LEADING = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")

FAMILIES: Mapping[str, str] = {
    "A": "Code 39",
    "B": "Telepen",
    "C": "Code 128",
    "D": "Code One",
    "E": "EAN/UPC",
    "F": "Codabar",
    "G": "Code 93",
    "H": "Code 11",
    "I": "Interleaved 2 of 5",
    "K": "Code 16K",
    "L": "PDF417",
    "M": "MSI",
    "N": "Anker",
    "O": "Codablock",
    "P": "Plessey",
    "Q": "QR Code",
    "R": "Straight 2 of 5 (IATA)",
    "S": "Straight 2 of 5",
    "T": "Code 49",
    "U": "MaxiCode",
    "X": "Other",
    "Z": "Not a bar code",
    "J": "DotCode",
    "d": "Data Matrix",
    "e": "GS1 DataBar",
    "g": "Grid Matrix",
    "h": "Han Xin Code",
    "o": "OCR",
    "p": "PosiCode",
    "s": "SuperCode",
    "u": "UltraCode",
    "z": "Aztec Code",
}
EXACT: Mapping[str, str] = {
    "]C1": "GS1-128",
    "]E0": "EAN-13",
    "]E1": "EAN add-on 2",
    "]E2": "EAN add-on 5",
    "]E3": "EAN-13 + add-on",
    "]E4": "EAN-8",
    "]d2": "GS1 DataMatrix",
    "]Q3": "GS1 QR Code",
    "]J1": "GS1 DotCode",
    "]e0": "GS1 DataBar",
    "]e1": "GS1 Composite",
    "]e2": "GS1 Composite",
    "]I1": "ITF-14",
}
GS1_DATA = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"})
"""Data behind these are GS1 element strings."""

RETAIL = frozenset({"]E0", "]E4"})
"""Data behind these are a number whose last digit is its check digit."""

INTERLEAVED = frozenset({"]I0", "]I1", "]I3"})


def name_of(identifier: str) -> str:
    """What people call the symbol; "" for an identifier that is not known."""
    if identifier in EXACT:
        return EXACT[identifier]
    found = _LEADING.fullmatch(identifier)
    return FAMILIES.get(found.group(1), "") if found else ""


def split(text: str) -> tuple[str, str]:
    """The identifier ``text`` begins with ("" for none) and the rest."""
    found = _LEADING.match(text)
    if found is None or found.group(1) not in FAMILIES:
        return "", text
    return found.group(), text[found.end() :]
