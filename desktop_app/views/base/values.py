"""How a value of each editor kind is written, aligned and read back from typing.

Shared by lists, line tables and head fields, so that a quantity looks the same
everywhere and full-width digits from a Chinese input method are understood everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.document_type import STATE_TITLES, Editor
from desktop_app.domain.quantities import fold_digits, format_fixed, format_quantity, parse_quantity
from desktop_app.queries.listing import Column
from desktop_app.views.base.date_keys import read_date

NUMBERS = (Editor.INTEGER, Editor.QUANTITY, Editor.MONEY, Editor.PRICE, Editor.PERCENT)
REFERENCES = (Editor.PARTY, Editor.ITEM, Editor.WAREHOUSE, Editor.LOCATION, Editor.LOT, Editor.BOM)
DECIMALS = {
    Editor.INTEGER: 0,
    Editor.QUANTITY: 6,
    Editor.MONEY: 2,
    Editor.PRICE: 6,
    Editor.PERCENT: 4,
}
"""Most decimals a typed number may have (numeric(18,6) in the database)."""


class CannotRead(ValueError):
    """Typed text is not a value of its kind; ``message`` says why, for the clerk."""

    def __init__(self, text: str, /, **values: Any) -> None:
        self.message = Message(text, values)
        super().__init__(text)


def alignment(kind: Editor) -> Qt.AlignmentFlag:
    """Numbers stand right, everything else left; all are centred vertically."""
    side = Qt.AlignmentFlag.AlignRight if kind in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def format_value(
    kind: Editor, value: Any, *, name: str = "", choices: Sequence[tuple[str, str]] = ()
) -> str:
    """The text a person reads for ``value``; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format_number(kind, value)
    if kind is Editor.INTEGER and isinstance(value, int):
        return f"{value:,}"
    if kind is Editor.CHOICE or choices:
        return tr(dict(choices).get(str(value), str(value)))
    if name == "state":
        return tr(STATE_TITLES.get(str(value), str(value)))
    return str(value)


def format_cell(column: Column, value: Any) -> str:
    """The text of a list's cell; codes are shown by the column's labels."""
    words = column.label(value)
    if words is not None:
        return words
    return format_value(column.kind, value, name=column.name)


def format_number(kind: Editor, value: Decimal) -> str:
    """Grouped digits; money with two decimals, other kinds without trailing zeros."""
    if kind is Editor.MONEY:
        return format_fixed(value, 2)
    text = format_quantity(value, grouping=True)
    return f"{text}%" if kind is Editor.PERCENT else text


def edit_text(kind: Editor, value: Any) -> str:
    """The text put into an editor: as :func:`format_value` but without grouping."""
    if isinstance(value, Decimal):
        return format_number(kind, value).replace(",", "").rstrip("%")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return format_value(kind, value)


def read_value(kind: Editor, text: str) -> Any:
    """The value that ``text`` stands for; None when empty.

    Raises CannotRead with a sentence for the clerk.
    """
    plain = fold_digits(text)
    if not plain:
        return None
    if kind in NUMBERS:
        number = read_number(kind, plain)
        return int(number) if kind is Editor.INTEGER else number
    if kind is Editor.DATE:
        found = read_date(plain)
        if found is None:
            raise CannotRead(
                N_("“{typed}” is not a date; write 2026-01-31, 5, +3 or T"), typed=text
            )
        return found
    if kind is Editor.TIMESTAMP:
        return _read_moment(plain)
    if kind is Editor.YES_NO:
        return plain.lower() in ("1", "y", "yes", "true", "是", tr("Yes").lower())
    return text.strip()


def read_number(kind: Editor, text: str, *, negative: bool = False) -> Decimal:
    """A plain decimal number with at most the decimals of its kind.

    Raises CannotRead with the sentence of ``domain.quantities``.
    """
    plain = fold_digits(text)
    if kind is Editor.PERCENT:
        plain = plain.rstrip("%")
    try:
        return parse_quantity(
            plain, decimals=DECIMALS[kind], allow_negative=negative or kind is Editor.MONEY
        )
    except InvalidInput as error:
        raise CannotRead(
            error.problems[0].message.text, **error.problems[0].message.values
        ) from error


def _read_moment(plain: str) -> datetime:
    day_text, _, time_text = plain.partition(" ")
    day = read_date(day_text)
    try:
        moment = time.fromisoformat(time_text.strip()) if time_text.strip() else time.min
    except ValueError:
        day = None
    if day is None:
        raise CannotRead(N_("“{typed}” is not a time; write 2026-01-31 14:30"), typed=plain)
    return datetime.combine(day, moment).astimezone()


def reference_text(values: Mapping[str, Any], name: str) -> str:
    """The words for the reference ``name`` ("party_id") from its neighbours in ``values``.

    The read side delivers ``party_code`` and ``party_name`` (or ``party_title``) beside it.
    """
    base = name.removesuffix("_id")
    title = values.get(f"{base}_title")
    if title:
        return str(title)
    parts = (values.get(f"{base}_code"), values.get(f"{base}_name"))
    words = " ".join(str(part) for part in parts if part)
    return words or (f"#{values[name]}" if values.get(name) else "")
