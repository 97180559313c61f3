"""Name the office server this PC works with, at the first start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.database.profiles import ConnectionProfile, LoadedProfiles
from desktop_app.runtime.operations import Operations
from desktop_app.services import connections
from desktop_app.views.base.widgets import muted_label, primary_button, title_label
from desktop_app.views.settings.connection_form import ConnectionForm


class ConnectionDialog(QDialog):
    """Accepted with the kept ``profile``; the login is asked for afterwards."""

    def __init__(self, operations: Operations, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._folder = folder
        self.profile: ConnectionProfile | None = None
        self.setWindowTitle(tr("Stockproof"))
        self.setFixedWidth(480)
        self.form = ConnectionForm(operations, self)
        self.form.changed.connect(self.adjustSize)
        self.form.entered.connect(self.keep)
        self.button = primary_button(tr("Use this server"))
        self.button.clicked.connect(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(title_label(tr("Office server")))
        column.addWidget(
            muted_label(
                tr("Whoever looks after the server knows its name and has its certificate.")
            )
        )
        column.addWidget(self.form)
        column.addWidget(self.button)

    def keep(self) -> None:
        """Keep it and close; refused: the reason stands beside the field."""
        profile = self.form.check()
        if profile is None:
            return
        self.profile = profile
        self._operations.background(
            connections.keep,
            self._folder,
            profile,
            profile.name,
            on_done=self._kept,
            on_error=self.form.show_error,
            owner=self,
        )

    def _kept(self, _loaded: LoadedProfiles) -> None:
        self.accept()
