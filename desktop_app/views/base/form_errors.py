"""What is wrong is shown where it is wrong: beside the field, beside the line."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.views.base.tones import Tone, tone


def mark_field(field: QWidget, sentence: str) -> None:
    """Give ``field`` a red edge and the sentence as tool tip; an empty sentence clears both.

    A style of the field itself, so it also shows under a style sheet of the window.
    """
    if bool(field.property("wrong")) == bool(sentence):
        if sentence:
            field.setToolTip(sentence)
        return
    if sentence:
        field.setProperty("tipBefore", field.toolTip())
        field.setProperty("styleBefore", field.styleSheet())
        field.setStyleSheet(
            f"QWidget {{ border: 1px solid {tone(Tone.WRONG).name()};"
            f" background: {tone(Tone.WRONG_BACK).name()}; }}"
        )
    else:
        field.setStyleSheet(field.property("styleBefore") or "")
    field.setToolTip(sentence or field.property("tipBefore") or "")
    field.setAccessibleDescription(sentence)
    field.setProperty("wrong", bool(sentence))


def by_place(problems: Iterable[FieldProblem]) -> dict[tuple[int | None, str], str]:
    """Problems by (line number or None for the head, field name), several joined."""
    found: dict[tuple[int | None, str], str] = {}
    for problem in problems:
        place = (problem.line_no, problem.field)
        sentence = str(problem.message)
        found[place] = f"{found[place]}; {sentence}" if place in found else sentence
    return found
