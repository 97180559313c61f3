"""The window under a real X server, for tests with real key events; run as a program.

Opens the shell over fakes with the focus where the first argument says, tells the number of its
window, and at the end of its input prints one JSON line: what the page heard, what stands in its fields, what was pressed,
and per code the milliseconds from the last key's arrival to the answer painted on the screen.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from desktop_app.core import clock
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.views import actions, home, workspace
from desktop_app.views.actions import Action
from desktop_app.views.base.page import Page
from tests.views.shell_fakes import BUSY_DAY, FakeServices, make_shell

BUSY_EVERY_MS, BUSY_S = 7, 0.11
"""A program that hardly looks at its keys: longer away than any pause that ends a code."""
HEARD: list[str] = []
PRESSED: list[str] = []
ANSWERED_MS: list[float] = []
PAUSES_MS: list[int] = []
"""Between one key press and the next by the X server's clock: what the sender really did."""


class Desk(Page):
    """A form with a default button, a field and a table, as a document page has."""

    def __init__(self, context: Any, _params: dict[str, Any]) -> None:
        super().__init__(context)
        self.field = QLineEdit(self)
        self.field.returnPressed.connect(lambda: PRESSED.append("Enter in the field"))
        self.table = QTableWidget(3, 2, self)
        for row in range(3):
            for column in range(2):
                self.table.setItem(row, column, QTableWidgetItem(""))
        button = QPushButton("Post", self)
        button.setDefault(True)
        button.setAutoDefault(True)
        button.clicked.connect(lambda: PRESSED.append("Post"))
        column = QVBoxLayout(self)
        for widget in (self.field, self.table, button):
            column.addWidget(widget)
        self.field.textChanged.connect(lambda text: self.dirty_changed.emit(bool(text)))

    def is_dirty(self) -> bool:
        return bool(self.field.text())

    def on_scan(self, code: ScanResult) -> bool:
        HEARD.append(code.text)
        return True

    def cells(self) -> str:
        return "".join(
            self.table.item(row, column).text() for row in range(3) for column in range(2)
        )


class Stopwatch(QObject):
    """From the last key reaching the window to the painted answer."""

    def __init__(self, bar: Any) -> None:
        super().__init__()
        self._last_key = 0.0
        self._pressed_at: int | None = None
        self._waiting = False
        self._bar = bar
        bar.answer.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            self._last_key = clock.monotonic()
            self._waiting = True
            if event.type() == QEvent.Type.KeyPress:
                if self._pressed_at is not None:
                    PAUSES_MS.append(event.timestamp() - self._pressed_at)
                self._pressed_at = event.timestamp()
        elif watched is self._bar.answer and event.type() == QEvent.Type.Paint:
            if self._waiting and self._bar.kind == "ok":
                ANSWERED_MS.append((clock.monotonic() - self._last_key) * 1000)
                self._waiting = False
        return False


class EndOfInput(QObject):
    reached = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self.reached.connect(self.end)

    def wait(self) -> None:
        sys.stdin.read()
        self.reached.emit()

    @Slot()
    def end(self) -> None:
        QTimer.singleShot(400, lambda: self._application.exit(0))  # quit() asks first


def main(place: str) -> None:
    application = QApplication([])
    desk = Action("desk", "Desk", "scan", "", None, "", "tests.e2e.wedge_desk:Desk")
    workspace.ACTIONS = {row.id: row for row in (*actions.ACTIONS, desk)}  # type: ignore[assignment]
    services = FakeServices(BUSY_DAY)
    home.shell_services = services.as_services  # type: ignore[assignment]
    shell = make_shell(Path(tempfile.mkdtemp()), services)
    shell.show()
    shell.open_page("desk", {})
    page: Any = shell.window.workspace.front()
    watch = Stopwatch(shell.window.scan_bar)
    application.installEventFilter(watch)
    # A filter of an earlier run comes last: the wedge must not hide the keys from the watch.
    dialog_field = _focus(shell, page, place)
    end = EndOfInput(application)
    threading.Thread(target=end.wait, daemon=True).start()
    busy = QTimer(application, interval=BUSY_EVERY_MS)
    busy.timeout.connect(lambda: time.sleep(BUSY_S))
    if place == "busy":
        busy.start()
    window = int(dialog_field.window().winId() if dialog_field else shell.window.winId())
    QTimer.singleShot(300, lambda: print(window, flush=True))
    application.exec()
    print(
        json.dumps(
            {
                "heard": HEARD,
                "pressed": PRESSED,
                "field": page.field.text(),
                "cells": page.cells(),
                "dialog": dialog_field.text() if dialog_field else "",
                "dirty": page.is_dirty(),
                "answered_ms": ANSWERED_MS,
                "pauses_ms": PAUSES_MS,
                "kept": [entry.code for entry in shell.scans.history.entries],
            }
        ),
        flush=True,
    )
    shell.close()
    QCoreApplication.processEvents()


def _focus(shell: Any, page: Any, place: str) -> QLineEdit | None:
    shell.window.activateWindow()
    if place == "dialog":
        dialog = QDialog(shell.window)
        field = QLineEdit(dialog)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok, dialog)
        buttons.accepted.connect(lambda: PRESSED.append("OK"))
        column = QVBoxLayout(dialog)
        column.addWidget(field)
        column.addWidget(buttons)
        dialog.setModal(True)
        dialog.show()
        dialog.activateWindow()
        field.setFocus()
        return field
    if place == "table":
        page.table.setFocus()
        page.table.setCurrentCell(0, 0)
        page.table.editItem(page.table.item(0, 0))
    else:
        page.field.setFocus()
        if place == "unsaved":
            page.field.setText("12")
    return None


if __name__ == "__main__":
    # the page is imported by name: it must be the same module that reports
    from tests.e2e.wedge_desk import main as run

    run(sys.argv[1])
