"""What a step of the life cycle asks for before it is carried out, and the answers it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor, Transition
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.side_panel import EVIDENCE_TITLES
from desktop_app.views.base.values import CannotRead, read_value

REASON = "reason"


def questions(step: Transition) -> tuple[Asked, ...]:
    """One input per piece of evidence, and the reason where one is required."""
    asked = [
        Asked(key, tr(title), check=_checker(kind))
        for key, (title, kind) in ((key, _evidence(key)) for key in step.evidence)
    ]
    if step.requires_reason:
        asked.append(Asked(REASON, tr("Reason")))
    return tuple(asked)


def answered(step: Transition, answers: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Evidence and reason from the answers: numbers as plain text, dates as ISO."""
    evidence = {}
    for key in step.evidence:
        value = read_value(_evidence(key)[1], answers[key])
        evidence[key] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return evidence, answers.get(REASON, "")


def _evidence(key: str) -> tuple[str, Editor]:
    return EVIDENCE_TITLES.get(key, (key, Editor.TEXT))


def _checker(kind: Editor) -> Any:
    def check(text: str) -> str:
        try:
            read_value(kind, text)
        except CannotRead as error:
            return str(error.message)
        return ""

    return check
