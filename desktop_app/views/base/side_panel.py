"""Beside the lines: what was done to this document, what hangs together with it, who holds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QTabWidget, QWidget

from desktop_app.core.i18n import N_, tr
from desktop_app.domain import weighing_record
from desktop_app.domain.document_type import STATE_TITLES, DocumentType, Editor
from desktop_app.domain.scanned_quantity import reads_text
from desktop_app.domain.weighing_record import WeighingRecord
from desktop_app.views.base.values import format_value

Index = QModelIndex | QPersistentModelIndex
RELATIONS = {
    "origin": N_("Made from"),
    "derived": N_("Led to"),
    "reverses": N_("Reverses"),
    "reversed_by": N_("Reversed by"),
    "reversal": N_("Reversed by"),
}


class TextListModel(QAbstractListModel):
    """Rows shown as one text of a few lines; the row itself stays at hand."""

    def __init__(self, text_of: Callable[[Any], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text_of = text_of
        self._rows: tuple[Any, ...] = ()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, number: int) -> Any:
        """The row of that number."""
        return self._rows[number]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text_of(self._rows[index.row()])
        return None


class SidePanel(QTabWidget):
    """Three short lists.

    Signals:
        link_opened(link row): Enter or a double click on a linked document.
    """

    link_opened = Signal(object)

    def __init__(self, document_type: DocumentType, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type = document_type
        self._photos = -1
        self.acts = TextListModel(self._act_text, self)
        self.links = TextListModel(link_text, self)
        self.holds = TextListModel(hold_text, self)
        self.setDocumentMode(True)
        self.setMinimumWidth(220)
        self._add(self.acts, tr("History"))
        links = self._add(self.links, tr("Linked"))
        links.activated.connect(self._open_link)
        self._add(self.holds, tr("Held"))

    def show_view(self, view: Any) -> None:
        """Fill from a document view; an empty kind of list loses its tab."""
        self.acts.set_rows(tuple(reversed(view.acts)))
        self.links.set_rows(view.links)
        self.holds.set_rows(view.holds)
        self.setTabText(1, tr("Linked ({count})", count=len(view.links)))
        self.setTabText(2, tr("Held ({count})", count=len(view.holds)))
        self.setTabVisible(1, bool(view.links))
        self.setTabVisible(2, bool(view.holds))
        photos = sum(getattr(act, "photos", 0) for act in view.acts)
        if self._photos >= 0:
            title = tr("Photos ({count})", count=photos) if photos else tr("Photos")
            self.setTabText(self._photos, title)
            self.setTabVisible(self._photos, bool(view.acts))

    def add_photos(self, panel: QWidget) -> None:
        """Put the photos of the document behind the lists."""
        self._photos = self.addTab(panel, tr("Photos"))

    def _add(self, model: TextListModel, title: str) -> QListView:
        view = QListView(self)
        view.setModel(model)
        view.setWordWrap(True)
        view.setAlternatingRowColors(True)
        view.setSpacing(2)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.addTab(view, title)
        return view

    def _act_text(self, act: Any) -> str:
        step = self._type.transition(act.verb)
        return act_text(act, tr(step.title) if step is not None else act.verb)

    def _open_link(self, index: QModelIndex) -> None:
        self.link_opened.emit(self.links.row(index.row()))


def act_text(act: Any, title: str) -> str:
    """When, what, who, on which PC, why and with which evidence."""
    lines = [
        f"{format_value(Editor.TIMESTAMP, act.at)}  {title}",
        " · ".join(part for part in (str(act.actor or ""), str(act.workstation or "")) if part),
    ]
    if act.reason:
        lines.append(tr("Reason: {reason}", reason=act.reason))
    if act.evidence:
        lines.append(evidence_text(act.evidence))
    if getattr(act, "photos", 0):
        lines.append(tr("Photos ({count})", count=act.photos))
    return "\n".join(line for line in lines if line)


def evidence_text(evidence: Mapping[str, Any]) -> str:
    """A short summary of an act's evidence; long lists are counted."""
    parts = []
    for key, value in evidence.items():
        if key == weighing_record.EVIDENCE:
            parts += [weighing_text(kept) for kept in value]
            continue
        title = tr(EVIDENCE_TITLES[key][0]) if key in EVIDENCE_TITLES else key
        shown = value
        if isinstance(value, (list, tuple, dict)):
            read = reads_text(value) if key in READS and _are_rows(value) else ""
            many = tr("{count} entries", count=len(value))
            shown = read or (many if len(value) != 1 else tr("1 entry"))
        parts.append(f"{title}: {_without_zeros(shown)}")
    return " · ".join(parts)


def _are_rows(value: Any) -> bool:
    return all(isinstance(row, dict) for row in value)


def weighing_text(kept: Mapping[str, Any]) -> str:
    """What a scale showed and what was typed: "Bolt: Bench showed 0.944 kg; 240 typed by hand"."""
    record = WeighingRecord.from_json(kept)
    if record is None:
        return ""
    told = "; ".join(str(sentence) for sentence in record.sentences())
    return f"{record.item}: {told}" if record.item else told


def _without_zeros(shown: Any) -> str:
    """A kept number as a person writes it: 1536.000000 is 1536."""
    text = str(shown)
    return text.rstrip("0").rstrip(".") if _PADDED.fullmatch(text) else text


_PADDED = re.compile(r"-?\d+\.\d*0")

READS = ("reads", "scans")
"""Evidence that is a list of what was read and typed."""
EVIDENCE_TITLES: dict[str, tuple[str, Editor]] = {
    "deposit": (N_("Deposit"), Editor.MONEY),
    "until": (N_("Held until"), Editor.DATE),
    "exit_code": (N_("Exit code"), Editor.TEXT),
    "waybill": (N_("Waybill"), Editor.TEXT),
    "decision": (N_("Decision"), Editor.TEXT),
    "weight": (N_("Weight"), Editor.QUANTITY),
    "scans": (N_("Scans"), Editor.TEXT),
    "carrier": (N_("Carrier"), Editor.TEXT),
    "locked": (N_("Locked"), Editor.TEXT),
    "released": (N_("Given back"), Editor.TEXT),
    "shipment": (N_("Shipment"), Editor.TEXT),
    "bin": (N_("Bin"), Editor.TEXT),
    "line": (N_("Line"), Editor.TEXT),
    "weight_g": (N_("Weight g"), Editor.QUANTITY),
    "expected_g": (N_("Expected g"), Editor.QUANTITY),
    "like_count": (N_("Weighs like"), Editor.QUANTITY),
    "counted": (N_("Counted"), Editor.QUANTITY),
    "receipt": (N_("Receipt"), Editor.TEXT),
    "missing": (N_("Missing"), Editor.QUANTITY),
    "qty": (N_("Quantity"), Editor.QUANTITY),
    "scan": (N_("Scans"), Editor.TEXT),
    "reads": (N_("Reads"), Editor.TEXT),
    "place": (N_("Place"), Editor.TEXT),
    "of": (N_("Reverses"), Editor.TEXT),
    "used_as_typed": (N_("Used differently from the plan"), Editor.TEXT),
    "over_receipt": (N_("More than ordered"), Editor.TEXT),
    "differences": (N_("Differences"), Editor.QUANTITY),
    "amount": (N_("Amount"), Editor.MONEY),
    "limit": (N_("Credit limit"), Editor.MONEY),
    "receiver": (N_("Receiver"), Editor.TEXT),
    "phone": (N_("Phone"), Editor.TEXT),
    "address": (N_("Address"), Editor.TEXT),
}
"""What the evidence of an act is called, and how it is typed when the page asks for it."""


def link_text(link: Any) -> str:
    """How it is related, its number and state."""
    relation = tr(RELATIONS.get(link.relation, link.relation))
    state = tr(STATE_TITLES.get(link.state, link.state))
    return f"{relation}\n{link.number or link.document_id} · {state}"


def hold_text(hold: Any) -> str:
    """Which goods are held, how many, until when and why."""
    until = format_value(Editor.DATE, hold.until) or tr("no end date")
    qty = format_value(Editor.QUANTITY, hold.qty)
    lines = [
        tr("Line {line}: {qty} × {item}", line=hold.line_no, qty=qty, item=hold.item_code),
        tr("until {date}", date=until),
        hold.reason or "",
    ]
    return "\n".join(line for line in lines if line)
