"""The day sheet: what a sealed day holds and its digest, to be signed and filed.

The digest is printed as a QR code, so that a later check of the ledger can be compared
with paper that no administrator of the database can change.
"""

from __future__ import annotations

from desktop_app.core.i18n import tr
from desktop_app.reporting.blocks import FieldsBlock, QrBlock, SignatureBlock, TitleBlock
from desktop_app.reporting.marks import marks
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import DaySheetSnapshot
from desktop_app.reporting.table import Column, Table, TotalBlock


def seal_text(snapshot: DaySheetSnapshot) -> str:
    """What the QR code says: ``S.<day>.<digest>``."""
    return f"S.{snapshot.day:%Y%m%d}.{snapshot.digest}"


def render(snapshot: DaySheetSnapshot, options: PrintOptions) -> bytes:
    """The PDF on A4."""
    paper = PAPERS[options.paper or "a4"]
    title = tr("Day sheet")
    day = snapshot.day.isoformat()
    table = Table(
        (
            Column("kind", tr("Document kind"), 80),
            Column("count", tr("Documents"), 30, "right"),
            Column("moves", tr("Stock moves"), 30, "right"),
        ),
        [(kind.title, str(kind.documents), str(kind.moves)) for kind in snapshot.kinds],
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * MM,
        empty_text=tr("Nothing was posted on this day."),
    )
    head = (
        TitleBlock(snapshot.company.name, title, day, "", marks(options)),
        FieldsBlock(
            (
                (tr("Date"), day),
                (tr("Sealed at"), snapshot.sealed_at.strftime("%Y-%m-%d %H:%M:%S")),
                (tr("Sealed by"), snapshot.sealed_by),
            ),
            size=paper.body,
        ),
    )
    documents = sum(kind.documents for kind in snapshot.kinds)
    moves = sum(kind.moves for kind in snapshot.kinds)
    foot = (
        TotalBlock(table, (tr("Total"), str(documents), str(moves))),
        QrBlock(
            seal_text(snapshot),
            (
                tr("Seal of this day: {digest}", digest=snapshot.digest),
                tr("Seal of the day before: {digest}", digest=snapshot.previous_digest or "—"),
                tr(
                    "Keep this sheet. When the ledger is verified later, the seal must be the same."
                ),
            ),
        ),
        SignatureBlock((tr("Sealed by"), tr("Witness"), tr("Date")), 3, paper.body),
    )
    return compose(paper, options, Content(title, head, table, foot))
