"""A table header with one filter field per column under the titles.

Esc clears a field, Down goes into the table; what cannot be read is marked red with the
reason, and the list keeps the last filter that could.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, Filter
from desktop_app.views.base.filter_text import parse_filter
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.values import NUMBERS, CannotRead

DEBOUNCE_MS = 350
_FIELD_HEIGHT = 24

_HINTS = {
    Editor.DATE: "2026-01",
    Editor.TIMESTAMP: "2026-01",
}


class FilterHeader(QHeaderView):
    """Titles, sort arrows and the filter row.

    Signals:
        filters_changed(): the set of readable filters is another one (debounced).
        left_downward(): Down was pressed in a field; the table should take the focus.
    """

    filters_changed = Signal()
    left_downward = Signal()

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = tuple(columns)
        self._fields: list[QLineEdit] = []
        self._last: tuple[Filter, ...] = ()
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._announce)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in self._columns:
            self._fields.append(self._field(column))
        self.sectionResized.connect(self.place_fields)
        self.sectionMoved.connect(self.place_fields)
        self.geometriesChanged.connect(self.place_fields)

    def follow(self, view: QAbstractItemView) -> None:
        """Keep the fields over their columns while ``view`` scrolls sideways."""
        view.horizontalScrollBar().valueChanged.connect(self.place_fields)

    def filters(self) -> tuple[Filter, ...]:
        """The filters that can be read; fields with mistakes are marked and left out."""
        found = []
        for column, field in zip(self._columns, self._fields, strict=True):
            try:
                parsed = parse_filter(column, field.text())
            except CannotRead as error:
                mark_field(field, str(error.message))
                continue
            mark_field(field, "")
            if parsed is not None:
                found.append(parsed)
        return tuple(found)

    def set_text(self, column: str, text: str) -> None:
        """Put ``text`` into the field of that column (a saved filter, a link from elsewhere)."""
        for known, field in zip(self._columns, self._fields, strict=True):
            if known.name == column:
                field.setText(text)

    def clear(self) -> None:
        """Empty every field and announce it at once."""
        for field in self._fields:
            field.clear()
        self._announce()

    def focus_field(self, section: int) -> None:
        """Put the cursor into the filter of that column."""
        self._fields[section].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place_fields(self, *_args: int) -> None:
        """Move every field under its title."""
        top = super().sizeHint().height()
        for section, field in enumerate(self._fields):
            hidden = self.isSectionHidden(section)
            field.setVisible(not hidden)
            if not hidden:
                left = self.sectionViewportPosition(section)
                field.setGeometry(left + 1, top, self.sectionSize(section) - 2, _FIELD_HEIGHT - 1)

    def _field(self, column: Column) -> QLineEdit:
        field = QLineEdit(self)
        field.setFrame(False)
        field.setProperty("filterField", True)
        field.setStyleSheet(
            "QLineEdit { border: 1px solid palette(midlight); border-radius: 2px; padding: 0 3px;"
            " background: palette(base); }"
            "QLineEdit:focus { border-color: palette(highlight); }"
        )
        field.setAccessibleName(tr("Filter {column}", column=tr(column.title)))
        if column.kind in NUMBERS:
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setPlaceholderText("> < ..")
        else:
            field.setPlaceholderText(_HINTS.get(column.kind, "…"))
        field.setToolTip(
            tr(
                "Text, =exact, <>not, a;b either · >5, 1..9 · 2026-01, >=2026-01-05 · = empty, <> filled"
            )
        )
        field.textEdited.connect(self._debounce.start)
        field.textChanged.connect(self._debounce.start)
        field.returnPressed.connect(self._announce)
        field.installEventFilter(self)
        return field

    def _announce(self) -> None:
        self._debounce.stop()
        now = self.filters()
        if now != self._last:
            self._last = now
            self.filters_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if (
                event.key() == Qt.Key.Key_Escape
                and isinstance(watched, QLineEdit)
                and watched.text()
            ):
                watched.clear()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.left_downward.emit()
                return True
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:  # noqa: N802
        size = super().sizeHint()
        return QSize(size.width(), size.height() + _FIELD_HEIGHT)

    def updateGeometries(self) -> None:  # noqa: N802
        self.setViewportMargins(0, 0, 0, _FIELD_HEIGHT)
        super().updateGeometries()
        self.place_fields()
