"""What goes over the line of a device, byte for byte: live, paused, saved, replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.hardware.byte_log import ByteLog, Record, hex_view, read_log
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import devices
from desktop_app.services.devices import SIMULATOR
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import muted_label, title_label
from desktop_app.views.devices.words import connection_text, kind_title, speaks_text

LOOK_MS = 200
MOST_LINES = 3_000


class ByteLogPage(Page):
    """F7 pauses, Ctrl+S saves for support, F6 replays a saved log as a device."""

    def __init__(self, context: AppContext, device_id: int) -> None:
        super().__init__(context)
        self.device_id = device_id
        self.heading = title_label(tr("Byte log"))
        self.bar = InlineBar(self)
        self.view = QPlainTextEdit(self, readOnly=True)
        self.view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setMaximumBlockCount(MOST_LINES)
        self.view.setAccessibleName(tr("Byte log"))
        self.pause_button = QPushButton(tr("Pause") + "  F7", self)
        self.pause_button.setCheckable(True)
        self.save_button = QPushButton(tr("Save for support …") + "  Ctrl+S", self)
        self.open_button = QPushButton(tr("Open a saved log …"), self)
        self.replay_button = QPushButton(tr("Replay a saved log …") + "  F6", self)
        self._last: Record | None = None
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def title(self) -> str:
        return self.heading.text()

    @property
    def hosted(self) -> Hosted | None:
        """The device, while it runs here."""
        return self.context.devices.find(self.device_id) if self.context.devices else None

    @property
    def byte_log(self) -> ByteLog | None:
        """Its log; None for a keyboard scanner or a camera."""
        hosted = self.hosted
        return getattr(hosted.running, "byte_log", None) if hosted is not None else None

    def reload(self) -> None:
        hosted = self.hosted
        if hosted is not None:
            self.heading.setText(tr("Byte log of {name}", name=hosted.device.name))
            self.title_changed.emit(self.title())
        if self.byte_log is None:
            self.bar.tell(tr("This device has no line of its own, so there are no bytes to show."))
        self.save_button.setEnabled(self.byte_log is not None)
        self.look()

    def look(self) -> None:
        """Add what came since the last look, unless paused."""
        log = self.byte_log
        if log is None or self.pause_button.isChecked() or not self.isVisible():
            return
        records = log.recent()
        fresh = records
        if self._last is not None and self._last in records:
            fresh = records[len(records) - records[::-1].index(self._last) :]
        if fresh:
            self._last = fresh[-1]
            self._append(fresh)

    def save(self) -> None:
        """Write everything kept, with facts about the device, into a text file."""
        hosted, log = self.hosted, self.byte_log
        if hosted is None or log is None:
            return
        name = f"{hosted.device.kind}-{clock.now():%Y%m%d-%H%M}.txt"
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save for support"), name, tr("Text file (*.txt)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the log to ``path``, off the GUI thread."""
        hosted, log = self.hosted, self.byte_log
        if hosted is None or log is None:
            return
        device = hosted.device
        facts = (
            (tr("Device"), device.name),
            (tr("Kind"), kind_title(device.kind)),
            (tr("Connection"), connection_text(device.settings)),
            (tr("Speaks"), speaks_text(device)),
            (tr("How it is"), str(hosted.lamp.sentence)),
        )
        self.context.operations.background(
            log.save_for_support, path, facts, on_done=self._saved, on_error=self._failed
        )

    def open_saved(self) -> None:
        """Show a log that was saved here or elsewhere."""
        chosen = self._choose(tr("Open a saved log"))
        if chosen:
            self.pause_button.setChecked(True)
            self.context.operations.background(
                read_log, Path(chosen), on_done=self._show_saved, on_error=self._failed
            )

    def replay(self) -> None:
        """A saved log becomes a simulated device that sends the same bytes again."""
        chosen = self._choose(tr("Replay a saved log"))
        if chosen:
            self.replay_from(Path(chosen))

    def replay_from(self, path: Path) -> None:
        """Add the simulated device that replays ``path`` with this device's profile."""
        hosted = self.hosted
        if hosted is None or hosted.device.kind != "scale":
            self.bar.tell(tr("Only the log of a scale can be replayed."), wrong=True)
            return
        values = {
            "kind": hosted.device.kind,
            "name": tr("Replay of {file}", file=path.stem),
            "settings": {
                "transport": {"kind": SIMULATOR, "replay": str(path)},
                "profile": dict(hosted.device.settings.get("profile") or {}),
            },
        }
        self.context.operations.command(
            devices.save, values, on_done=self._replaying, on_error=self._failed
        )

    def _choose(self, title: str) -> str:
        chosen, _ = QFileDialog.getOpenFileName(
            self, title, "", tr("Saved logs (*.txt *.log);;All files (*)")
        )
        return chosen

    def _replaying(self, device_id: int) -> None:
        if self.context.devices is not None:
            self.context.devices.start()
        self.bar.tell(
            tr("The log is replayed over and over as a device of its own."),
            ((tr("Show it"), lambda: self.context.open_page("device_test", {"id": device_id})),),
        )

    def _saved(self, path: Path) -> None:
        self.bar.tell(tr("Saved: {file}", file=str(path)))

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)

    def _show_saved(self, records: list[Record]) -> None:
        self.view.clear()
        self._append(records)

    def _append(self, records: list[Record]) -> None:
        at_end = self.view.verticalScrollBar().value() >= self.view.verticalScrollBar().maximum()
        lines = [line for record in records for line in hex_view(record)]
        self.view.appendPlainText("\n".join(lines[-MOST_LINES:]))
        if at_end:
            self.view.moveCursor(QTextCursor.MoveOperation.End)
            self.view.moveCursor(QTextCursor.MoveOperation.StartOfLine)

    def _build(self) -> None:
        runs = (
            (self.save_button, "Ctrl+S", self.save),
            (self.open_button, "", self.open_saved),
            (self.replay_button, "F6", self.replay),
        )
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        self.replay_button.setVisible(self.context.user.may("device.manage"))
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.pause_button)
        for button, key, run in runs:
            button.clicked.connect(lambda _checked=False, run=run: run())
            if key:
                QShortcut(QKeySequence(key), self, run, context=scope)
            head.addWidget(button)
        QShortcut(QKeySequence("F7"), self, self.pause_button.toggle, context=scope)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(
            muted_label(
                tr(
                    "Seconds, direction (< from the device, > to it, # a remark), bytes, characters."
                )
            )
        )
        column.addWidget(self.view, 1)


def create(context: AppContext, params: dict[str, Any]) -> ByteLogPage:
    """``id`` is the device's."""
    return ByteLogPage(context, int(params["id"]))
