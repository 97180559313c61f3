"""What an import wants to know, as data: one ImportField per column a file may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

KINDS = (
    "text",
    "code",
    "quantity",
    "price",
    "money",
    "percent",
    "integer",
    "date",
    "timestamp",
    "yes_no",
    "choice",
    "barcode",
    "reference",
)
NUMBER_DECIMALS: Mapping[str, int] = {
    "quantity": 6,
    "price": 6,
    "money": 2,
    "percent": 4,
    "integer": 0,
}
"""Decimals a kind may have when the field says nothing; those of the database."""

WEIGHT_IN_G: Mapping[str, Decimal] = {
    "g": Decimal(1),
    "克": Decimal(1),
    "kg": Decimal(1000),
    "千克": Decimal(1000),
    "公斤": Decimal(1000),
    "kilograms": Decimal(1000),
    "斤": Decimal(500),
    "t": Decimal(1_000_000),
    "吨": Decimal(1_000_000),
}
"""``units`` of a weight kept in grams: a heading 重量(kg) or a cell "1.5kg" is multiplied."""
DAYS: Mapping[str, Decimal] = {word: Decimal(1) for word in ("天", "日", "day", "days", "d")}
"""``units`` of a number of days."""
PIECES: Mapping[str, Decimal] = {
    word: Decimal(1)
    for word in ("pcs", "pc", "ea", "each", "units", "个", "只", "件", "支", "片", "粒", "颗")
}
"""``units`` of a number of pieces: "12 pcs" is 12, "2箱" is refused."""


@dataclass(frozen=True)
class ImportField:
    """One thing a column may hold.

    ``title`` is an ``N_`` string; ``aliases`` are the Chinese and English headings it is known
    by. ``choices`` maps what is stored to the words for it. ``units`` maps a unit written in
    the heading or behind the number to its factor; other units are refused. A ``repeated``
    field takes one column per key (stock per warehouse): the key is the heading's group, one
    of the known ``keys``, or what a pattern of ``key_patterns`` (regular expression over the
    heading; group 1, or all of it) finds.
    """

    name: str
    title: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, Decimal] = field(default_factory=dict)
    decimals: int | None = None
    allow_negative: bool = False
    max_length: int | None = None
    check_digit: bool = True
    """A barcode of 8, 12, 13 or 14 digits must have the right check digit."""
    repeated: bool = False
    keys: tuple[str, ...] = ()
    key_patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of import field: {self.kind!r}")
