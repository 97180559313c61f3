"""Beside the waterfall: who holds the goods, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.queries.holders import Holder
from desktop_app.queries.stock import PlaceStock
from desktop_app.views.base.side_panel import TextListModel
from desktop_app.views.base.values import format_value
from desktop_app.views.base.widgets import heading, muted_label


class WhySide(QWidget):
    """Two short lists under their headings.

    Signals:
        holder_opened(holder): Enter on who holds stock.
        place_opened(place): Enter on where it lies.
    """

    holder_opened = Signal(object)
    place_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.holders = TextListModel(holder_text, self)
        self.places = TextListModel(place_text, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading(tr("Who holds it")))
        self._nobody = muted_label(tr("Nobody: all of it may be promised."))
        column.addWidget(self._nobody)
        self.holder_list = self._list(self.holders, self.holder_opened)
        column.addWidget(self.holder_list, 2)
        self._where = heading(tr("Where it lies"))
        column.addWidget(self._where)
        self._nowhere = muted_label(tr("Nowhere: there is none."))
        column.addWidget(self._nowhere)
        self.place_list = self._list(self.places, self.place_opened)
        column.addWidget(self.place_list, 3)
        column.addStretch(0)
        self.setMinimumWidth(210)

    def show_holders(self, holders: Sequence[Holder]) -> None:
        """Fill the upper list."""
        self.holders.set_rows(holders)
        self._nobody.setVisible(not holders)
        self.holder_list.setVisible(bool(holders))

    def show_places(self, places: Sequence[PlaceStock]) -> None:
        """Fill the lower list."""
        self.places.set_rows(places)
        self._nowhere.setVisible(not places)
        self.place_list.setVisible(bool(places))

    def _list(self, model: TextListModel, opened: Any) -> QListView:
        view = QListView(self)
        view.setModel(model)
        view.setWordWrap(True)
        view.setSpacing(2)
        view.setAlternatingRowColors(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

        def open_row(index: QModelIndex) -> None:
            opened.emit(model.row(index.row()))

        view.activated.connect(open_row)
        return view


def holder_text(holder: Holder) -> str:
    """How much, which document, for whom, until when and why."""
    qty = format_value(Editor.QUANTITY, holder.qty)
    until = format_value(Editor.DATE, holder.until.astimezone().date() if holder.until else None)
    lines = [
        f"{qty} · {holder.number}",
        " · ".join(part for part in (holder.party, holder.warehouse) if part),
        tr("until {date}", date=until or tr("no end date")),
    ]
    lines += [holder.reason] if holder.reason else []
    lines += [
        tr(
            "{qty} set aside at {place} for {number}",
            place=f"{pinned.place} {pinned.lot}".strip(),
            qty=format_value(Editor.QUANTITY, pinned.qty),
            number=pinned.number,
        )
        for pinned in holder.set_aside
    ]
    return "\n".join(lines)


def place_text(place: PlaceStock) -> str:
    """How much lies where, of which lot, and what of it is set aside."""
    qty = format_value(Editor.QUANTITY, place.on_hand)
    lines = [" · ".join(part for part in (qty, place.place, place.lot) if part)]
    if place.allocated:
        lines.append(
            tr("{qty} of it set aside", qty=format_value(Editor.QUANTITY, place.allocated))
        )
    if place.held:
        lines.append(tr("Lot on hold"))
    return "\n".join(lines)
