"""Looks at every label of a print before the first one is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.domain.label_design import LabelDesign
from desktop_app.reporting.labels.render import render
from desktop_app.reporting.labels.warnings import LabelWarning


@dataclass(frozen=True)
class Doubt:
    """What is wrong with label ``number`` (from 1)."""

    number: int
    warning: LabelWarning


def doubts(
    design: LabelDesign,
    labels: Sequence[Mapping[str, str]],
    *,
    dpi: int,
    margin_mm: Decimal = Decimal(0),
) -> tuple[Doubt, ...]:
    """Every warning of every label, those that make a label useless first.

    Raises TemplateError for a design that cannot be read.
    """
    found = [
        Doubt(number, warning)
        for number, fields in enumerate(labels, start=1)
        for warning in render(design, fields, dpi=dpi, margin_mm=margin_mm).warnings
    ]
    return tuple(sorted(found, key=lambda doubt: (not doubt.warning.blocks, doubt.number)))
