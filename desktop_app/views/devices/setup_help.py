"""What to set up on this PC so that a device can be used, where the problem appears."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.hardware.transports.setup_help import setup_steps, udev_rule_of
from desktop_app.views.base.widgets import heading


class SetupHelp(QFrame):
    """Hidden until :meth:`show_for`; the rule and the commands can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = QLabel(self, wordWrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rule = QLabel(self, wordWrap=True)
        self.rule.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rule.setStyleSheet("font-family: monospace;")
        self.copy = QPushButton(tr("Copy the rule"), self)
        self.copy.clicked.connect(
            lambda _checked=False: QGuiApplication.clipboard().setText(self.rule.text())
        )
        row = QHBoxLayout()
        row.addWidget(self.rule, 1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(heading(tr("To set up on this PC")))
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def show_for(self, kind: str, identity: str = "") -> None:
        """The steps for a connection of ``kind``; hidden when there are none."""
        rule = udev_rule_of(kind, identity) if sys.platform != "win32" else ""
        steps = setup_steps(kind, rule=bool(rule))
        self.text.setText("\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)))
        self.rule.setText(rule)
        self.rule.setVisible(bool(rule))
        self.copy.setVisible(bool(rule))
        self.setVisible(bool(steps))
