"""A ruled table whose rows grow with their text; measured once, drawn page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD, REGULAR
from desktop_app.reporting.paper import MM
from desktop_app.reporting.text import Fitted, fit

TICK = "□"
"""A box to tick by hand."""

Cells = tuple[str, ...]
_PAD = 0.9 * MM


@dataclass(frozen=True)
class Column:
    """One column. ``width`` is a share: shares are scaled to the width of the sheet."""

    id: str
    title: str
    width: float
    align: str = "left"
    bold: bool = False
    max_lines: int = 4


@dataclass(frozen=True)
class Row:
    """A measured row."""

    cells: tuple[Fitted, ...]
    height: float
    bold: bool = False


class Table:
    """Rows under a heading. ``carried`` makes the two rows of totals between pages from how
    many rows stand above them: what a page carries over, what the next one brings forward.

    ``hidden`` columns are left out and their width goes to the others.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Cells],
        *,
        width: float,
        size: float = 9.0,
        line: float = 0.5,
        min_row: float = 5.5 * MM,
        hidden: frozenset[str] = frozenset(),
        empty_text: str = "",
        carried: Callable[[int], tuple[Cells, Cells]] | None = None,
    ) -> None:
        self._shown = [i for i, column in enumerate(columns) if column.id not in hidden]
        self._columns = [columns[i] for i in self._shown]
        share = sum(column.width for column in self._columns)
        self._widths = [width * column.width / share for column in self._columns]
        self._size, self._line, self._min_row, self.width = size, line, min_row, width
        self._carried = carried
        self._head = self._measure(tuple(c.title for c in columns), BOLD, lines=2, shrink=5.0)
        self.rows = [self._measure(cells) for cells in rows]
        self._empty = fit(empty_text, width - 2 * _PAD, size) if not rows else None

    @property
    def head_height(self) -> float:
        """Points taken by the heading on every page."""
        return self._head.height

    @property
    def heights(self) -> list[float]:
        """Height of each row; one row for the sentence of an empty table."""
        if self._empty is not None:
            return [max(self._min_row * 1.6, self._empty.height + 2 * _PAD)]
        return [row.height for row in self.rows]

    def between_pages(self, above: int) -> tuple[Row, Row] | None:
        """The total carried over after ``above`` rows and the same brought forward on the next
        page; None when the table carries nothing.
        """
        if self._carried is None:
            return None
        over, forward = self._carried(above)
        return self.total_row(over), self.total_row(forward)

    def total_row(self, cells: Cells) -> Row:
        """A row of totals, measured in bold."""
        return self._measure(cells, BOLD)

    def draw(
        self, canvas: Canvas, x: float, top: float, shown: range, *, first: Row | None = None
    ) -> float:
        """Draw the heading, ``first`` and the rows of ``shown``; returns the y below them."""
        canvas.setLineWidth(self._line)
        y = self.draw_row(canvas, x, top, self._head, heading=True)
        if self._empty is not None:
            height = self.heights[0]
            canvas.rect(x, y - height, self.width, height)
            offset = (height - self._empty.height) / 2
            draw_fitted(canvas, self._empty, x, y - offset, self.width, align="centre")
            return y - height
        if first is not None:
            y = self.draw_row(canvas, x, y, first)
        for index in shown:
            y = self.draw_row(canvas, x, y, self.rows[index])
        return y

    def draw_row(
        self, canvas: Canvas, x: float, top: float, row: Row, *, heading: bool = False
    ) -> float:
        """Draw one row with its rules; returns the y below it."""
        canvas.setLineWidth(self._line)
        left = x
        for column, width, cell in zip(self._columns, self._widths, row.cells, strict=True):
            canvas.rect(left, top - row.height, width, row.height)
            align = "centre" if heading else column.align
            font = BOLD if row.bold or column.bold else REGULAR
            offset = (row.height - cell.height) / 2
            draw_fitted(
                canvas, cell, left + _PAD, top - offset, width - 2 * _PAD, font=font, align=align
            )
            left += width
        return top - row.height

    def _measure(
        self, cells: Cells, font: str = REGULAR, *, lines: int = 0, shrink: float = 6.0
    ) -> Row:
        fitted = []
        for column, width, index in zip(self._columns, self._widths, self._shown, strict=True):
            face = BOLD if column.bold else font
            if cells[index] == TICK:
                fitted.append(Fitted((TICK,), self._size + 3))
                continue
            fitted.append(
                fit(
                    cells[index],
                    width - 2 * _PAD,
                    self._size,
                    face,
                    max_lines=lines or column.max_lines,
                    min_size=shrink,
                )
            )
        tallest = max((cell.height for cell in fitted), default=0.0)
        return Row(tuple(fitted), max(self._min_row, tallest + 1.2 * _PAD), font == BOLD)


class TotalBlock:
    """A total as a last row of its table, kept together with the foot."""

    def __init__(self, table: Table, cells: Cells) -> None:
        self._table, self._row = table, table.total_row(cells)

    def height(self, width: float) -> float:
        return self._row.height

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self._table.draw_row(canvas, x, top, self._row)
