"""The record of a scale's check: each test weight with what was shown, to be signed and filed."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.reporting.blocks import FieldsBlock, SignatureBlock, TextBlock, TitleBlock
from desktop_app.reporting.marks import marks
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import ScaleCheckLine, ScaleCheckSnapshot
from desktop_app.reporting.table import Column, Table


def render(snapshot: ScaleCheckSnapshot, options: PrintOptions) -> bytes:
    """The PDF on A4."""
    paper = PAPERS[options.paper or "a4"]
    title = tr("Check of a scale")
    table = Table(
        (
            Column("at", tr("When"), 36),
            Column("load", tr("Test weight g"), 28, "right"),
            Column("shown", tr("Shown g"), 28, "right"),
            Column("error", tr("Error g"), 22, "right"),
            Column("allowed", tr("Allowed g"), 30, "right"),
            Column("result", tr("Result"), 26),
            Column("who", tr("Who"), 28),
        ),
        [_cells(line) for line in snapshot.lines],
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * MM,
        empty_text=tr("This scale has not been checked yet."),
    )
    head = (
        TitleBlock(snapshot.company.name, title, snapshot.scale, "", marks(options)),
        FieldsBlock(
            (
                (tr("Scale"), snapshot.scale),
                (tr("PC"), snapshot.workstation),
                (tr("Capacity"), snapshot.capacity),
                (tr("Division"), snapshot.division),
            ),
            size=paper.body,
        ),
    )
    foot = (
        TextBlock(_verdict(snapshot), paper.body),
        SignatureBlock((tr("Inspected by"), tr("Seen by"), tr("Date")), 3, paper.body),
    )
    return compose(paper, options, Content(title, head, table, foot))


def _cells(line: ScaleCheckLine) -> tuple[str, ...]:
    return (
        line.at.strftime("%Y-%m-%d %H:%M"),
        format_quantity(line.load_g),
        format_quantity(line.shown_g),
        format_quantity(line.shown_g - line.load_g),
        "± " + format_quantity(line.allowed_g),
        tr("Passed") if line.passed else tr("Not passed"),
        line.checked_by,
    )


def _verdict(snapshot: ScaleCheckSnapshot) -> str:
    """The last result of each weight counts: a scale put right is weighed again."""
    last: dict[Decimal, bool] = {line.load_g: line.passed for line in snapshot.lines}
    if not last:
        return ""
    if all(last.values()):
        return tr("Every weight was shown within what is allowed: the scale may be used.")
    return tr("A weight was shown outside what is allowed: do not weigh with this scale.")
