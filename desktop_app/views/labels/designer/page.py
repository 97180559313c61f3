"""The label designer: the label in the middle, its elements at the left, one element's form right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import AppError
from desktop_app.core.i18n import tr
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import (
    KIND_TITLES,
    LABEL_SIZES,
    MOST_PICTURE_BYTES,
    Barcode,
    Box,
    Element,
    LabelDesign,
    LabelKind,
    LabelSize,
    Line,
    Picture,
    Text,
    as_matrix,
)
from desktop_app.domain.label_fields import FIELDS, LabelField, examples, unknown_fields
from desktop_app.domain.label_presets import default_design
from desktop_app.reporting.labels.render import Rendered, render
from desktop_app.reporting.labels.warnings import MATRIX_HELPS
from desktop_app.runtime.context import AppContext
from desktop_app.services import label_designs
from desktop_app.services.label_designs import StoredDesign
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, primary_button, problem_label
from desktop_app.views.labels.designer import history
from desktop_app.views.labels.designer.canvas import DesignCanvas
from desktop_app.views.labels.designer.history import History
from desktop_app.views.labels.designer.properties import KIND_NAMES, PropertiesForm

DPIS = (203, 300)


class DesignerPage(Page):
    """Ctrl+S saves, Ctrl+Z and Ctrl+Y go back and forth, Ctrl+D doubles the chosen element."""

    def __init__(self, context: AppContext, design: LabelDesign, design_id: int = 0) -> None:
        super().__init__(context)
        self._id, self._version = design_id, 0
        self._history = History(design)
        self._saved = design
        self._index = self._tight = -1
        self._asked = 0
        self._own: tuple[LabelField, ...] = ()
        self._dragging: LabelDesign | None = None
        self._build()
        self._show()

    def title(self) -> str:
        return self.design.name or tr("New label design")

    def is_dirty(self) -> bool:
        return self.design != self._saved

    @property
    def design(self) -> LabelDesign:
        """The design as it is now."""
        return self._history.design

    @property
    def index(self) -> int:
        """The chosen element, -1 for none."""
        return self._index

    def reload(self) -> None:
        """Ask for own fields, and for the stored design while nothing was changed."""
        self.context.operations.query(
            label_designs.own_fields,
            self.design.kind,
            on_done=self._know_own,
            on_error=self._failed,
        )
        if self._id and not self.is_dirty():
            self.context.operations.query(
                label_designs.get, self._id, on_done=self._loaded, on_error=self._failed
            )

    def choose(self, index: int) -> None:
        """Choose an element."""
        self._index = index if 0 <= index < len(self.design.elements) else -1
        self._show_chosen()

    def change(self, design: LabelDesign) -> None:
        """Take a changed design over."""
        if self._history.change(design):
            self._index = min(self._index, len(design.elements) - 1)
            self._show()

    def add(self, element: Element) -> None:
        """Put an element on the label and choose it."""
        self.change(history.with_added(self.design, element))
        self.choose(len(self.design.elements) - 1)

    def undo(self) -> None:
        """One step back (Ctrl+Z)."""
        if self._history.undo():
            self._index = min(self._index, len(self.design.elements) - 1)
            self._show()

    def redo(self) -> None:
        """One step forward (Ctrl+Y)."""
        if self._history.redo():
            self._show()

    def double(self) -> None:
        """The chosen element once more, a little lower (Ctrl+D)."""
        if self._index >= 0:
            step = history.GRID * 4
            self.add(history.moved(self.design.elements[self._index], step, step))

    def remove(self) -> None:
        """Take the chosen element away (Del)."""
        if self._index >= 0:
            self.change(history.without(self.design, self._index))
            self.choose(-1)

    def save(self) -> None:
        """Keep the design (Ctrl+S)."""
        name = self.name.text().strip()
        if not name:
            self.bar.tell(tr("Give the design a name."), wrong=True)
            self.name.setFocus()
            return
        self.change(replace(self.design, name=name))
        self._sent = self.design
        self.context.operations.command(
            label_designs.save,
            self.design,
            design_id=self._id,
            version=self._version,
            is_default=self.is_default.isChecked(),
            on_done=self._kept,
            on_error=self._failed,
        )

    def _kept(self, design_id: int) -> None:
        self._id = design_id
        self._saved = self._sent
        self.context.notifier.success(tr("Saved"))
        self.dirty_changed.emit(self.is_dirty())
        self.reload()

    def _loaded(self, stored: StoredDesign) -> None:
        self._version = stored.version
        self.is_default.setChecked(stored.is_default)
        if stored.design != self.design:
            self._history = History(stored.design)
        self._saved = stored.design
        self._show()

    def _know_own(self, own: tuple[LabelField, ...]) -> None:
        self._own = own
        self.form.use_fields((*FIELDS[self.design.kind], *own))

    # ------------------------------------------------------------ showing

    def _show(self) -> None:
        design = self.design
        self.name.setText(design.name)
        for spin, value in ((self.wide, design.width_mm), (self.high, design.height_mm)):
            spin.blockSignals(True)
            spin.setValue(float(value))
            spin.blockSignals(False)
        self.elements.blockSignals(True)
        self.elements.clear()
        for number, element in enumerate(design.elements, start=1):  # as warnings name them
            self.elements.addItem(f"{number}. {_named(element)}")
        self.elements.blockSignals(False)
        self._show_chosen()
        self._draw(design)
        self.dirty_changed.emit(self.is_dirty())
        self.title_changed.emit(self.title())

    def _show_chosen(self) -> None:
        self.elements.blockSignals(True)
        self.elements.setCurrentRow(self._index)
        self.elements.blockSignals(False)
        chosen = self.design.elements[self._index] if self._index >= 0 else None
        self.form.show_element(chosen)
        self.canvas.show_design(self.design, self._index)

    def _draw(self, design: LabelDesign) -> None:
        """Draw it as it prints, off the GUI thread, with example values."""
        self._asked += 1
        asked = self._asked
        self.canvas.show_design(design, self._index)
        self.context.operations.background(
            render,
            design,
            examples(design.kind, self._own),
            dpi=int(self.dpi.currentData()),
            on_done=lambda drawn: self._drawn(asked, drawn),
            on_error=self._cannot_draw,
            owner=self,
        )

    def _drawn(self, asked: int, drawn: Rendered) -> None:
        if asked != self._asked:
            return
        wrong = frozenset(warning.element for warning in drawn.warnings)
        self.canvas.show_bitmap(drawn.bitmap, wrong)
        told = [f"{w.element + 1}. {w.message}" for w in drawn.warnings]
        strange = unknown_fields(self.design, self._own)
        if strange:
            told.append(tr("Unknown fields: {names}", names=", ".join(strange)))
        self.warnings.setText("\n".join(told))
        self.warnings.setVisible(bool(told))
        helped = (w.element for w in drawn.warnings if w.kind in MATRIX_HELPS)
        self._tight = next((n for n in helped if as_matrix(self.design, n) is not None), -1)
        self.matrix.setVisible(self._tight >= 0)

    def make_matrix(self) -> None:
        """Bars that do not fit become a matrix code of the same content (F4)."""
        made = as_matrix(self.design, self._tight) if self._tight >= 0 else None
        if made is not None:
            self.choose(self._tight)
            self.change(made)

    def _cannot_draw(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self.warnings.setText(str(error))
            self.warnings.show()
        else:
            self._failed(error)

    # ------------------------------------------------------------ hands

    def _dragged(
        self, index: int, right: Decimal, down: Decimal, resizing: bool, done: bool
    ) -> None:
        element = self.design.elements[index]
        if resizing:
            step = history.GRID
            right, down = (round(v / step) * step for v in (right, down))
            shown = self.design.with_element(index, history.resized(element, right, down))
        else:
            right, down = history.snapped(self.design, index, right, down)
            shown = self.design.with_element(index, history.moved(element, right, down))
        if done:
            self.change(shown)
        else:
            self.canvas.show_design(shown, index)

    def _nudged(self, index: int, right: Decimal, down: Decimal, resizing: bool) -> None:
        change = history.resized if resizing else history.moved
        element = change(self.design.elements[index], right, down)
        self.change(self.design.with_element(index, element))

    def _element_changed(self, element: Element) -> None:
        if self._index >= 0:
            self.change(self.design.with_element(self._index, element))

    def _lift(self, step: int) -> None:
        if self._index >= 0:
            changed, self._index = history.lifted(self.design, self._index, step)
            self.change(changed)

    def _resize_label(self) -> None:
        width, height = (Decimal(str(round(s.value(), 2))) for s in (self.wide, self.high))
        self.change(history.with_size(self.design, width, height))

    def _take_size(self, place: int) -> None:
        size = self.sizes.itemData(place)
        if size is not None:
            self.change(history.with_size(self.design, size.width_mm, size.height_mm))

    def _take_kind(self) -> None:
        """Another kind has other fields: begin with the program's proposal for it."""
        kind = LabelKind(self.kinds.currentData())  # Qt keeps the plain text of a StrEnum
        size = LabelSize(self.design.width_mm, self.design.height_mm)
        self._index = -1
        self.change(default_design(kind, size))
        self.reload()

    def _add_picture(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Choose a picture"), "", tr("Pictures (*.png *.jpg *.jpeg)")
        )
        if chosen:
            self.context.operations.background(
                Path(chosen).read_bytes, on_done=self._place_picture, on_error=self._failed
            )

    def _place_picture(self, content: bytes) -> None:
        if len(content) > MOST_PICTURE_BYTES:
            self.bar.tell(tr("The picture is too large; 2 MB at most."), wrong=True)
            return
        self.add(Picture(content, Decimal(2), Decimal(2), Decimal(15), Decimal(15)))

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.bar = InlineBar(self)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(tr("Name of the design"))
        self.name.editingFinished.connect(
            lambda: self.change(replace(self.design, name=self.name.text().strip()))
        )
        self.is_default = QCheckBox(tr("Usual one"), self)
        self.sizes, self.dpi = QComboBox(self), QComboBox(self)
        self.sizes.addItem(tr("Size"), None)
        for size in LABEL_SIZES:
            self.sizes.addItem(size.title, size)
        self.sizes.activated.connect(self._take_size)
        for dpi in DPIS:
            self.dpi.addItem(f"{dpi} dpi", dpi)
        self.dpi.activated.connect(lambda _i: self._draw(self.design))
        self.wide, self.high = self._side(tr("Width, mm")), self._side(tr("Height, mm"))
        self.elements = QListWidget(self)
        self.elements.setAccessibleName(tr("Elements"))
        self.elements.currentRowChanged.connect(self.choose)
        self.canvas = DesignCanvas(self)
        self.canvas.chosen.connect(self.choose)
        self.canvas.dragged.connect(self._dragged)
        self.canvas.nudged.connect(self._nudged)
        self.canvas.removed.connect(lambda _i: self.remove())
        self.form = PropertiesForm(self)
        self.form.use_fields(FIELDS[self.design.kind])
        self.form.changed.connect(self._element_changed)
        self.warnings = problem_label()
        self.matrix = self._button(tr("Make it a matrix code") + "  F4", self.make_matrix)
        self.matrix.hide()
        self._lay_out()
        for key, run in (
            ("Ctrl+S", self.save),
            ("F8", self.save),
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+D", self.double),
            ("F4", self.make_matrix),
        ):
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )

    def _lay_out(self) -> None:
        save = primary_button(tr("Save") + "  Ctrl+S")
        save.clicked.connect(lambda _c=False: self.save())
        save.setEnabled(self.context.user.may("device.manage"))
        head = QHBoxLayout()
        head.setSpacing(8)
        self.kinds = QComboBox(self)
        self.kinds.setAccessibleName(tr("What the label is for"))
        for kind, title in KIND_TITLES.items():
            self.kinds.addItem(tr(title), kind)
        self.kinds.setCurrentIndex(self.kinds.findData(self.design.kind))
        self.kinds.setEnabled(self._id == 0)
        self.kinds.activated.connect(lambda _i: self._take_kind())
        head.addWidget(self.kinds)
        head.addWidget(self.name, 1)
        for widget in (self.is_default, self.sizes, self.wide, QLabel("×"), self.high, self.dpi):
            head.addWidget(widget)
        for title, run in (("↶", self.undo), ("↷", self.redo)):
            head.addWidget(self._button(title, run))
        head.addWidget(save)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self._left())
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.warnings)
        column.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignLeft)
        split.addWidget(middle)
        right = QScrollArea(self)
        right.setWidgetResizable(True)
        right.setFrameShape(QScrollArea.Shape.NoFrame)
        right.setWidget(self.form)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([180, 620, 330])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(8)
        outer.addLayout(head)
        outer.addWidget(self.bar)
        outer.addWidget(split, 1)

    def _left(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading(tr("Add")))
        for title, run in (
            (tr("Text"), lambda: self.add(_new_text())),
            (tr("Code 128"), lambda: self.add(_new_code(Symbology.CODE128))),
            (tr("QR code"), lambda: self.add(_new_code(Symbology.QR))),
            (tr("GS1 DataMatrix"), lambda: self.add(_new_code(Symbology.GS1_DATAMATRIX))),
            (tr("Straight line"), lambda: self.add(_new_line())),
            (tr("Frame"), lambda: self.add(_new_box())),
            (tr("Picture …"), self._add_picture),
        ):
            column.addWidget(self._button(title, run))
        column.addWidget(heading(tr("Elements")))
        column.addWidget(self.elements, 1)
        row = QHBoxLayout()
        for title, run in (
            (tr("Up"), lambda: self._lift(-1)),
            (tr("Down"), lambda: self._lift(1)),
            (tr("Remove"), self.remove),
        ):
            row.addWidget(self._button(title, run))
        column.addLayout(row)
        return side

    def _side(self, title: str) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setRange(10, 300)
        spin.setDecimals(1)
        spin.setSuffix(" mm")
        spin.setKeyboardTracking(False)
        spin.setAccessibleName(title)
        spin.valueChanged.connect(lambda _v: self._resize_label())
        return spin

    def _button(self, title: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(title, self)
        button.clicked.connect(lambda _c=False: run())
        return button

    _sent: LabelDesign


def _named(element: Element) -> str:
    """An element in a list: its kind and the beginning of what it says."""
    said = getattr(element, "text", "") or getattr(element, "data", "")
    return f"{tr(KIND_NAMES[type(element)])}  {' '.join(said.split())[:24]}".strip()


def _new_text() -> Text:
    return Text(tr("Text"), Decimal(2), Decimal(2), Decimal(25), Decimal(5))


def _new_code(symbology: Symbology) -> Barcode:
    data = "(01){gtin}[(10){lot}]" if symbology.is_gs1 else "{scan_code}"
    if symbology.is_matrix:
        return Barcode(symbology, data, Decimal(2), Decimal(2), Decimal(15), Decimal(15))
    return Barcode(symbology, data, Decimal(2), Decimal(2), Decimal(36), Decimal(10))


def _new_line() -> Line:
    return Line(Decimal(2), Decimal(10), Decimal(30), Decimal(10))


def _new_box() -> Box:
    return Box(Decimal(2), Decimal(2), Decimal(20), Decimal(10))


def create(context: AppContext, params: dict[str, Any]) -> DesignerPage:
    """``id`` opens one of the company's designs, ``design`` begins with another one's copy,
    ``kind`` with the program's proposal.
    """
    design = params.get("design")
    if design is None:
        kind = LabelKind(str(params.get("kind", LabelKind.ITEM)))
        design = default_design(kind, LABEL_SIZES[1])
    page = DesignerPage(context, design, int(params.get("id") or 0))
    page.reload()
    return page
