"""The databases this PC knows: its own one and office servers; which one opens at the start."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.core.settings import PROFILE
from desktop_app.database.profiles import ConnectionProfile, LoadedProfiles
from desktop_app.runtime.context import AppContext
from desktop_app.services import connections
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, muted_label, primary_button, title_label
from desktop_app.views.settings.connection_form import ConnectionForm

FORM_WIDTH = 460
ROW_HEIGHT = 32
_NAME = Qt.ItemDataRole.UserRole


class ConnectionsPage(Page):
    """The list at the left, the form of one server at the right. The first row is this PC."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._profiles: tuple[ConnectionProfile, ...] = ()
        self._edited = ""
        self.list = QListWidget(self)
        self.list.currentRowChanged.connect(self._chosen)
        self.form = ConnectionForm(context.operations, self)
        self.form.changed.connect(lambda: self.dirty_changed.emit(self.is_dirty()))
        self.form.entered.connect(self.save)
        self.new_button = QPushButton(tr("New connection (F6)"))
        self.new_button.setShortcut("F6")
        self.start_button = QPushButton(tr("Open this one at start"))
        self.forget_button = QPushButton(tr("Forget"))
        self.save_button = primary_button(tr("Save (Ctrl+S)"))
        for button, act in (
            (self.new_button, self.begin_new),
            (self.start_button, self.open_at_start),
            (self.forget_button, self.ask_to_forget),
            (self.save_button, self.save),
        ):
            button.clicked.connect(lambda _checked=False, act=act: act())
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        self._lay_out()

    def title(self) -> str:
        return tr("Connections")

    def is_dirty(self) -> bool:
        return self.card.isEnabled() and self.form.is_dirty()

    def reload(self) -> None:
        self._ask(connections.load)

    def begin_new(self) -> None:
        """An empty form (F6)."""
        self.list.setCurrentRow(-1)
        self._edit(ConnectionProfile(""))
        self.form.fields["name"].setFocus()

    def save(self) -> None:
        """Keep what stands in the form (Ctrl+S)."""
        profile = self.form.check() if self.card.isEnabled() else None
        if profile is not None:
            self._ask(connections.keep, profile, self._edited, chosen=profile.name)

    def open_at_start(self) -> None:
        """From the next start on the program opens the chosen one."""
        settings = self.context.settings
        settings.set(PROFILE, self._chosen_name())
        self.context.operations.background(
            settings.save, on_error=self.context.notifier.error, owner=self
        )
        self._show(LoadedProfiles(self._profiles), self._chosen_name())

    def ask_to_forget(self) -> None:
        """The connection only; the server keeps its data."""
        name = self._chosen_name()
        if name:
            self.context.notifier.ask(
                tr("Forget the connection {name}? The server keeps everything.", name=name),
                lambda: self._forget(name),
            )

    def _forget(self, name: str) -> None:
        if self.context.settings.get(PROFILE) == name:
            self.list.setCurrentRow(0)
            self.open_at_start()
        self._ask(connections.forget, name)

    def _ask(self, call: Any, *args: Any, chosen: str = "") -> None:
        self.context.operations.background(
            call,
            self.context.settings.folder,
            *args,
            on_done=lambda loaded: self._show(loaded, chosen),
            on_error=self.form.show_error,
            owner=self,
        )

    def _show(self, loaded: LoadedProfiles, chosen: str) -> None:
        for problem in loaded.problems:
            self.context.notifier.warning(str(problem))
        self._profiles = tuple(p for p in loaded.profiles if not p.embedded)
        at_start = self.context.settings.get(PROFILE)
        names = ["", *(profile.name for profile in self._profiles)]
        self.list.blockSignals(True)
        self.list.clear()
        for name in names:
            title = name or tr("This PC (its own database)")
            row = tr("{name} — opens at start", name=title) if name == at_start else title
            item = QListWidgetItem(row, self.list)
            item.setData(_NAME, name)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
        self.list.blockSignals(False)
        self.list.setCurrentRow(names.index(chosen) if chosen in names else 0)

    def _chosen(self, row: int) -> None:
        name = self._chosen_name()
        self.forget_button.setEnabled(bool(name))
        self.start_button.setEnabled(row >= 0 and name != self.context.settings.get(PROFILE))
        known = next((p for p in self._profiles if p.name == name), None)
        self._edit(known)

    def _chosen_name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    def _edit(self, profile: ConnectionProfile | None) -> None:
        """None: this PC's own database, about which there is nothing to fill in."""
        self._edited = profile.name if profile is not None else ""
        self.card.setEnabled(profile is not None)
        self.form.show_profile(profile or ConnectionProfile(""))
        self.dirty_changed.emit(False)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(title_label(tr("Connections")))
        left.addWidget(
            muted_label(
                tr(
                    "This PC has a database of its own. Several PCs share one on an office server: "
                    "name it here, then let it open at start. Passwords are asked for, never kept."
                )
            )
        )
        buttons = QHBoxLayout()
        for button in (self.new_button, self.start_button, self.forget_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addWidget(self.list, 1)
        self.card = QFrame(self)
        self.card.setObjectName("card")
        self.card.setFixedWidth(FORM_WIDTH)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(16, 12, 16, 16)
        inside.addWidget(heading(tr("Office server")))
        inside.addWidget(self.form)
        inside.addSpacing(8)
        inside.addWidget(self.save_button)
        inside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.card)
        self.setFocusProxy(self.list)


def create(context: AppContext, params: dict[str, Any]) -> ConnectionsPage:
    """Factory named in the table of actions."""
    return ConnectionsPage(context)
