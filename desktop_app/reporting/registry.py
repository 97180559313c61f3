"""Every kind of paper this program prints, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.reporting import snapshots
from desktop_app.reporting.fonts import register_fonts
from desktop_app.reporting.layouts import (
    bin_labels,
    blind_sheet,
    day_sheet,
    delivery_note,
    item_labels,
    order,
    paper_test,
    pick_list,
    scale_check,
    scanner_page,
)
from desktop_app.reporting.options import PrintOptions


@dataclass(frozen=True)
class Layout:
    """One kind of paper: ``render`` takes a value of ``snapshot`` and gives a PDF.

    ``papers`` are the ids it may be printed on, the usual one first. ``plies``: it may be
    printed with the names of its copies (存根联, 客户联 …).
    """

    id: str
    title: str
    snapshot: type
    render: Callable[[Any, PrintOptions], bytes]
    papers: tuple[str, ...]
    plies: bool = False


_SHEETS = ("a4", "a4_wide", "241_full", "241_half")

LAYOUTS = Registry(
    (
        Layout(
            "pick_list",
            N_("Pick list"),
            snapshots.PickListSnapshot,
            pick_list.render,
            _SHEETS,
            plies=True,
        ),
        Layout(
            "blind_sheet",
            N_("Count sheet (blind)"),
            snapshots.BlindSheetSnapshot,
            blind_sheet.render,
            ("a4_wide", "a4", "241_full"),
        ),
        Layout(
            "delivery_note",
            N_("Delivery note"),
            snapshots.DeliveryNoteSnapshot,
            delivery_note.render,
            ("241_half", "241_full", "241_third", "a4", "a4_wide"),
            plies=True,
        ),
        Layout("order", N_("Order"), snapshots.OrderSnapshot, order.render, _SHEETS, plies=True),
        Layout(
            "item_labels",
            N_("Item labels"),
            snapshots.ItemLabelsSnapshot,
            item_labels.render,
            ("label_60x40", "label_40x30"),
        ),
        Layout(
            "bin_labels", N_("Bin labels"), snapshots.BinLabelsSnapshot, bin_labels.render, ("a4",)
        ),
        Layout(
            "scanner_page",
            N_("Teach a scanner"),
            snapshots.ScannerPageSnapshot,
            scanner_page.render,
            ("a4",),
        ),
        Layout(
            "scale_check",
            N_("Check of a scale"),
            snapshots.ScaleCheckSnapshot,
            scale_check.render,
            ("a4",),
        ),
        Layout("day_sheet", N_("Day sheet"), snapshots.DaySheetSnapshot, day_sheet.render, ("a4",)),
        Layout(
            "paper_test",
            N_("Test print of a sheet"),
            snapshots.PaperTestSnapshot,
            paper_test.render,
            ("a4", "a4_wide", "241_half", "241_full", "241_third"),
        ),
    ),
    key=lambda layout: layout.id,
)


def render(layout_id: str, snapshot: object, options: PrintOptions | None = None) -> bytes:
    """The PDF of ``snapshot`` in that layout.

    Raises KeyError for an unknown layout, TypeError when the snapshot is not the layout's
    and ValueError when the paper is not one of the layout's.
    """
    layout = LAYOUTS[layout_id]
    options = options or PrintOptions()
    if not isinstance(snapshot, layout.snapshot):
        raise TypeError(f"{layout_id} prints {layout.snapshot.__name__}")
    if options.paper and options.paper not in layout.papers:
        raise ValueError(f"{layout_id} is not printed on {options.paper}")
    register_fonts()  # text is measured before the first page is begun
    return layout.render(snapshot, options)
