"""The blind count sheet (盲盘表): where to look and what for, never how many.

What must and must not be on it: 账面数, last count, differences, costs and prices are not
even in the snapshot. A recount is a sheet of its own without the first result.
"""

from __future__ import annotations

from desktop_app.core.i18n import tr
from desktop_app.reporting.blocks import FieldsBlock, SignatureBlock, TextBlock, TitleBlock
from desktop_app.reporting.marks import marks
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import PAPERS
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import BlindLine, BlindSheetSnapshot
from desktop_app.reporting.table import Cells, Column, Table

_WEIGHTS = frozenset({"gross", "tare", "net"})


def render(snapshot: BlindSheetSnapshot, options: PrintOptions) -> bytes:
    """The PDF, on A4 across by default; writing columns are blank and rows tall."""
    paper = PAPERS[options.paper or "a4_wide"]
    title = tr("Recount sheet (blind)") if snapshot.is_recount else tr("Count sheet (blind)")
    columns = _columns(snapshot.is_recount)
    rows = [_cells(number, line, len(columns)) for number, line in enumerate(snapshot.lines, 1)]
    blank = ("",) * len(columns)
    first = len(rows) + 1
    rows += [(str(first + i), *blank[1:]) for i in range(snapshot.blank_rows)]
    table = Table(
        columns,
        rows,
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * 72 / 25.4,
        min_row=24.0,
        hidden=options.hidden | (frozenset() if snapshot.weighed else _WEIGHTS),
        empty_text=tr("There is nothing to count on this sheet."),
    )
    number = tr(
        "{plan} · sheet {sheet} of {count}",
        plan=snapshot.plan_number,
        sheet=snapshot.sheet_no,
        count=snapshot.sheet_count,
    )
    kind = (tr("ORIGINAL"),) if not options.copy_no else ()
    head = (
        TitleBlock(snapshot.company, title, number, snapshot.code, (*kind, *marks(options))),
        FieldsBlock(_pairs(snapshot), columns=4, size=paper.body),
    )
    signed = (SignatureBlock(_signatures(), columns=5, size=paper.body),)
    rules = (TextBlock(_rules(), size=paper.body - 1),)
    return compose(paper, options, Content(title, head, table, rules, signed, True))


def _rules() -> str:
    return tr(
        "Count what you see, write zero as 0, never leave a line empty. Goods found here that "
        "are not listed go on the blank lines. Correct by crossing out and signing."
    )


def _signatures() -> tuple[str, ...]:
    return (
        tr("Counted by"),
        tr("Recounted by"),
        tr("Witness"),
        tr("Started at"),
        tr("Finished at"),
    )


def _pairs(snapshot: BlindSheetSnapshot) -> list[tuple[str, str]]:
    day = snapshot.count_date.isoformat() if snapshot.count_date else ""
    person = snapshot.recounter if snapshot.is_recount else snapshot.counter
    pairs = [
        (tr("Warehouse"), snapshot.warehouse),
        (tr("Bins"), snapshot.bins),
        (tr("Count date"), day),
        (tr("Time window"), snapshot.window),
        (tr("Team"), snapshot.team),
        (tr("Recounter") if snapshot.is_recount else tr("Counter"), person),
    ]
    return [(label, value) for label, value in pairs if value]


def _columns(is_recount: bool) -> tuple[Column, ...]:
    counted = tr("Recounted qty") if is_recount else tr("First count qty")
    return (
        Column("seq", tr("No."), 11, "centre"),
        Column("bin", tr("Bin"), 26, bold=True),
        Column("code", tr("Item no."), 26),
        Column("name", tr("Item name"), 44, max_lines=6),
        Column("spec", tr("Spec"), 22),
        Column("finish", tr("Surface finish"), 16),
        Column("unit", tr("Unit"), 20, "centre"),
        Column("lot", tr("Lot"), 20),
        Column("packs", tr("Packs × each + loose"), 30),
        Column("count", counted, 20),
        Column("gross", tr("Gross weight"), 14),
        Column("tare", tr("Tare weight"), 14),
        Column("net", tr("Net weight"), 14),
        Column("quality", tr("Good / hold / bad / expired"), 27),
        Column("note", tr("Remark"), 22),
    )


def _cells(number: int, line: BlindLine, columns: int) -> Cells:
    unit = f"{line.unit} ({line.pack})" if line.pack else line.unit
    known = (
        str(number),
        line.bin,
        line.item_code,
        line.name,
        line.spec,
        line.finish,
        unit,
        line.lot,
    )
    return known + ("",) * (columns - len(known))
