"""Label designs as JSON and back, without loss.

Reading trusts nothing: a design may come from another company's file. Every failure is a
``UserError`` that names the element and the entry.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field as DataclassField, fields
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.label_design import (
    MAX_SIDE,
    MIN_SIDE,
    MOST_ELEMENTS,
    MOST_PICTURE_BYTES,
    TURNS,
    Barcode,
    Box,
    Element,
    LabelDesign,
    LabelKind,
    Line,
    Picture,
    Text,
)
from desktop_app.domain.label_text import condition_names, names

FORMAT = 1
"""Version of the JSON; a later program that changes it reads the earlier ones."""
E = TypeVar("E", bound=Enum)
LONGEST_NAME = 80
_FARTHEST = Decimal(1000)
_ELEMENTS: Mapping[str, type[Element]] = {
    "text": Text,
    "barcode": Barcode,
    "line": Line,
    "box": Box,
    "picture": Picture,
}
_TYPE_NAMES = {kind: name for name, kind in _ELEMENTS.items()}
_HINTS = {kind: get_type_hints(kind) for kind in _ELEMENTS.values()}
_UNREADABLE = N_("This is not a label design: {why}")
_HEAD = Message(N_("the label"))


class DesignUnreadable(UserError):
    """The JSON is not a label design; the message says where it is wrong."""

    code = "label.design_unreadable"


def to_json(design: LabelDesign) -> dict[str, Any]:
    """The design as plain JSON values (table ``label_design``, export file)."""
    return {
        "format": FORMAT,
        "kind": design.kind.value,
        "name": design.name,
        "width_mm": str(design.width_mm),
        "height_mm": str(design.height_mm),
        "elements": [_element_to_json(element) for element in design.elements],
    }


def to_text(design: LabelDesign) -> str:
    """The design as the text of a file."""
    return json.dumps(to_json(design), ensure_ascii=False, indent=2) + "\n"


def from_text(text: str) -> LabelDesign:
    """The design in the text of a file. Raises DesignUnreadable."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable(N_("the file is not JSON.")) from None
    return from_json(value)


def from_json(value: Any) -> LabelDesign:
    """The design in JSON values. Raises DesignUnreadable."""
    if not isinstance(value, dict):
        raise _unreadable(N_("an object is expected."))
    if value.get("format", FORMAT) != FORMAT:
        raise _unreadable(N_("it was made by a newer version of this program."))
    kind = _choice(LabelKind, value.get("kind"), "kind", _HEAD)
    elements = value.get("elements", [])
    if not isinstance(elements, list) or len(elements) > MOST_ELEMENTS:
        raise _unreadable(N_("“elements” must be a list of at most {most}."), most=MOST_ELEMENTS)
    name = value.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise _wrong("name", _HEAD)
    return LabelDesign(
        kind,
        name,
        _side(value, "width_mm"),
        _side(value, "height_mm"),
        tuple(_element(entry, number) for number, entry in enumerate(elements, 1)),
    )


def _element_to_json(element: Element) -> dict[str, Any]:
    """Only what differs from the default is written: short and easy to compare."""
    found: dict[str, Any] = {"type": _TYPE_NAMES[type(element)]}
    for entry in fields(element):
        value = getattr(element, entry.name)
        # Decimal("8.0") equals Decimal(8) but must come back as it was written.
        if repr(value) != repr(entry.default):
            found[entry.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def _element(entry: Any, number: int) -> Element:
    place = Message(N_("element {number}"), {"number": number})
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise _wrong("type", place)
    kind = _ELEMENTS.get(entry["type"])
    if kind is None:
        raise _wrong("type", place)
    known = {field.name: field for field in fields(kind)}
    for key in entry:
        if key != "type" and key not in known:
            raise _wrong(key, place)
    values = {name: _value(kind, field, entry, place) for name, field in known.items()}
    return kind(**values)


def _value(
    kind: type[Element], field: DataclassField[Any], entry: Mapping[str, Any], place: Message
) -> Any:
    if field.name not in entry:
        if field.default is MISSING:
            raise _wrong(field.name, place)
        return field.default
    value, wanted = entry[field.name], _HINTS[kind][field.name]
    if issubclass(wanted, Enum):
        return _choice(wanted, value, field.name, place)
    if wanted is Decimal:
        return _decimal(value, field.name, place)
    if wanted is bytes:
        return _bytes(value, field.name, place)
    if type(value) is not wanted:
        raise _wrong(field.name, place)
    return _checked(field.name, value, place)


def _checked(name: str, value: Any, place: Message) -> Any:
    if name == "turn" and value not in TURNS:
        raise _wrong(name, place)
    if name == "module_dots" and not 0 <= value <= 40:
        raise _wrong(name, place)
    if name == "when":
        condition_names(value)
    if name in ("text", "data"):
        names(value)
    return value


def _decimal(value: Any, name: str, place: Message) -> Decimal:
    # Floats are refused rather than rounded: what we write is text.
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 20:
        raise _wrong(name, place)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _wrong(name, place) from None
    if not number.is_finite() or abs(number) > _FARTHEST:
        raise _wrong(name, place)
    smallest = -_FARTHEST if name in ("x", "y", "x2", "y2") else Decimal(0)
    if number < smallest or (name in ("size", "min_size", "text_size") and number < 1):
        raise _wrong(name, place)
    return number


def _bytes(value: Any, name: str, place: Message) -> bytes:
    if not isinstance(value, str) or len(value) > MOST_PICTURE_BYTES * 2:
        raise _wrong(name, place)
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(name, place) from None
    if len(content) > MOST_PICTURE_BYTES:
        raise _wrong(name, place)
    return content


def _choice(kind: type[E], value: Any, name: str, place: Message) -> E:
    try:
        return kind(value)
    except ValueError:
        raise _wrong(name, place) from None


def _side(value: Mapping[str, Any], name: str) -> Decimal:
    side = _decimal(value.get(name), name, _HEAD)
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise _unreadable(
            N_("sides must be from {least} to {most} mm."), least=MIN_SIDE, most=MAX_SIDE
        )
    return side


def _wrong(name: str, place: Message) -> DesignUnreadable:
    return _unreadable(N_("“{entry}” of {place} is missing or wrong."), entry=name, place=place)


def _unreadable(text: str, **values: Any) -> DesignUnreadable:
    return DesignUnreadable(_UNREADABLE, why=Message(text, values))
