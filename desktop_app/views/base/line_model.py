"""The lines of one document while a person writes them.

A cell that cannot be read keeps what was typed and says why, so nothing is lost. Stock,
last prices and server problems are put beside the lines when they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.document_type import DocumentType, Editor, Field, Store
from desktop_app.domain.locations import PHYSICAL, LocationKind
from desktop_app.domain.quantities import format_quantity, round_half_up
from desktop_app.domain.units import ItemUnits, describe, names_unit, read_entry, weight_text
from desktop_app.views.base.values import REFERENCES, CannotRead, read_value

ITEM = "item_id"
QTY = "qty"
PRICE = "unit_price"
TAX = "tax_rate"
AMOUNT = "gross"
CARRIED = ("id", "origin_line_id")
"""Keys of a line that no column shows but that must go back to the server."""


@dataclass(frozen=True)
class LineColumn:
    """One column of the line table.

    ``role``: "field" (of the document type), "name" (of the item), "available" (stock now),
    "done" (moved by the verb ``name``) or "open" (ordered less done by the last verb).
    """

    name: str
    title: str
    kind: Editor
    role: str = "field"
    field: Field | None = None
    width: int = 12
    total: bool = False

    @property
    def editable(self) -> bool:
        """True for fields that a person writes."""
        return self.field is not None and is_written(self.field)


@dataclass
class Line:
    """One line: values by field name plus what is known about it.

    ``proposed`` are values put there by the program: they follow when the proposal changes.
    ``notes`` tell how a value came about (a rounding), by field name.
    """

    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    done: Mapping[str, Decimal] = field(default_factory=dict)
    stock: Any = None
    last_price: Any = None
    units: ItemUnits | None = None
    notes: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, Any] = field(default_factory=dict)
    holders: tuple[str, ...] = ()

    def is_blank(self) -> bool:
        """Nothing was entered: the line is not sent."""
        return not self.typed and all(
            value in (None, "", False) for name, value in self.values.items() if name not in CARRIED
        )

    def forget_item(self) -> None:
        """Another item stands here: what was known about the old one goes."""
        self.stock = self.last_price = self.units = None
        self.values.pop(PRICE, None)
        for name in (*self.proposed, *self.notes):
            if name in self.proposed and self.values.get(name) == self.proposed[name]:
                self.values.pop(name, None)
        self.proposed.clear()
        self.notes.clear()

    def propose(self, name: str, value: Any) -> None:
        """Put ``value`` there unless a person wrote something else."""
        present = self.values.get(name)
        ours = name in self.proposed and present == self.proposed[name]
        if value is not None and name not in self.typed and (present is None or ours):
            self.values[name] = self.proposed[name] = value

    def unit_story(self) -> str:
        """The quantity in larger units and its weight: "36 只 = 3 箱 ≈ 1.44 kg"."""
        qty = self.values.get(QTY)
        if self.units is None or not isinstance(qty, Decimal):
            return ""
        packs, weight = describe(qty, self.units), weight_text(qty, self.units)
        if not packs and not weight:
            return ""
        story = f"{format_quantity(qty, grouping=True)} {self.units.base}"
        story += f" = {packs}" if packs else ""
        return story + (f" ≈ {weight}" if weight else "")


def is_written(declared: Field) -> bool:
    """True for fields a person writes; amounts follow from quantity, price and tax."""
    return declared.store is not Store.COMPUTED and declared.name != AMOUNT


def takes_stock(document_type: DocumentType) -> bool:
    """True when a shortage matters: the type sells, or takes goods from our own places."""
    if document_type.price_side == "sales":
        return True
    into_world = {
        LocationKind.CUSTOMER,
        LocationKind.PRODUCTION,
        LocationKind.TRANSIT,
        LocationKind.SUBCONTRACTOR,
        LocationKind.SCRAP,
        LocationKind.STAGING,
    }
    return any(
        source in PHYSICAL and target in into_world
        for transition in document_type.transitions
        for source, target in transition.moves
    )


def line_columns(
    document_type: DocumentType, may: Any, *, editing: bool, shows_stock: bool
) -> tuple[LineColumn, ...]:
    """The columns for writing (stock beside the line) or for looking (progress beside it)."""
    found: list[LineColumn] = []
    names = {f.name for f in document_type.line_fields}
    for declared in document_type.line_fields:
        if not may(declared.permission):
            continue
        found.append(
            LineColumn(
                declared.name,
                declared.title,
                declared.editor,
                "field",
                declared,
                declared.width,
                declared.total,
            )
        )
        if declared.name == ITEM and "item_name" not in names:
            found.append(LineColumn("item_name", N_("Item name"), Editor.TEXT, "name", width=26))
        if declared.name == QTY and editing and shows_stock:
            found.append(
                LineColumn("available", N_("Available"), Editor.QUANTITY, "available", width=10)
            )
    if not editing:
        found += _progress_columns(document_type)
    return tuple(found)


def _progress_columns(document_type: DocumentType) -> list[LineColumn]:
    columns = [
        LineColumn(verb, title, Editor.QUANTITY, "done", width=10, total=True)
        for verb, title in document_type.progress
    ]
    if columns:
        columns.append(
            LineColumn("open", N_("Still open"), Editor.QUANTITY, "open", width=10, total=True)
        )
    return columns


class LineSheet:
    """The lines as a value, without Qt: reading, typing, sending back."""

    def __init__(self, document_type: DocumentType) -> None:
        self.document_type = document_type
        self.lines: list[Line] = []

    def load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take the lines of a view or a draft."""
        self.lines = [
            Line({k: v for k, v in row.items() if k != "done"}, done=dict(row.get("done") or {}))
            for row in rows
        ]

    def value(self, line: Line, column: LineColumn) -> Any:
        """The value a cell shows."""
        if column.role == "done":
            return line.done.get(column.name, Decimal(0))
        if column.role == "open":
            return self.still_open(line)
        if column.field is not None and column.field.compute is not None:
            return column.field.compute(line.values)
        if column.role == "available":
            return getattr(line.stock, "available", None)
        if column.name == AMOUNT and not column.editable:
            return self._amount(line)
        return line.values.get(column.name)

    def still_open(self, line: Line) -> Decimal | None:
        """Ordered less done by the last step of progress, never below zero."""
        qty = line.values.get(QTY)
        if not isinstance(qty, Decimal) or not self.document_type.progress:
            return None
        verb = self.document_type.complete_verb or self.document_type.progress[-1][0]
        return max(Decimal(0), qty - line.done.get(verb, Decimal(0)))

    def is_short(self, line: Line) -> bool:
        """The quantity is more than what is available now."""
        qty, available = line.values.get(QTY), getattr(line.stock, "available", None)
        return isinstance(qty, Decimal) and isinstance(available, Decimal) and qty > available

    def type_into(self, line: Line, column: LineColumn, text: str) -> None:
        """Read what was typed; when it means nothing it is kept with the reason."""
        line.problems.pop(column.name, None)
        line.notes.pop(column.name, None)
        if column.name == QTY and self._is_in_units(line, text):
            self._type_in_units(line, text)
            return
        try:
            value = read_value(column.kind, text)
            if column.name == QTY and value is not None and value <= 0:
                raise CannotRead(N_("It must be more than zero."))
        except CannotRead as error:
            line.typed[column.name] = text
            line.problems[column.name] = str(error.message)
            return
        line.typed.pop(column.name, None)
        line.values[column.name] = value

    def _is_in_units(self, line: Line, text: str) -> bool:
        """A unit stands in it, or the proposed one alone, which means nothing yet."""
        return names_unit(text) or bool(text.strip() and text.strip() == self.proposed_unit(line))

    def _type_in_units(self, line: Line, text: str) -> None:
        """ "3箱" becomes base units; what has to be rounded or refused says so."""
        if text.strip() == self.proposed_unit(line):
            self.set_value(line, QTY, None)
            return
        line.typed[QTY] = text
        if line.units is None:
            line.problems[QTY] = str(Message(N_("The units of the item are being looked up.")))
            return
        try:
            entry = read_entry(text, line.units)
        except InvalidInput as error:
            line.problems[QTY] = str(error.problems[0].message)
            return
        if entry.qty <= 0:
            line.problems[QTY] = str(Message(N_("It must be more than zero.")))
            return
        self.set_value(line, QTY, entry.qty)
        if entry.note is not None:
            line.notes[QTY] = str(entry.note)

    def use_units(self, found: Mapping[int, ItemUnits]) -> None:
        """Units arrived: what waited for them is read now."""
        for line in self.lines:
            line.units = found.get(line.values.get(ITEM, 0), line.units)
            if line.units is not None and names_unit(line.typed.get(QTY, "")):
                line.problems.pop(QTY, None)
                self._type_in_units(line, line.typed[QTY])

    def proposed_unit(self, line: Line) -> str:
        """The unit this item is bought or sold in, "" for its base unit."""
        return "" if line.units is None else line.units.proposed(self.document_type.price_side)

    def set_value(self, line: Line, name: str, value: Any) -> None:
        """Set a value that needs no reading."""
        line.typed.pop(name, None)
        line.problems.pop(name, None)
        line.notes.pop(name, None)
        line.values[name] = value

    def total(self, column: LineColumn) -> Decimal:
        """Sum of a column over all lines that have a number there."""
        values = (self.value(line, column) for line in self.lines)
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))

    def sent_lines(self) -> list[Line]:
        """The lines that are not blank: line numbers of the server count these."""
        return [line for line in self.lines if not line.is_blank()]

    def drafts(self) -> list[dict[str, Any]]:
        """The lines as the document service takes them."""
        names = [f.name for f in self.document_type.line_fields if is_written(f)]
        return [
            {
                name: line.values[name]
                for name in (*CARRIED, *names)
                if line.values.get(name) is not None
            }
            for line in self.sent_lines()
        ]

    def copied(self) -> list[dict[str, Any]]:
        """The lines for a copy of the document: same goods, nothing of the old document."""
        keep = {f.name for f in self.document_type.line_fields if is_written(f)}
        titles = {
            f"{f.name.removesuffix('_id')}_{part}"
            for f in self.document_type.line_fields
            if f.editor in REFERENCES
            for part in ("code", "name", "title")
        }
        return [
            {k: v for k, v in line.values.items() if k in keep | titles}
            for line in self.sent_lines()
        ]

    def problems(self) -> tuple[FieldProblem, ...]:
        """Unreadable and missing cells of the lines that would be sent."""
        found: list[FieldProblem] = []
        for number, line in enumerate(self.sent_lines(), start=1):
            for name in line.typed:
                found.append(FieldProblem(name, Message(line.problems.get(name, "?")), number))
            for declared in self.document_type.line_fields:
                missing = line.values.get(declared.name) is None and declared.name not in line.typed
                if declared.required and is_written(declared) and missing:
                    found.append(FieldProblem(declared.name, Message(N_("Needed")), number))
        return tuple(found)

    def show_problems(self, problems: Mapping[tuple[int | None, str], str]) -> None:
        """Put the server's problems beside the lines it numbered."""
        for number, line in enumerate(self.sent_lines(), start=1):
            line.problems = {k: v for k, v in line.problems.items() if k in line.typed}
            line.problems |= {n: text for (no, n), text in problems.items() if no == number}

    def line_of_item(self, item_id: int) -> Line | None:
        """The first line with that item."""
        return next((x for x in self.lines if x.values.get(ITEM) == item_id), None)

    def item_ids(self) -> tuple[int, ...]:
        """Items on the lines, each once."""
        return tuple(
            dict.fromkeys(
                line.values[ITEM] for line in self.lines if line.values.get(ITEM) is not None
            )
        )

    @staticmethod
    def _amount(line: Line) -> Any:
        """Preview of quantity × price, half up to the cent; the server's figure counts."""
        qty, price = line.values.get(QTY), line.values.get(PRICE)
        if isinstance(qty, Decimal) and isinstance(price, Decimal):
            return round_half_up(qty * price, 2)
        return line.values.get(AMOUNT)


def item_defaults(hit: Any) -> dict[str, Any]:
    """What a search hit or scan tells about an item, in the names the read side uses.

    Its title is the code, a blank and the name.
    """
    code, _, name = hit.title.partition(" ")
    return {ITEM: hit.id, "item_code": code, "item_name": name.strip()}


def positions(lines: Sequence[Line], wanted: Sequence[Line]) -> list[int]:
    """Row numbers of ``wanted`` lines, by identity."""
    ids = {id(line) for line in wanted}
    return [row for row, line in enumerate(lines) if id(line) in ids]
