"""One cell and one field: the value to take in, or the reason why not.

Converters are made once per column and remember what they have read, because tables repeat
themselves; none of them guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.gs1 import check_digit_ok
from desktop_app.domain.quantities import fold_digits
from desktop_app.exchange.importing.cells import Cell
from desktop_app.exchange.importing.dates import (
    ORDERS,
    TwoWays,
    is_likely,
    number_moment,
    read_moment,
)
from desktop_app.exchange.importing.fields import NUMBER_DECIMALS, ImportField
from desktop_app.exchange.importing.numerals import number_rule, read_number
from desktop_app.exchange.importing.wording import spoken

Converted = tuple[Any, Message | None]
Converter = Callable[[Cell], Converted]

_REMEMBERED = 4_096
"""More would be slower: the garbage collector visits what is kept."""
_MOST_CODE_DIGITS = 15

_YES = frozenset(
    ("是", "y", "yes", "true", "1", "启用", "有", "√", "✓", "on", "t", "对", "真", "开")
)
_NO = frozenset(
    ("否", "n", "no", "false", "0", "禁用", "停用", "无", "×", "off", "f", "错", "假", "关")
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ", 0xA0: " ", 0x200B: None, 0xFEFF: None, 0x200C: None, 0x200D: None, 0x2060: None,
}  # fmt: skip
"""Full-width letters and digits of a Chinese input method, and blanks nobody sees."""
_SHORTENED = re.compile(r"-?\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)

_LOST_DIGITS = N_(
    "“{typed}”: Excel has shortened this code. Format the column as text in the file."
)
_ROUNDED = N_(
    "“{typed}” has more digits than Excel keeps in a number, the last ones may be wrong. Format"
    " the column as text in the file and enter it again."
)
_CODE_DATE = N_("“{typed}”: Excel has turned this code into a date. Format the column as text.")
_LONG = N_("“{typed}” is longer than {limit} characters.")
_CHECK_DIGIT = N_("The check digit of the barcode {number} is wrong.")
_ZERO_LOST = N_("{number} may have lost a leading zero; {other} would be a right barcode.")
_YES_NO = N_("“{typed}” is neither yes nor no.")
_CHOICE = N_("“{typed}” is none of {choices}.")
_NO_DATE = N_("“{typed}” is not a date; write 2026-01-31.")


@dataclass(frozen=True)
class ColumnFacts:
    """What the column adds to a cell: see :class:`mapping.ColumnMatch` and ``Source``."""

    factor: Decimal = Decimal(1)
    date_order: str = ""
    epoch_1904: bool = False
    doubtful_commas: bool = False

    def to_json(self) -> dict[str, Any]:
        """What to keep for cells that are typed again."""
        return {**asdict(self), "factor": str(self.factor)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ColumnFacts:
        """The facts that :meth:`to_json` kept."""
        return cls(**{**kept, "factor": Decimal(kept["factor"])}) if kept else cls()


def convert_cell(cell: Cell, field: ImportField, facts: ColumnFacts = ColumnFacts()) -> Converted:
    """The value of one cell, None when empty, and the reason when it is refused."""
    try:
        return converter(field, facts)(cell)
    except TwoWays as doubt:
        return None, doubt.message()


def converter(field: ImportField, facts: ColumnFacts) -> Converter:
    """What turns the cells of one column into values.

    The converter raises TwoWays for a day that can be read in two ways when ``facts`` does
    not say how; everything else is a value or a message.
    """
    read = _reader(field, facts)
    memory: dict[str, Converted] = {}

    def convert(cell: Cell) -> Converted:
        if cell.problem is not None:
            return None, cell.problem
        value = cell.value
        if value is None:
            return None, None
        if value.__class__ is not str:
            return read(cell)
        found = memory.get(value)
        if found is None:
            found = read(cell)
            if len(memory) >= _REMEMBERED:
                memory.clear()
            memory[value] = found
        return found

    return convert


def _reader(field: ImportField, facts: ColumnFacts) -> Converter:
    kind = field.kind
    if kind in NUMBER_DECIMALS:
        return _number_reader(field, facts)
    if kind in ("date", "timestamp"):
        return lambda cell: _moment(cell, facts, whole_day=kind == "date")
    if kind == "yes_no":
        return _yes_no
    if kind == "choice":
        return _choice_reader(field)
    if kind == "text":
        return lambda cell: _limited(_clean_text(cell.text), field)
    if kind == "barcode":
        return lambda cell: _barcode(cell, field)
    return lambda cell: _code(cell, field, fold=kind == "code")


def _number_reader(field: ImportField, facts: ColumnFacts) -> Converter:
    rule = number_rule(field, facts.factor, doubtful_commas=facts.doubtful_commas)

    def read(cell: Cell) -> Converted:
        typed = cell.value
        if isinstance(typed, str) and not typed.isascii() and not typed.translate(_WIDE).strip():
            return None, None
        value, problem = read_number(cell, rule)
        if field.kind == "integer" and isinstance(value, Decimal):
            return int(value), problem
        return value, problem

    return read


def _clean_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\u3000\xa0\u200b\ufeff")


def _limited(text: str, field: ImportField) -> Converted:
    if field.max_length is not None and len(text) > field.max_length:
        return None, Message(_LONG, {"typed": text[:40], "limit": field.max_length})
    return text or None, None


def _code(cell: Cell, field: ImportField, *, fold: bool) -> Converted:
    """A code, digit by digit as shown; one that Excel has spoilt is refused."""
    value = cell.value
    if isinstance(value, Decimal):
        if abs(value) >= 10**_MOST_CODE_DIGITS:
            return None, Message(_ROUNDED, {"typed": cell.text[:40]})
        return _limited(cell.text, field)
    if isinstance(value, date):
        return None, Message(_CODE_DATE, {"typed": cell.text})
    text = cell.text
    if fold and not text.isascii():
        text = text.translate(_WIDE)
    text = _clean_text(text)
    if _SHORTENED.fullmatch(text) and "+" in text:
        return None, Message(_LOST_DIGITS, {"typed": text[:40]})
    if text[:1] == "'" and text[1:].isdigit():
        text = text[1:]
    return _limited(text, field)


def _barcode(cell: Cell, field: ImportField) -> Converted:
    text, problem = _code(cell, field, fold=True)
    if text is None or not field.check_digit or not (text.isascii() and text.isdigit()):
        return text, problem
    if len(text) in (8, 12, 13, 14) and not check_digit_ok(text):
        return None, Message(_CHECK_DIGIT, {"number": text})
    if isinstance(cell.value, Decimal) and len(text) in (7, 11) and check_digit_ok("0" + text):
        return None, Message(_ZERO_LOST, {"number": text, "other": "0" + text})
    return text, None


def _yes_no(cell: Cell) -> Converted:
    if isinstance(cell.value, bool):
        return cell.value, None
    word = fold_digits(cell.text).casefold()
    if not word:
        return None, None
    if word in _YES:
        return True, None
    if word in _NO:
        return False, None
    return None, Message(_YES_NO, {"typed": cell.text[:40]})


def _choice_reader(field: ImportField) -> Converter:
    words: dict[str, str] = {}
    for choice, names in field.choices.items():
        for name in (choice, *names):
            words.setdefault(_word(name), choice)
    shown = spoken([names[0] if names else choice for choice, names in field.choices.items()])

    def read(cell: Cell) -> Converted:
        word = _word(cell.text)
        if not word:
            return None, None
        if word in words:
            return words[word], None
        return None, Message(_CHOICE, {"typed": cell.text[:40], "choices": shown})

    return read


def _word(text: str) -> str:
    """A word for comparing; "A-" stays another one than "A"."""
    return " ".join(fold_digits(text).casefold().split())


def _moment(cell: Cell, facts: ColumnFacts, *, whole_day: bool) -> Converted:
    value = cell.value
    found: datetime | Message
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, datetime.min.time())
    elif isinstance(value, Decimal):
        found = number_moment(value, epoch_1904=facts.epoch_1904)
    elif isinstance(value, str):
        text = fold_digits(value)
        if not text:
            return None, None
        if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
            found = number_moment(Decimal(text), epoch_1904=facts.epoch_1904)
        else:
            found = read_moment(text, facts.date_order)
    else:
        found = Message(_NO_DATE, {"typed": cell.text})
    if isinstance(found, Message):
        return None, found
    if not is_likely(found.date()):
        return None, Message(_NO_DATE, {"typed": cell.text[:40]})
    return (found.date() if whole_day else found), None


__all__ = ["ORDERS", "ColumnFacts", "Converter", "Converted", "convert_cell", "converter"]
