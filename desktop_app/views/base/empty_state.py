"""What stands where rows would be: a friendly sentence and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.views.base.tones import Tone, tone


class EmptyState(QWidget):
    """Lies over the viewport of a table while it has no rows."""

    def __init__(self, over: QAbstractScrollArea) -> None:
        super().__init__(over.viewport())
        self._viewport = over.viewport()
        self._sentence = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._button = QPushButton(self)
        self._action: Callable[[], None] | None = None
        self._model: QAbstractItemModel | None = None
        self._when_empty = ""
        self._button.clicked.connect(self._run)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self._sentence)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._viewport.installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said, empty while hidden."""
        return "" if self.isHidden() else self._sentence.text()

    def say(self, sentence: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Show ``sentence`` and, when given, one button."""
        self._sentence.setText(sentence)
        self._sentence.setStyleSheet(f"color: {tone(Tone.MUTED).name()};")
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._action = run
        self.setGeometry(self._viewport.rect())
        self.show()
        self.raise_()

    def watch(self, model: QAbstractItemModel, sentence: str) -> None:
        """Say ``sentence`` whenever ``model`` has no rows."""
        self._model, self._when_empty = model, sentence
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._look)
        self._look()

    @Slot()
    def _look(self) -> None:
        assert self._model is not None  # only connected once there is one
        if self._model.rowCount():
            self.hide()
        else:
            self.say(self._when_empty)

    def _run(self) -> None:
        if self._action is not None:
            self._action()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._viewport.rect())
        return super().eventFilter(watched, event)
