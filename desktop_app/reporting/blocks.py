"""The pieces a printed page is made of: each knows its height and draws itself.

Lengths are points, y grows upwards as in PDF; a block is drawn downwards from ``top``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reportlab.pdfgen.canvas import Canvas

from desktop_app.reporting.barcodes import Bars, code128, draw_bars, draw_qr, fitting_module
from desktop_app.reporting.fonts import BOLD, REGULAR, text_width
from desktop_app.reporting.paper import MM
from desktop_app.reporting.text import LEADING, Fitted, fit, fit_line

_ASCENT = 0.92  # of the type size: from the top of a line to its baseline


class Block(Protocol):
    """A piece of a page."""

    def height(self, width: float) -> float:
        """Points needed when ``width`` points wide."""
        ...

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Draw with the upper left corner at (x, top)."""
        ...


def draw_fitted(
    canvas: Canvas,
    text: Fitted,
    x: float,
    top: float,
    width: float,
    *,
    font: str = REGULAR,
    align: str = "left",
) -> None:
    """Draw fitted lines inside ``width``; ``align`` is left, right or centre."""
    canvas.setFillGray(0)
    canvas.setFont(font, text.size)
    baseline = top - text.size * _ASCENT
    for line in text.lines:
        if align == "right":
            canvas.drawRightString(x + width, baseline, line)
        elif align == "centre":
            canvas.drawCentredString(x + width / 2, baseline, line)
        else:
            canvas.drawString(x, baseline, line)
        baseline -= text.size * LEADING


@dataclass(frozen=True)
class TitleBlock:
    """Company, title, marks (draft, copy) at the left; number and its bar code right."""

    company: str
    title: str
    number: str
    code: str = ""
    marks: tuple[str, ...] = ()
    subtitle: str = ""
    size: float = 15.0

    _CODE_WIDTH = 72 * MM
    _BAR_HEIGHT = 8.5 * MM

    def height(self, width: float) -> float:
        lines = (self._company(width), self._subtitle(width))
        left = sum(line.height for line in lines if line) + self.size * LEADING
        return max(left, self._BAR_HEIGHT + 11 * LEADING if self.code else 0.0) + 1.5 * MM

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        room = self._room(width)
        y = top
        for line, font in (
            (self._company(width), BOLD),
            (None, ""),
            (self._subtitle(width), REGULAR),
        ):
            if line is None and font == "":
                self._draw_title(canvas, x, y, room)
                y -= self.size * LEADING
            elif line is not None:
                draw_fitted(canvas, line, x, y, room, font=font)
                y -= line.height
        self._draw_code(canvas, x + width - self._CODE_WIDTH, top)

    def _room(self, width: float) -> float:
        return width - self._CODE_WIDTH - 4 * MM

    def _company(self, width: float) -> Fitted | None:
        return (
            fit(self.company, self._room(width), 10.5, BOLD, max_lines=2) if self.company else None
        )

    def _subtitle(self, width: float) -> Fitted | None:
        return fit(self.subtitle, self._room(width), 8, max_lines=2) if self.subtitle else None

    def _draw_title(self, canvas: Canvas, x: float, top: float, room: float) -> None:
        marks_room = sum(text_width(mark, BOLD, 10) + 5 * MM for mark in self.marks)
        title = fit_line(self.title, room - marks_room, self.size, BOLD)
        draw_fitted(canvas, title, x, top, room, font=BOLD)
        left = x + text_width(title.lines[0], BOLD, title.size) + 4 * MM
        for mark in self.marks:
            wide = text_width(mark, BOLD, 10)
            canvas.setLineWidth(0.3 * MM)
            canvas.rect(left, top - 15.5, wide + 2 * MM, 13, stroke=1, fill=0)
            draw_fitted(canvas, Fitted((mark,), 10), left + MM, top - 3, wide, font=BOLD)
            left += wide + 5 * MM

    def _draw_code(self, canvas: Canvas, x: float, top: float) -> None:
        bars = _bars_or_none(self.code)
        module = fitting_module(bars, self._CODE_WIDTH, dots=False) if bars else None
        if bars is not None and module is not None:
            left = x + self._CODE_WIDTH - bars.width(module)
            draw_bars(canvas, bars, left, top - self._BAR_HEIGHT, module, self._BAR_HEIGHT)
            top -= self._BAR_HEIGHT + 1
        number = fit_line(self.number, self._CODE_WIDTH, 10.5, BOLD)
        draw_fitted(canvas, number, x, top, self._CODE_WIDTH, font=BOLD, align="right")


def _bars_or_none(text: str) -> Bars | None:
    try:
        return code128(text) if text else None
    except ValueError:
        return None  # a number that no bar code can hold is still printed as text


@dataclass(frozen=True)
class FieldsBlock:
    """Label: value pairs in ``columns`` equal columns; a wide pair takes a whole row."""

    pairs: Sequence[tuple[str, str]]
    columns: int = 3
    size: float = 9.0
    wide: frozenset[str] = field(default_factory=frozenset)

    def height(self, width: float) -> float:
        return sum(height for height, _ in self._rows(width)) + MM

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        for height, row in self._rows(width):
            for left, label, room, value in row:
                draw_fitted(canvas, Fitted((label,), self.size), x + left, top, room)
                shift = text_width(label, REGULAR, self.size)
                draw_fitted(canvas, value, x + left + shift, top, room - shift, font=BOLD)
            top -= height

    def _rows(self, width: float) -> list[tuple[float, list[tuple[float, str, float, Fitted]]]]:
        rows: list[tuple[float, list[tuple[float, str, float, Fitted]]]] = []
        cell = width / self.columns
        at = self.columns
        for label, value in self.pairs:
            span = self.columns if label in self.wide else 1
            if at + span > self.columns:
                rows.append((0.0, []))
                at = 0
            head = label + "：" if _is_chinese(label) else label + ": "
            room = cell * span - 2 * MM
            text = fit(
                value, room - text_width(head, REGULAR, self.size), self.size, BOLD, max_lines=3
            )
            height, row = rows[-1]
            row.append((cell * at, head, room, text))
            needed = max(text.height, self.size * LEADING) + 0.6 * MM
            rows[-1] = (max(height, needed), row)
            at += span
        return rows


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, boxed when ``box`` is a line width in points."""

    text: str
    size: float = 9.0
    font: str = REGULAR
    box: float = 0.0
    max_lines: int = 6
    align: str = "left"

    def height(self, width: float) -> float:
        return self._fitted(width).height + (1.6 if self.box else 1.4) * MM

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        pad = 1.2 * MM if self.box else 0.0
        if self.box:
            canvas.setLineWidth(self.box)
            canvas.rect(x, top - self.height(width), width, self.height(width))
        draw_fitted(
            canvas,
            self._fitted(width),
            x + pad,
            top - (0.8 if self.box else 1.0) * MM,
            width - 2 * pad,
            font=self.font,
            align=self.align,
        )

    def _fitted(self, width: float) -> Fitted:
        pad = 2.4 * MM if self.box else 0.0
        return fit(self.text, width - pad, self.size, self.font, max_lines=self.max_lines)


@dataclass(frozen=True)
class SignatureBlock:
    """Labels with a line to write on, side by side, ``columns`` to a row."""

    labels: tuple[str, ...]
    columns: int = 4
    size: float = 9.0
    line: float = 0.85

    _ROW = 8.5 * MM

    def height(self, width: float) -> float:
        return -(-len(self.labels) // self.columns) * self._ROW

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        cell = width / self.columns
        for index, label in enumerate(self.labels):
            row, column = divmod(index, self.columns)
            left, y = x + column * cell, top - row * self._ROW - 3 * MM
            text = fit_line(label, cell * 0.62, self.size)
            draw_fitted(canvas, text, left, y, cell)
            start = left + text_width(text.lines[0], REGULAR, text.size) + MM
            canvas.setLineWidth(self.line)
            canvas.line(start, y - self.size * 1.15, left + cell - 3 * MM, y - self.size * 1.15)


@dataclass(frozen=True)
class QrBlock:
    """A QR code at the left and lines of text beside it."""

    code: str
    lines: tuple[str, ...]
    side: float = 34 * MM

    def height(self, width: float) -> float:
        return self.side + 2 * MM

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        draw_qr(canvas, self.code, x, top - self.side, self.side, dots=False)
        y = top - 3 * MM
        for line in self.lines:
            text = fit(line, width - self.side - 6 * MM, 9, max_lines=3)
            draw_fitted(canvas, text, x + self.side + 4 * MM, y, width - self.side)
            y -= text.height + MM
