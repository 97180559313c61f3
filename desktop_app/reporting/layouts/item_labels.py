"""Item labels of 60 × 40 and 40 × 30 mm, one label to a page, at 203 dpi.

Bars are whole dots wide and begin on a dot (reference: 0.25 mm modules do not scan). A
code too long for bars of two dots with its quiet zones gets a QR code instead of bars
that no scanner reads.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import CodeNotPrintable, item_code, lot_code
from desktop_app.reporting.barcodes import (
    Bars,
    draw_bars,
    draw_qr,
    fitting_module,
    item_bars,
    on_dot,
    qr_side,
)
from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD, REGULAR
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS, Paper
from desktop_app.reporting.sheet import new_canvas
from desktop_app.reporting.snapshots import ItemLabel, ItemLabelsSnapshot
from desktop_app.reporting.text import fit, fit_line

_Line = tuple[str, str, float, int]


def render(snapshot: ItemLabelsSnapshot, options: PrintOptions) -> bytes:
    """The PDF: ``copies`` pages for each label; one page with a sentence when empty."""
    paper = PAPERS[options.paper or "label_60x40"]
    canvas, buffer = new_canvas(tr("Item labels"), paper.dot_size)
    for label in snapshot.labels:
        for _ in range(max(1, label.copies)):
            _draw(canvas, paper, label, reprint=bool(options.copy_no))
            canvas.showPage()
    if not snapshot.labels:
        text = fit(tr("There is no label to print."), paper.size[0] - 4 * MM, 9)
        draw_fitted(canvas, text, 2 * MM, paper.size[1] / 2, paper.size[0] - 4 * MM)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bars_of(label: ItemLabel) -> Bars | None:
    """The linear code: the item's own bar code, else our code of the item.

    None when neither can be a bar code.
    """
    for text in (label.barcode, label.code):
        try:
            if text:
                return item_bars(text if text == label.barcode else item_code(text))
        except (ValueError, CodeNotPrintable):
            continue
    return None


def qr_of(label: ItemLabel) -> str:
    """Text of the QR code: item, lot and quantity; "" when they cannot be coded."""
    try:
        return lot_code(label.code, label.lot, label.qty)
    except CodeNotPrintable:
        return ""


def _draw(canvas: Canvas, paper: Paper, label: ItemLabel, *, reprint: bool) -> None:
    left, width = on_dot(paper.side * MM), (paper.width - 2 * paper.side) * MM
    top, bottom = (paper.height - paper.edge) * MM, on_dot(paper.edge * MM)
    small = paper.height < 35
    bars = bars_of(label)
    module = fitting_module(bars, paper.width * MM, dots=True) if bars else None
    foot = bottom
    if bars is not None and module is not None:
        foot = _draw_linear(canvas, paper, bars, module, bottom, 7 * MM if small else 8 * MM)
    side = 0.0
    qr = qr_of(label)
    if qr and (module is None or not small):
        room = min(19 * MM if module else width * 0.55, top - foot)
        side = qr_side(qr, room)
        if side:
            draw_qr(canvas, qr, on_dot(left + width - side), on_dot(top - side), side, dots=True)
    coded = bool(side) or module is not None
    lines = _lines(paper, label, reprint=reprint, coded=coded)
    _draw_text(canvas, left, top, foot, width - side, lines)


def _draw_linear(
    canvas: Canvas, paper: Paper, bars: Bars, module: float, bottom: float, height: float
) -> float:
    """Bars in the middle with their text below; returns the y above them."""
    wide = bars.width(module)
    start = on_dot((paper.width * MM - wide) / 2)
    text = fit_line(bars.text, paper.width * MM - 3 * MM, 7)
    base = bottom + text.height
    draw_bars(canvas, bars, start, on_dot(base) + 0.0, module, height)
    draw_fitted(canvas, text, 0, base - 0.3, paper.width * MM, align="centre")
    return base + height + 0.8 * MM


def _draw_text(
    canvas: Canvas,
    left: float,
    top: float,
    foot: float,
    width: float,
    lines: list[_Line],
) -> None:
    """Lines from the top; what finds no room is left out from the end."""
    y = top
    for text, font, size, count in lines:
        fitted = fit(text, width - 0.5 * MM, size, font, max_lines=count, min_size=5.5)
        if y - fitted.height < foot - 0.5:
            break
        draw_fitted(canvas, fitted, left, y, width, font=font)
        y -= fitted.height


def _lines(paper: Paper, label: ItemLabel, *, reprint: bool, coded: bool) -> list[_Line]:
    """(text, font, size, most lines), most important first."""
    size = paper.body
    lines = [(label.code, BOLD, size + 2, 3)]
    if reprint:
        lines.append((tr("REPRINT"), BOLD, size - 1, 1))
    if not coded:
        lines.append((tr("This code cannot be printed as bars."), REGULAR, size - 1, 2))
    lines.append((label.name, REGULAR, size + 0.5, 2))
    lines += [(text, REGULAR, size - 0.5, 1) for text in _details(label)]
    return lines


def _details(label: ItemLabel) -> list[str]:
    made = label.made_on.isoformat() if label.made_on else ""
    expiry = label.expiry.isoformat() if label.expiry else ""
    qty = f"{format_quantity(label.qty)} {label.unit}" if label.qty is not None else ""
    pairs = (
        ("{value}", " · ".join(part for part in (label.spec, _finish(label)) if part)),
        (tr("Lot {value}"), label.lot),
        (tr("Qty {value}"), qty),
        (tr("Unit {value}"), "" if qty else label.unit),
        (tr("Made {value}"), made),
        (tr("Use by {value}"), expiry),
    )
    return [form.replace("{value}", value) for form, value in pairs if value]


def _finish(label: ItemLabel) -> str:
    """The finish, unless the specification says it already."""
    return "" if label.finish.casefold() in label.spec.casefold() else label.finish
