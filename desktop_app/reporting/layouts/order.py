"""The usual form of any order or document: head, table, total, signatures.

Purchase, sales and outsourcing orders, transfers and work orders differ in their columns
only; those come with the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from desktop_app.core.i18n import tr
from desktop_app.domain.chinese_money import money_in_words
from desktop_app.domain.quantities import format_fixed, format_price, format_quantity
from desktop_app.reporting.blocks import Block, FieldsBlock, SignatureBlock, TextBlock, TitleBlock
from desktop_app.reporting.fonts import BOLD
from desktop_app.reporting.marks import marks, numbered
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS
from desktop_app.reporting.sheet import Content, compose, inner_width
from desktop_app.reporting.snapshots import CompanyHead, OrderSnapshot, PrintColumn, PrintValue
from desktop_app.reporting.table import Cells, Column, Table, TotalBlock

_NUMBERS = ("quantity", "price", "money", "percent")
_PRICES = ("price", "money")
_NUMBER_FORMS: dict[str, Callable[[Decimal], str]] = {
    "price": format_price,
    "money": lambda value: format_fixed(value, 2),
}


def render(snapshot: OrderSnapshot, options: PrintOptions) -> bytes:
    """The PDF, on A4 by default."""
    paper = PAPERS[options.paper or "a4"]
    shown = [
        index
        for index, column in enumerate(snapshot.columns)
        if (options.show_prices or column.kind not in _PRICES) and column.id not in options.hidden
    ]
    columns = [snapshot.columns[index] for index in shown]
    table = Table(
        [Column("no", tr("No."), 10, "centre"), *(_column(column) for column in columns)],
        [
            (str(number), *(_cell(row[i], snapshot.columns[i].kind) for i in shown))
            for number, row in enumerate(snapshot.rows, 1)
        ],
        width=inner_width(paper, options),
        size=paper.body,
        line=paper.line * MM,
        min_row=5.6 * MM,
        empty_text=tr("This document has no lines."),
    )
    head = (
        TitleBlock(
            snapshot.company.name,
            snapshot.title,
            numbered(snapshot.number, options),
            snapshot.number,
            marks(options),
            _company_line(snapshot.company),
        ),
        FieldsBlock([pair for pair in snapshot.heads if pair[1]], size=paper.body),
    )
    foot = _foot(snapshot, options, table, shown, paper.body, paper.line * MM)
    return compose(paper, options, Content(snapshot.title, head, table, foot))


def _column(column: PrintColumn) -> Column:
    number = column.kind in _NUMBERS
    return Column(
        column.id,
        column.title,
        column.width,
        "right" if number else "left",
        max_lines=1 if number else 6,
    )


def _cell(value: PrintValue, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _NUMBER_FORMS.get(kind, format_quantity)(value)
    return str(value)


def _sum(snapshot: OrderSnapshot, index: int) -> Decimal:
    values = (row[index] for row in snapshot.rows)
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


def _totals(snapshot: OrderSnapshot, shown: list[int]) -> Cells | None:
    if not any(snapshot.columns[i].total for i in shown):
        return None
    cells = [tr("Total")]
    for index in shown:
        column = snapshot.columns[index]
        cells.append(_cell(_sum(snapshot, index), column.kind) if column.total else "")
    return tuple(cells)


def _foot(
    snapshot: OrderSnapshot,
    options: PrintOptions,
    table: Table,
    shown: list[int],
    size: float,
    line: float,
) -> list[Block]:
    blocks: list[Block] = []
    totals = _totals(snapshot, shown)
    if totals:
        blocks.append(TotalBlock(table, totals))
    ids = [column.id for column in snapshot.columns]
    if options.show_prices and snapshot.words_column in ids:
        total = _sum(snapshot, ids.index(snapshot.words_column))
        words = tr("Total in words: {words}", words=money_in_words(total))
        blocks.append(TextBlock(words, size, BOLD, box=line))
    if snapshot.remark:
        blocks.append(TextBlock(tr("Remark: {remark}", remark=snapshot.remark), size))
    if snapshot.clause:
        blocks.append(TextBlock(snapshot.clause, size - 1, max_lines=12))
    if snapshot.signatures:
        columns = min(5, len(snapshot.signatures))
        blocks.append(SignatureBlock(snapshot.signatures, columns, size, line))
    return blocks


def _company_line(company: CompanyHead) -> str:
    parts = (
        (tr("Phone"), company.phone),
        (tr("Fax"), company.fax),
        (tr("Address"), company.address),
    )
    return "    ".join(f"{label} {value}" for label, value in parts if value)
