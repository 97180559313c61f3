"""What is wrong with a label before it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop_app.core.i18n import N_, Message


class WarningKind(StrEnum):
    """What a warning is about."""

    TEXT_CUT = "text_cut"
    MISSING_GLYPH = "missing_glyph"
    MODULE_THIN = "module_thin"
    QUIET_ZONE = "quiet_zone"
    SYMBOL_TOO_WIDE = "symbol_too_wide"
    LABEL_TOO_NARROW = "label_too_narrow"
    CODE_WRONG = "code_wrong"
    OFF_LABEL = "off_label"
    PICTURE_WRONG = "picture_wrong"


SENTENCES = {
    WarningKind.TEXT_CUT: N_("“{text}” does not fit its place and is cut."),
    WarningKind.MISSING_GLYPH: N_("The font has no sign for {signs}."),
    WarningKind.MODULE_THIN: N_(
        "The bars of “{text}” are {dots} dots ({mm} mm) wide; scanners need 2 dots and 0.25 mm."
    ),
    WarningKind.QUIET_ZONE: N_(
        "“{text}” needs {mm} mm of white on each side, or scanners may not find it."
    ),
    WarningKind.SYMBOL_TOO_WIDE: N_(
        "“{text}” is wider than its place: {wanted} dots for {room}. Use a matrix code or a larger"
        " label."
    ),
    WarningKind.LABEL_TOO_NARROW: N_(
        "With the white beside it “{text}” needs {wanted} dots, the label has {room}: scanners may"
        " not find it. Use a matrix code or a larger label."
    ),
    WarningKind.CODE_WRONG: N_("“{text}” cannot be this bar code: {why}"),
    WarningKind.OFF_LABEL: N_("An element lies partly off the printable label."),
    WarningKind.PICTURE_WRONG: N_("The picture cannot be read."),
}

MATRIX_HELPS = frozenset({WarningKind.SYMBOL_TOO_WIDE, WarningKind.LABEL_TOO_NARROW})
"""Kinds that a matrix code in the same place would cure."""
BLOCKING = frozenset(
    {WarningKind.SYMBOL_TOO_WIDE, WarningKind.CODE_WRONG, WarningKind.PICTURE_WRONG}
)
"""Kinds that mean something asked for is missing from the label or cannot be scanned."""


@dataclass(frozen=True)
class LabelWarning:
    """One warning; ``element`` is the index of the element in the design."""

    kind: WarningKind
    element: int
    message: Message

    @property
    def blocks(self) -> bool:
        """Whether the label would be useless; the queue asks before printing it."""
        return self.kind in BLOCKING

    def __str__(self) -> str:
        return str(self.message)


def warning(kind: WarningKind, element: int, **values: Any) -> LabelWarning:
    """A warning with its sentence filled in."""
    return LabelWarning(kind, element, Message(SENTENCES[kind], values))
