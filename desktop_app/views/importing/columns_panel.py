"""The step about columns: which sheet, which row is the heading, what each column is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.exchange.importing.text_encoding import CHOICES, spoken_name
from desktop_app.services.importing.reading import SPREAD, FileLook
from desktop_app.views.base.widgets import muted_label
from desktop_app.views.importing.columns_table import ColumnsTable


class ColumnsPanel(QWidget):
    """Sheet and heading row above, the columns below.

    Signals:
        look_wanted(sheet, heading row): another sheet, heading or encoding was chosen.
    """

    look_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: FileLook | None = None
        self.mapping: Any = None
        self.sheets = QComboBox(self)
        self.sheets.setAccessibleName(tr("Sheet"))
        self.sheets.activated.connect(lambda _i: self.look_wanted.emit(self._sheet(), None))
        self.heading = QSpinBox(self)
        self.heading.setRange(1, 1_000)
        self.heading.setKeyboardTracking(False)
        self.heading.setAccessibleName(tr("Heading in row"))
        self.heading.valueChanged.connect(self._heading_chosen)
        self.dates_label = QLabel(tr("Dates are written"))
        self.dates = QComboBox(self)
        self.dates.setAccessibleName(tr("Dates are written"))
        for title, order in (
            (tr("as the file shows"), ""),
            (tr("day, month, year"), "dmy"),
            (tr("month, day, year"), "mdy"),
            (tr("year, month, day"), "ymd"),
        ):
            self.dates.addItem(title, order)
        self.dates.activated.connect(lambda _i: self._use_date_order())
        self.encodings_label = QLabel(tr("Encoding"))
        self.encodings = QComboBox(self)
        self.encodings.setAccessibleName(tr("Encoding"))
        self.encodings.setToolTip(tr("Choose another one when the letters below are wrong."))
        self.encodings.addItem("", "")
        for codec, name in CHOICES:
            self.encodings.addItem(name, codec)
        self.encodings.activated.connect(lambda _i: self.look_wanted.emit("", None))
        self.about = muted_label("")
        self.table = ColumnsTable(self)
        self.table.chosen.connect(self._choose)
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (
            QLabel(tr("Sheet")),
            self.sheets,
            QLabel(tr("Heading in row")),
            self.heading,
        ):
            top.addWidget(widget)
        top.addWidget(self.encodings_label)
        top.addWidget(self.encodings)
        top.addWidget(self.dates_label)
        top.addWidget(self.dates)
        top.addWidget(self.about, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.table, 1)

    def show_look(self, seen: FileLook) -> None:
        """Show a file with the columns as proposed."""
        self._look, self.mapping = seen, seen.mapping
        self.sheets.blockSignals(True)
        self.sheets.clear()
        self.sheets.addItems(list(seen.sheets))
        self.sheets.setCurrentText(seen.sheet)
        self.sheets.blockSignals(False)
        self.heading.blockSignals(True)
        self.heading.setValue(seen.heading.first_row)
        self.heading.blockSignals(False)
        found = tr("automatic: {encoding}", encoding=spoken_name(seen.encoding))
        self.encodings.setItemText(0, tr("automatic") if seen.chosen_encoding else found)
        self.encodings.setCurrentIndex(max(0, self.encodings.findData(seen.chosen_encoding)))
        for widget in (self.encodings_label, self.encodings):
            widget.setVisible(bool(seen.encoding))
        notes = [str(note) for note in (*seen.heading.notes, *seen.mapping.notes)]
        self.about.setText("; ".join(notes))
        self.about.setToolTip("\n".join(notes))
        self._use_date_order()

    def encoding(self) -> str:
        """The codec the person chose, "" to find it out."""
        return str(self.encodings.currentData() or "")

    def begin(self) -> None:
        """Another file: nothing is chosen for it yet."""
        self.encodings.setCurrentIndex(0)

    def scaled(self) -> dict[str, tuple[str, Decimal]]:
        """Fields whose column is in another unit: its heading, and the factor to the program's."""
        assert self._look is not None
        names = {column.index: column.name for column in self._look.heading.columns}
        return {
            match.field: (names[match.column], match.factor)
            for match in self.mapping.columns
            if match.factor != 1
        }

    def missing(self) -> list[str]:
        """Titles of needed fields that no column stands for."""
        assert self._look is not None
        mapped = {match.field for match in self.mapping.columns if match.field}
        missing = [f for f in self._look.fields if f.required and f.name not in mapped]
        titles = [tr(field.title) for field in missing]
        spread = any(field.name == "stock" for field in self._look.fields)
        if spread and "stock" not in mapped and not {"warehouse", "qty"} <= mapped:
            titles += [tr("Warehouse"), tr("Quantity")]
        return titles

    def mapped_fields(self) -> list[Any]:
        """The fields the grid shows: those with a column."""
        assert self._look is not None
        mapped = {match.field for match in self.mapping.columns if match.field}
        if "stock" in mapped:
            mapped |= {"warehouse", "qty"}
        return [f for f in self._look.fields if f.name in mapped and not f.repeated]

    def _choose(self, column: int, name: str) -> None:
        assert self._look is not None
        seen = self._look
        self.mapping = self.mapping.changed(seen.heading, seen.fields, column, name or None)
        self._use_date_order()

    def _use_date_order(self) -> None:
        """All date columns are written the same way, when the person says so."""
        assert self._look is not None
        seen, order = self._look, str(self.dates.currentData())
        dates = {field.name for field in seen.fields if field.kind in ("date", "timestamp")}
        for match in self.mapping.columns:
            if match.field in dates and match.date_order != order:
                self.mapping = self.mapping.changed(
                    seen.heading, seen.fields, match.column, match.field, date_order=order
                )
        self.dates.setVisible(any(match.field in dates for match in self.mapping.columns))
        self.dates_label.setVisible(self.dates.isVisibleTo(self))
        self.table.show_look(seen, self.mapping)

    def _heading_chosen(self, row: int) -> None:
        self.look_wanted.emit(self._sheet(), row)

    def _sheet(self) -> str:
        return str(self.sheets.currentText())


__all__ = ["SPREAD", "ColumnsPanel"]
