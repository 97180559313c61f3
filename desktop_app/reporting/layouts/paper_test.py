"""The test print of one sheet: where the printer's own edges are, and how far it is off.

Nothing keeps a margin here. The frame stands on the very edge, lines at each side stand 1 to
10 mm from it (the first one to be seen tells what the printer cannot reach), and a cross stands
20 mm from the left and from the top: what is measured instead is corrected by the offsets.
Tractor paper gets two sheets, so that a wrong form length shows as drift.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import tr
from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD, REGULAR
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS, Paper
from desktop_app.reporting.printer_forms import size_text
from desktop_app.reporting.sheet import new_canvas
from desktop_app.reporting.snapshots import PaperTestSnapshot
from desktop_app.reporting.text import fit, fit_line

CROSS = 20
"""mm from the left and the top edge to the cross."""
_STEPS = 10
_HAIR = 0.2 * MM


def render(snapshot: PaperTestSnapshot, options: PrintOptions) -> bytes:
    """The PDF on ``options.paper``."""
    paper = PAPERS[options.paper or "a4"]
    canvas, buffer = new_canvas(tr("Test print of a sheet"), paper.size)
    sheets = 2 if paper.dot_matrix else 1
    for sheet in range(1, sheets + 1):
        canvas.setLineWidth(_HAIR)
        canvas.rect(0, 0, *paper.size)
        _stairs(canvas, paper)
        _cross(canvas, paper)
        _measures(canvas, paper)
        _words(canvas, paper, snapshot, f"{sheet}/{sheets}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _stairs(canvas: Canvas, paper: Paper) -> None:
    """At the middle of each side ten short lines, each 1 mm farther in, every fifth longer."""
    wide, high = paper.size
    middle = (wide / 2, high / 2)
    for step in range(1, _STEPS + 1):
        away = step * MM
        half = (8 if step % 5 == 0 else 3) * MM
        at = ((_STEPS + 1) / 2 - step) * 5 * MM
        for y in (away, high - away):
            canvas.line(middle[0] - at * 1.6 - half, y, middle[0] - at * 1.6 + half, y)
        for x in (away, wide - away):
            canvas.line(x, middle[1] + at - half / 2, x, middle[1] + at + half / 2)
    canvas.setFont(REGULAR, 7)
    for step in (1, 5, 10):
        at = ((_STEPS + 1) / 2 - step) * 5 * MM
        canvas.drawCentredString(middle[0] - at * 1.6, high - 13.5 * MM, str(step))
        canvas.drawString(12 * MM, middle[1] + at - 1 * MM, str(step))


def _cross(canvas: Canvas, paper: Paper) -> None:
    x, y = CROSS * MM, (paper.height - CROSS) * MM
    canvas.setLineWidth(0.3 * MM)
    canvas.line(x - 6 * MM, y, x + 6 * MM, y)
    canvas.line(x, y - 6 * MM, x, y + 6 * MM)
    canvas.circle(x, y, 2 * MM)
    canvas.setFont(BOLD, 8)
    canvas.drawString(x + 3 * MM, y + 2 * MM, f"{CROSS} / {CROSS} mm")


def _measures(canvas: Canvas, paper: Paper) -> None:
    """Lines of 100 and 50 mm: another length means that somebody scales the page."""
    left, level = 60 * MM, (paper.height - 30) * MM
    canvas.line(left, level, left + 100 * MM, level)
    canvas.line(left, level, left, level - 50 * MM)
    canvas.setFont(REGULAR, 8)
    for mm in range(0, 101, 10):
        canvas.line(left + mm * MM, level, left + mm * MM, level + 2 * MM)
    for mm in range(0, 51, 10):
        canvas.line(left - 2 * MM, level - mm * MM, left, level - mm * MM)
    canvas.drawString(left + 101 * MM, level - 1 * MM, "100 mm")
    canvas.drawString(left + 1 * MM, level - 50 * MM, "50 mm")


def _words(canvas: Canvas, paper: Paper, snapshot: PaperTestSnapshot, sheet: str) -> None:
    left, room = 66 * MM, 92 * MM
    top = (paper.height - 34) * MM
    title = fit_line(
        tr("{printer}: sheet of {size} mm", printer=snapshot.printer, size=_size(paper)),
        room,
        11,
        BOLD,
    )
    draw_fitted(canvas, title, left, top, room, font=BOLD)
    top -= title.height + MM
    lines = (
        tr(
            "Moved right by {right} mm, down by {down} mm. Sheet {sheet}.",
            right=snapshot.right_mm,
            down=snapshot.down_mm,
            sheet=sheet,
        ),
        tr("Measure the cross: it should stand {mm} mm from the left and the top edge.", mm=CROSS),
        tr("The first line to be seen at each edge tells what the printer cannot reach, in mm."),
    )
    for line in lines:
        text = fit(line, room, 8.5, max_lines=2)
        draw_fitted(canvas, text, left, top, room)
        top -= text.height + 0.6 * MM


def _size(paper: Paper) -> str:
    return size_text((paper.width, paper.height))
