"""The delivery note (送货单) on two-part 241 × 140 mm paper or A4.

With ``show_prices`` off it becomes the note without prices (无价送货单): no price, no
amount, no capital figures, no balance.
"""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import tr
from desktop_app.domain.chinese_money import money_in_words
from desktop_app.domain.quantities import format_fixed, format_price, format_quantity
from desktop_app.reporting.blocks import (
    Block,
    FieldsBlock,
    SignatureBlock,
    TextBlock,
    TitleBlock,
)
from desktop_app.reporting.fonts import BOLD
from desktop_app.reporting.marks import marks, numbered
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS, Paper
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import CompanyHead, DeliveryLine, DeliveryNoteSnapshot
from desktop_app.reporting.table import Cells, Column, Table, TotalBlock

_MONEY_COLUMNS = frozenset({"price", "amount"})


def render(snapshot: DeliveryNoteSnapshot, options: PrintOptions) -> bytes:
    """The PDF of the note in every ply."""
    paper = PAPERS[options.paper or "241_half"]
    title = tr("Delivery note")
    hidden = options.hidden | (frozenset() if options.show_prices else _MONEY_COLUMNS)
    lines = snapshot.lines
    table = Table(
        _columns(),
        [_cells(number, line) for number, line in enumerate(lines, 1)],
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * MM,
        min_row=5.2 * MM,
        hidden=hidden,
        empty_text=tr("Nothing was delivered on this note."),
        carried=lambda above: (
            _sums(tr("Carried over"), list(lines[:above])),
            _sums(tr("Brought forward"), list(lines[:above])),
        ),
    )
    content = Content(
        title,
        (_title(snapshot, options, title), _head(snapshot, paper)),
        table,
        (TotalBlock(table, _sums(tr("Total"), list(lines))), *_foot(snapshot, options, paper)),
        _page_foot(snapshot, paper),
        options.foot_on_every_page,
    )
    return compose(paper, options, content)


def _title(snapshot: DeliveryNoteSnapshot, options: PrintOptions, title: str) -> TitleBlock:
    return TitleBlock(
        snapshot.company.name,
        title,
        numbered(snapshot.number, options),
        snapshot.number,
        marks(options),
    )


def _head(snapshot: DeliveryNoteSnapshot, paper: Paper) -> FieldsBlock:
    address = tr("Address")
    pairs = [
        (tr("Customer"), snapshot.customer),
        (tr("Receiver"), snapshot.receiver),
        (tr("Phone"), snapshot.phone),
        (address, snapshot.address),
        (tr("Date"), snapshot.doc_date.isoformat()),
        (tr("Order no."), snapshot.order_number),
        (tr("Warehouse"), snapshot.warehouse),
        (tr("Handler"), snapshot.handler),
        (tr("Carrier"), snapshot.carrier),
        (tr("Waybill"), snapshot.waybill),
    ]
    return FieldsBlock(
        [(label, value) for label, value in pairs if value],
        size=paper.body,
        wide=frozenset({address}),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("no", tr("No."), 11, "centre"),
        Column("code", tr("Item no."), 24),
        Column("name", tr("Item name"), 52, max_lines=6),
        Column("spec", tr("Spec"), 28),
        Column("unit", tr("Unit"), 11, "centre"),
        Column("qty", tr("Quantity"), 19, "right", max_lines=1),
        Column("price", tr("Price"), 18, "right", max_lines=1),
        Column("amount", tr("Amount"), 23, "right", max_lines=1),
        Column("note", tr("Remark"), 20),
    )


def _cells(number: int, line: DeliveryLine) -> Cells:
    return (
        str(number),
        line.item_code,
        f"{line.name} ({line.their_name})" if line.their_name else line.name,
        line.spec,
        line.unit,
        format_quantity(line.qty),
        "" if line.price is None else format_price(line.price),
        _money(line.amount),
        line.note,
    )


def _sums(label: str, lines: list[DeliveryLine]) -> Cells:
    qty = sum((line.qty for line in lines), Decimal(0))
    return ("", label, "", "", "", format_quantity(qty), "", _money(_amount(lines)), "")


def _amount(lines: list[DeliveryLine]) -> Decimal | None:
    """The sum of the amounts, None when no line has one."""
    amounts = [line.amount for line in lines if line.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _money(value: Decimal | None) -> str:
    return "" if value is None else format_fixed(value, 2)


def _foot(snapshot: DeliveryNoteSnapshot, options: PrintOptions, paper: Paper) -> list[Block]:
    blocks: list[Block] = []
    total = _amount(list(snapshot.lines))
    if options.show_prices and total is not None:
        due = total + (snapshot.other_costs or Decimal(0))
        words = tr("Total in words: {words}", words=money_in_words(due))
        blocks.append(TextBlock(words, paper.body, BOLD, box=paper.line * MM))
        money = _money_line(snapshot, due)
        if money:
            blocks.append(TextBlock(money, paper.body))
    remark = tr("Remark: {remark}", remark=snapshot.remark) if snapshot.remark else ""
    texts = [text for text in (remark, snapshot.clause) if text]
    blocks.extend(TextBlock(text, paper.body - 1, max_lines=3) for text in texts)
    return blocks


def _page_foot(snapshot: DeliveryNoteSnapshot, paper: Paper) -> list[Block]:
    """Signatures and the company's line: needed on every sheet that is torn off."""
    made = tr("Made by {name}", name=snapshot.maker) if snapshot.maker else tr("Made by")
    approved = (
        tr("Approved by {name}", name=snapshot.approver) if snapshot.approver else tr("Approved by")
    )
    labels = (made, approved, tr("Delivered by"), tr("Received (seal)"), tr("Date"))
    blocks: list[Block] = [SignatureBlock(labels, columns=5, size=paper.body, line=paper.line * MM)]
    if _company_line(snapshot.company):
        blocks.append(TextBlock(_company_line(snapshot.company), paper.body - 1.5, max_lines=2))
    return blocks


def _money_line(snapshot: DeliveryNoteSnapshot, due: Decimal) -> str:
    parts = (
        (tr("Other costs"), snapshot.other_costs),
        (tr("Amount due"), due if snapshot.other_costs else None),
        (tr("Paid now"), snapshot.paid_now),
        (tr("Owed on this note"), snapshot.owed_now),
        (tr("Owed in all"), snapshot.owed_total),
    )
    return "    ".join(f"{label} {_money(value)}" for label, value in parts if value is not None)


def _company_line(company: CompanyHead) -> str:
    parts = (
        (tr("Phone"), company.phone),
        (tr("Fax"), company.fax),
        (tr("Address"), company.address),
        (tr("Bank"), company.bank),
    )
    return "    ".join(f"{label} {value}" for label, value in parts if value)
