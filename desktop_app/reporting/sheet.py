"""From blocks and a table to the pages of a PDF.

Head and heading stand on every page, foot (totals, words, signatures) stands whole on
one: rows move to the next page rather than split it. Output depends on nothing but the
content, so that a golden file can be compared byte for byte.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import tr
from desktop_app.reporting.blocks import Block
from desktop_app.reporting.fonts import REGULAR
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, Paper
from desktop_app.reporting.table import Table
from desktop_app.reporting.text import fit_line

_FOOTLINE = 4.5 * MM
_PLY_STRIP = 5 * MM
_LEAST_ROWS = 25 * MM


@dataclass(frozen=True)
class Content:
    """What one kind of sheet shows, drawn top to bottom.

    ``foot`` (totals) stands on the last page; ``page_foot`` (signatures) below it there,
    and on every page when ``foot_on_every_page``, because carbon sheets are torn apart.
    """

    title: str
    head: Sequence[Block]
    table: Table
    foot: Sequence[Block] = ()
    page_foot: Sequence[Block] = ()
    foot_on_every_page: bool = False


@dataclass(frozen=True)
class _Page:
    """Row numbers on a page, and whether the foot stands on it."""

    shown: range
    foot: Sequence[Block]


def inner_width(paper: Paper, options: PrintOptions) -> float:
    """Points between the margins, less the strip for the names of the plies."""
    strip = _PLY_STRIP if options.plies else 0.0
    return (paper.width - 2 * paper.side) * MM - strip


def new_canvas(title: str, size: tuple[float, float]) -> tuple[Canvas, io.BytesIO]:
    """An empty PDF with no clock in it; fonts are registered by the caller."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("Stockproof")
    return canvas, buffer


def compose(paper: Paper, options: PrintOptions, content: Content) -> bytes:
    """The PDF of one document: every ply in turn, or all at once on carbon paper."""
    canvas, buffer = new_canvas(content.title, paper.size)
    pages = _paginate(paper, content)
    edges: Sequence[str] = [""]
    if options.plies:
        edges = ["  ".join(options.plies)] if paper.dot_matrix else options.plies
    for edge in edges:
        for number, page in enumerate(pages, start=1):
            _draw_page(canvas, paper, content, page, last=page is pages[-1])
            _draw_edges(canvas, paper, options, edge, f"{number}/{len(pages)}")
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_page(canvas: Canvas, paper: Paper, content: Content, page: _Page, *, last: bool) -> None:
    table = content.table
    x, y = paper.side * MM, (paper.height - paper.edge) * MM
    for block in content.head:
        block.draw(canvas, x, y, table.width)
        y -= block.height(table.width)
    above = table.between_pages(page.shown.start) if page.shown.start else None
    if page.shown or not table.rows:
        y = table.draw(canvas, x, y, page.shown, first=above[1] if above else None)
    below = None if last else table.between_pages(page.shown.stop)
    if below is not None:
        y = table.draw_row(canvas, x, y, below[0])
    for block in page.foot:
        block.draw(canvas, x, y, table.width)
        y -= block.height(table.width)


def _draw_edges(canvas: Canvas, paper: Paper, options: PrintOptions, edge: str, page: str) -> None:
    left, width = paper.side * MM, (paper.width - 2 * paper.side) * MM
    bottom = paper.edge * MM
    canvas.setFillGray(0)
    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(left + width, bottom, tr("Page {page}", page=page))
    if options.printed_at is not None:
        when = options.printed_at.strftime("%Y-%m-%d %H:%M")
        text = tr("Printed {when} by {person}", when=when, person=options.printed_by)
        if not options.printed_by:
            text = tr("Printed {when}", when=when)
        fitted = fit_line(text, width - 30 * MM, 8)
        canvas.setFont(REGULAR, fitted.size)
        canvas.drawString(left, bottom, fitted.lines[0])
    if edge:
        _draw_ply_names(canvas, left + width, paper, edge)


def _draw_ply_names(canvas: Canvas, right: float, paper: Paper, edge: str) -> None:
    room = (paper.height - 2 * paper.edge) * MM - 2 * _FOOTLINE
    fitted = fit_line(edge, room, 9)
    canvas.saveState()
    canvas.translate(right - 1 * MM, paper.height * MM / 2)
    canvas.rotate(-90)
    canvas.setFont(REGULAR, fitted.size)
    canvas.drawCentredString(0, 0, fitted.lines[0])
    canvas.restoreState()


def _paginate(paper: Paper, content: Content) -> list[_Page]:
    """The pages; signatures that leave no useful room for rows move to the last one."""
    table = content.table
    sheet = (paper.height - 2 * paper.edge) * MM - _FOOTLINE
    sheet -= _height(content.head, table.width) + table.head_height
    whole_foot = (*content.foot, *content.page_foot)
    foot = _height(whole_foot, table.width)
    heights = table.heights
    if sum(heights) + foot <= sheet:
        return [_Page(range(len(heights)), whole_foot)]
    rows = table.between_pages(0)
    over, forward = (row.height for row in rows) if rows else (0.0, 0.0)
    repeated = content.page_foot if content.foot_on_every_page else ()
    room = sheet - over - _height(repeated, table.width)
    if room - forward < max(_LEAST_ROWS, *heights):
        repeated, room = (), sheet - over
    ranges = _fill(heights, room, room - forward)
    if sum(heights[i] for i in ranges[-1]) + foot > sheet - forward:
        ranges[-1:] = _keep_with_foot(heights, ranges[-1], sheet - forward - foot)
    pages = [_Page(shown, repeated) for shown in ranges]
    pages[-1] = _Page(ranges[-1], whole_foot)
    return pages


def _height(blocks: Sequence[Block], width: float) -> float:
    return sum(block.height(width) for block in blocks)


def _fill(heights: list[float], first: float, later: float) -> list[range]:
    """As many rows on each page as fit in the room of the first and of later pages; at least
    one, however tall.
    """
    pages: list[range] = []
    start, used = 0, 0.0
    for index, height in enumerate(heights):
        if used + height > (later if pages else first) and index > start:
            pages.append(range(start, index))
            start, used = index, 0.0
        used += height
    pages.append(range(start, len(heights)))
    return pages


def _keep_with_foot(heights: list[float], last: range, room: float) -> list[range]:
    """Move the last row to the page of the foot, so that totals never stand alone.

    When that row does not fit beside the foot, the foot gets a page of its own.
    """
    fits = len(last) > 1 and heights[last.stop - 1] <= room
    cut = last.stop - 1 if fits else last.stop
    return [range(last.start, cut), range(cut, last.stop)]
