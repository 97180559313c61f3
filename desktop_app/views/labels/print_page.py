"""Printing labels: which design, on which printer of which PC, how many; the preview is the print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_design import LabelKind
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.reporting.labels.checking import Doubt, doubts
from desktop_app.reporting.labels.render import Rendered, render
from desktop_app.reporting.labels.sheet import GRIDS
from desktop_app.runtime.context import AppContext
from desktop_app.services import (
    devices,
    label_designs,
    label_values,
    print_queue,
    print_snapshots,
)
from desktop_app.services.devices import Device
from desktop_app.services.label_designs import StoredDesign
from desktop_app.services.label_values import GoodsWish
from desktop_app.services.print_queue import PrintOrder
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.view_memory import view_memory
from desktop_app.views.base.widgets import muted_label, primary_button, problem_label, title_label
from desktop_app.views.labels.bitmap_view import BitmapView

Values = Mapping[str, str]
_MANY = 200
"""Labels that are looked at in less than a second."""


@dataclass(frozen=True)
class LabelsWanted:
    """What the page was opened for, as read from the database."""

    labels: tuple[Values, ...]
    designs: tuple[StoredDesign, ...]
    printers: tuple[Device, ...]


def read_wanted(uow: UnitOfWork, kind: LabelKind, params: Mapping[str, Any]) -> LabelsWanted:
    """The labels' values, the designs and the printers there are."""
    return LabelsWanted(
        tuple(_VALUES[kind](uow, params)),
        label_designs.designs(uow, kind),
        devices.of_kind(uow, "printer"),
    )


def _goods(uow: UnitOfWork, params: Mapping[str, Any]) -> Sequence[Values]:
    if "document" in params:
        document_id = int(params["document"])
        lines = print_snapshots.label_wishes(uow, document_id, per_piece=False)
        return label_values.goods(uow, [GoodsWish(w.item_id, w.lot_id, w.qty) for w in lines])
    wishes = [w if isinstance(w, GoodsWish) else GoodsWish(*w) for w in params["goods"]]
    return label_values.goods(uow, wishes)


_VALUES: Mapping[LabelKind, Callable[[UnitOfWork, Mapping[str, Any]], Sequence[Values]]] = {
    LabelKind.ITEM: _goods,
    LabelKind.LOT: _goods,
    LabelKind.BOX: _goods,
    LabelKind.BIN: lambda uow, p: label_values.bins(uow, p["bins"]),
    LabelKind.SHIPPING: lambda uow, p: label_values.parcel(
        uow, int(p["shipment"]), int(p.get("boxes", 1))
    ),
    LabelKind.PERSON: lambda uow, p: label_values.people(uow, p["logins"]),
}


class PrintLabelsPage(Page):
    """Enter the number, F8 prints; the queue takes it from there."""

    def __init__(self, context: AppContext, kind: LabelKind, params: Mapping[str, Any]) -> None:
        super().__init__(context)
        self.kind = kind
        self._params = dict(params)
        self._wanted = LabelsWanted((), (), ())
        self._uuid: UUID = uuid4()
        self._asked = 0
        self._build()
        self.shortcut("F8", self.print_labels)
        self.shortcut("F9", self.make_sheet)
        self.shortcut("F6", self.change_design)

    def title(self) -> str:
        name = str(self._params.get("title") or "")
        return tr("Labels {name}", name=name).strip()

    def topics(self) -> frozenset[str]:
        return frozenset({label_designs.TOPIC, devices.TOPIC})

    def reload(self) -> None:
        if self.kind is LabelKind.SHIPPING:
            self._params["boxes"] = self.cartons.value()
        self.context.operations.query(
            read_wanted, self.kind, dict(self._params), on_done=self._show, on_error=self._failed
        )

    @property
    def design(self) -> StoredDesign | None:
        """The design chosen."""
        return self.designs.currentData()

    @property
    def printer(self) -> Device | None:
        """The printer chosen."""
        return self.printers.currentData()

    def print_labels(self) -> None:
        """Put the labels into the printer's queue (F8)."""
        design, printer = self.design, self.printer
        if design is None or not self._wanted.labels:
            return
        if printer is None:
            self.bar.tell(
                tr("There is no label printer yet. Set one up, or print a sheet (F9)."),
                ((tr("Devices"), lambda: self.context.open_page("devices", {})),),
                wrong=True,
            )
            return
        order = PrintOrder(
            printer.id,
            self.title(),
            to_json(design.design),
            self._labels(),
            self._params.get("document") or self._params.get("shipment"),
            self._uuid,
        )
        self.main.setEnabled(False)
        if len(self._wanted.labels) > _MANY:
            self.bar.tell(tr("Looking at {count} labels …", count=len(self._wanted.labels)))
        profile = PrinterProfile.from_json(printer.settings.get("profile") or {})
        self.context.operations.background(
            doubts,
            design.design,
            self._wanted.labels,
            dpi=profile.dpi,
            margin_mm=profile.margin_mm,
            on_done=lambda found: self._looked_at(order, found),
            on_error=self._failed,
            owner=self,
        )

    def _looked_at(self, order: PrintOrder, found: tuple[Doubt, ...]) -> None:
        """Labels that would be useless, or wrong in a way not seen on this screen, are told."""
        seen = self.labels.value()
        shown = {doubt.warning.kind for doubt in found if doubt.number == seen}
        told = [d for d in found if d.warning.blocks or d.warning.kind not in shown]
        if not told:
            self._enqueue(order)
            return
        self.main.setEnabled(True)
        first = told[0]
        text = tr(
            "{count} of {all} labels are not right, the first is label {number}: {why}",
            count=len({doubt.number for doubt in told}),
            all=len(self._wanted.labels),
            number=first.number,
            why=first.warning.message,
        )
        self.bar.tell(
            text,
            (
                (tr("Look at label {number}", number=first.number), lambda: self._look(first)),
                (tr("Print all the same"), lambda: self._enqueue(order)),
            ),
            wrong=True,
        )

    def _look(self, doubt: Doubt) -> None:
        self.bar.clear()
        self.labels.setValue(doubt.number)

    def _enqueue(self, order: PrintOrder) -> None:
        self.main.setEnabled(False)
        self.context.operations.command(
            print_queue.enqueue, order, on_done=self._queued, on_error=self._failed
        )

    def make_sheet(self) -> None:
        """The same labels on A4 sheets, as PDF (F9)."""
        if self.design is not None and self._wanted.labels:
            self.context.open_page(
                "label_sheet",
                {
                    "design": self.design.design,
                    "labels": self._labels(),
                    "title": self.title(),
                    "start": self.start.value(),
                    "id": 0,
                },
            )

    def change_design(self) -> None:
        """Open the design in the designer (F6); the program's own becomes a copy."""
        if self.design is not None:
            self.context.open_page(
                "label_designer", {"id": self.design.id, "design": self.design.design}
            )

    def _labels(self) -> tuple[Values, ...]:
        copies = self.copies.value()
        return tuple(values for values in self._wanted.labels for _ in range(copies))

    def _queued(self, job_id: int) -> None:
        self.main.setEnabled(True)
        self._uuid = uuid4()
        view_memory().put(
            self.context.operations,
            f"labels.{self.kind.value}",
            {
                "design": self.design.title if self.design else "",
                "printer": self.printer.id if self.printer else 0,
            },
        )
        count = len(self._labels())
        self.bar.tell(
            tr("{count} labels are in the queue.", count=count),
            ((tr("Show the queue"), lambda: self.context.open_page("print_job", {"id": job_id})),),
        )
        self.context.notifier.sound("ok")

    def _show(self, wanted: LabelsWanted) -> None:
        self._wanted = wanted
        kept = view_memory().get(f"labels.{self.kind.value}", {})
        kept = kept if isinstance(kept, dict) else {}
        here = next((n for n, d in enumerate(wanted.printers) if d.id == kept.get("printer")), 0)
        titles = [stored.title for stored in wanted.designs]
        liked = kept.get("design")
        place = titles.index(liked) if liked in titles else self._fitting(wanted, here)
        self._fill(self.designs, list(zip(titles, wanted.designs, strict=True)), place)
        self._fill(
            self.printers, [(f"{d.name} · {d.workstation}", d) for d in wanted.printers], here
        )
        self.labels.setRange(1, max(1, len(wanted.labels)))
        count = len(wanted.labels)
        text = tr("{count} different labels", count=count) if count != 1 else tr("1 label")
        self.count.setText(text)
        self._draw()

    @staticmethod
    def _fitting(wanted: LabelsWanted, printer: int) -> int:
        """The company's usual design, else the first of the size that is in the printer."""
        if not wanted.printers or (wanted.designs and wanted.designs[0].is_default):
            return 0
        settings = wanted.printers[printer].settings.get("profile") or {}
        profile = PrinterProfile.from_json(settings)
        size = (profile.width_mm, profile.height_mm)
        designs = (stored.design for stored in wanted.designs)
        sizes = [(design.width_mm, design.height_mm) for design in designs]
        return sizes.index(size) if size in sizes else 0

    @staticmethod
    def _fill(box: QComboBox, rows: Sequence[tuple[str, Any]], chosen: int) -> None:
        box.blockSignals(True)
        box.clear()
        for title, value in rows:
            box.addItem(title, value)
        box.setCurrentIndex(chosen if rows else -1)
        box.blockSignals(False)

    def _draw(self) -> None:
        """Draw the label one looks at, off the GUI thread, at the dots of the printer."""
        if self.design is None or not self._wanted.labels:
            self.view.show_bitmap(None)
            return
        self._asked += 1
        asked = self._asked
        profile = PrinterProfile()
        if self.printer is not None:
            profile = PrinterProfile.from_json(self.printer.settings.get("profile") or {})
        self.context.operations.background(
            render,
            self.design.design,
            self._wanted.labels[self.labels.value() - 1],
            dpi=profile.dpi,
            margin_mm=profile.margin_mm,
            on_done=lambda drawn: self._drawn(asked, drawn, profile),
            on_error=self._failed,
            owner=self,
        )

    def _drawn(self, asked: int, drawn: Rendered, profile: PrinterProfile) -> None:
        if asked != self._asked:
            return
        self.view.show_bitmap(drawn.bitmap)
        found = [str(warning.message) for warning in drawn.warnings]
        assert self.design is not None
        size = (self.design.design.width_mm, self.design.design.height_mm)
        if self.printer is not None and size != (profile.width_mm, profile.height_mm):
            found.append(
                tr(
                    "The printer is set to {width} × {height} mm.",
                    width=f"{profile.width_mm.normalize():f}",
                    height=f"{profile.height_mm.normalize():f}",
                )
            )
        self.warnings.setText("\n".join(found))
        self.warnings.setVisible(bool(found))

    def _failed(self, error: Exception) -> None:
        self.main.setEnabled(True)
        self.bar.tell(str(error), wrong=True)

    def _build(self) -> None:
        self.bar = InlineBar(self)
        self.designs, self.printers = QComboBox(self), QComboBox(self)
        self.copies, self.labels = QSpinBox(self), QSpinBox(self)
        self.copies.setRange(1, 1000)
        self.copies.setValue(int(self._params.get("copies", 1)))
        self.start = QSpinBox(self)
        self.start.setRange(1, max(grid.per_page for grid in GRIDS))
        self.cartons = QSpinBox(self)
        self.cartons.setRange(1, 999)
        self.cartons.setValue(int(self._params.get("boxes", 1)))
        self.cartons.valueChanged.connect(lambda _n: self.reload())
        self.count = muted_label("")
        self.warnings = problem_label()
        self.view = BitmapView(self)
        for box in (self.designs, self.printers):
            box.currentIndexChanged.connect(lambda _i: self._draw())
        self.labels.valueChanged.connect(lambda _n: self._draw())
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        shipping = self.kind is LabelKind.SHIPPING
        self.cartons.setVisible(shipping)
        for title, widget in (
            *(((tr("Cartons"), self.cartons),) if shipping else ()),
            (tr("Design"), self.designs),
            (tr("Printer"), self.printers),
            (tr("Of each"), self.copies),
            (tr("Look at label"), self.labels),
            (tr("A4 sheet: first free place"), self.start),
        ):
            widget.setAccessibleName(title)
            form.addRow(title, widget)
        side = QWidget(self)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 8, 0)
        left.addLayout(form)
        left.addWidget(self.count)
        left.addWidget(self.warnings)
        left.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(side)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        split.setSizes([360, 700])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self.bar)
        column.addWidget(split, 1)
        self.setFocusProxy(self.cartons if shipping else self.copies)

    def _head(self) -> QHBoxLayout:
        self.main = primary_button(tr("Print") + "  F8")
        self.main.clicked.connect(lambda _c=False: self.print_labels())
        self.main.setEnabled(self.context.user.may("label.print"))
        sheet = QPushButton(tr("A4 sheet") + "  F9", self)
        sheet.clicked.connect(lambda _c=False: self.make_sheet())
        change = QPushButton(tr("Change the design") + "  F6", self)
        change.clicked.connect(lambda _c=False: self.change_design())
        change.setVisible(self.context.user.may("device.manage"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(title_label(self.title()))
        row.addStretch(1)
        for button in (change, sheet, self.main):
            row.addWidget(button)
        return row

    def shortcut(self, key: str, run: Callable[[], None]) -> None:
        """A key of this page."""
        QShortcut(
            QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )


def create(context: AppContext, params: dict[str, Any]) -> PrintLabelsPage:
    """``kind`` and what it is about: ``goods`` [(item, lot, quantity) or a GoodsWish] or the ``document`` whose
    goods they are, ``bins``, ``shipment`` (and ``boxes``: how many cartons) or ``logins``; ``title`` for the tab, ``copies``.
    """
    return PrintLabelsPage(context, LabelKind(str(params["kind"])), params)
