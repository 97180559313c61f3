"""The pick list (拣货单): walking order, boxes to tick, no prices."""

from __future__ import annotations

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.reporting.blocks import FieldsBlock, SignatureBlock, TextBlock, TitleBlock
from desktop_app.reporting.marks import marks, numbered
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import PAPERS
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import PickLine, PickListSnapshot
from desktop_app.reporting.table import TICK, Cells, Column, Table


def render(snapshot: PickListSnapshot, options: PrintOptions) -> bytes:
    """The PDF; lines are put in walking order here, whatever order they come in."""
    paper = PAPERS[options.paper or "a4"]
    title = tr("Pick list")
    pairs = [
        (tr("Warehouse"), snapshot.warehouse),
        (tr("Number of lines"), str(len(snapshot.lines))),
        (tr("Print no."), str(options.copy_no + 1)),
        (tr("Orders"), ", ".join(snapshot.orders)),
        (tr("Customers"), ", ".join(snapshot.customers)),
    ]
    if snapshot.note:
        pairs.append((tr("Remark"), snapshot.note))
    wide = frozenset(label for label, _ in pairs[3:])
    lines = sorted(snapshot.lines, key=lambda line: (line.walk, line.bin, line.line_no))
    table = Table(
        _columns(),
        [_cells(line) for line in lines],
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * 72 / 25.4,
        min_row=19.0,
        hidden=options.hidden,
        empty_text=tr("There is nothing to pick on this list."),
    )
    head = (
        TitleBlock(
            snapshot.company,
            title,
            numbered(snapshot.number, options),
            snapshot.number,
            marks(options),
        ),
        FieldsBlock(pairs, size=paper.body, wide=wide),
    )
    foot = (
        TextBlock(
            tr(
                "What is scanned counts, not what is written here. When goods are allotted "
                "again, this sheet is void."
            ),
            size=paper.body - 1,
        ),
        SignatureBlock(
            (tr("Picked by"), tr("Started at"), tr("Finished at"), tr("Checked by")),
            size=paper.body,
        ),
    )
    return compose(paper, options, Content(title, head, table, foot))


def _columns() -> tuple[Column, ...]:
    return (
        Column("tick", "", 6, "centre"),
        Column("line", tr("No."), 10, "centre"),
        Column("bin", tr("Bin"), 25, bold=True),
        Column("code", tr("Item no."), 24),
        Column("name", tr("Item name"), 40, max_lines=6),
        Column("spec", tr("Spec"), 23),
        Column("lot", tr("Lot / expiry"), 24),
        Column("unit", tr("Unit"), 20, "centre"),
        Column("qty", tr("To pick"), 14, "right", bold=True, max_lines=1),
        Column("picked", tr("Picked qty"), 15),
        Column("note", tr("Remark"), 14),
    )


def _cells(line: PickLine) -> Cells:
    expiry = line.expiry.isoformat() if line.expiry else ""
    unit = f"{line.unit} ({line.pack})" if line.pack else line.unit
    return (
        TICK,
        str(line.line_no),
        line.bin,
        line.item_code,
        line.name,
        line.spec,
        " ".join(part for part in (line.lot, expiry) if part),
        unit,
        format_quantity(line.qty),
        "",
        line.note,
    )
