"""The columns a table may have: what a cell means and under which headings it is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = (
    "text",
    "code",
    "barcode",
    "reference",
    "quantity",
    "integer",
    "price",
    "money",
    "percent",
    "date",
    "timestamp",
    "yes_no",
    "choice",
)


@dataclass(frozen=True)
class ImportField:
    """A column: ``kind`` is one of :data:`KINDS`, ``aliases`` are headings in Chinese and English.

    ``choices`` maps each code of a choice to the words it may be written with.
    """

    name: str
    title: str
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
