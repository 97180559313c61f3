"""The settings of this workstation, drawn from their declarations."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import settings as declared
from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, tr
from desktop_app.core.settings import SETTINGS, Setting
from desktop_app.domain.scan_codes import GS, ScanResult
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.scanner_file import in_force
from desktop_app.views.base.page import SETTINGS_TOPIC, Page
from desktop_app.views.base.widgets import (
    heading,
    muted_label,
    problem_label,
    show_problem,
    title_label,
)
from desktop_app.views.settings.rules_card import RulesCard

SECTIONS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (N_("Screen"), (declared.LANGUAGE, declared.THEME, declared.ZOOM)),
    (
        N_("Scanner"),
        (
            declared.SOUND,
            declared.SCAN_GAP,
            declared.SCAN_LENGTH,
            declared.SCAN_IDLE,
            declared.SCAN_PREFIX,
        ),
    ),
    (N_("Work"), (declared.EXPORT_FOLDER,)),
    (N_("Devices"), (declared.PRINTER, declared.LABEL_PRINTER)),
    (N_("This PC"), (declared.WORKSTATION,)),
)
"""Where a setting stands; one that is in no section is shown under "Other"."""

ELSEWHERE = (declared.PROFILE,)
"""Chosen on a page of its own: Connections."""

CHOICE_TITLES = {
    "auto": N_("As the system"),
    "zh_CN": "简体中文",
    "en": "English",
    "light": N_("Light"),
    "dark": N_("Dark"),
}
EDITOR_WIDTH = 280


def sections() -> tuple[tuple[str, tuple[Setting, ...]], ...]:
    """All declared settings by section."""
    placed = {setting.key for _, rows in SECTIONS for setting in rows}
    placed |= {setting.key for setting in ELSEWHERE}
    rest = tuple(setting for setting in SETTINGS if setting.key not in placed)
    return (*SECTIONS, (N_("Other"), rest)) if rest else SECTIONS


class _NumberBox(QSpinBox):
    """Takes any number that is typed, so that a wrong one can be told; its arrows stay in limits."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._low, self._high = int(setting.minimum or 0), int(setting.maximum or 999_999)
        self.setRange(0, 999_999)
        self.lineEdit().setTextMargins(4, 0, 0, 0)  # a style sheet's padding does not reach it

    def stepBy(self, steps: int) -> None:
        moved = self.value() + steps * self.singleStep()
        self.setValue(min(max(moved, self._low), self._high))


class SettingsPage(Page):
    """Each change holds at once and is kept; a refused one says why beside its field."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.editors: dict[str, QWidget] = {}
        self.problems: dict[str, QLabel] = {}
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        column.addWidget(title_label(tr("Settings of this PC")))
        column.addWidget(muted_label(tr("Every change holds at once, on this PC only.")))
        for title, rows in sections():
            column.addWidget(self._section(tr(title), rows))
        self.rules = RulesCard(context, self)
        column.addWidget(self.rules)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.setFocusProxy(next(iter(self.editors.values())))

    def title(self) -> str:
        return tr("Settings")

    def on_scan(self, code: ScanResult) -> bool:
        if not self.test_button.isChecked():
            return False
        plain = code.text.replace(GS, "<GS>")
        separator = tr("the separator arrived") if GS in code.text else tr("no separator in it")
        self.test_answer.setText(
            tr(
                "Read: {code} ({count} characters, {separator})",
                code=plain,
                count=len(code.text),
                separator=separator,
            )
        )
        self.context.notifier.sound("ok")
        return True

    def choose(self, setting: Setting, value: Any) -> None:
        """Take a value over, keep it, and tell the window; or say why not."""
        settings = self.context.settings
        if value == settings.get(setting) and (
            setting.type is not int or settings.is_chosen(setting)
        ):
            show_problem(self.problems[setting.key], "")
            return
        try:
            settings.set(setting, value)
        except UserError as error:
            show_problem(self.problems[setting.key], str(error))
            return
        show_problem(self.problems[setting.key], "")
        self.context.operations.background(
            settings.save, on_error=self.context.notifier.error, owner=self
        )
        self.context.bus.publish({SETTINGS_TOPIC})

    def _section(self, title: str, rows: tuple[Setting, ...]) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(0, 340)
        grid.addWidget(heading(title), 0, 0, 1, 3)
        for number, setting in enumerate(rows, start=1):
            label = QLabel(tr(setting.description))
            label.setWordWrap(True)
            editor = self._editor(setting)
            editor.setAccessibleName(tr(setting.description))
            editor.setFixedWidth(EDITOR_WIDTH)
            label.setBuddy(editor)
            problem = problem_label()
            self.editors[setting.key], self.problems[setting.key] = editor, problem
            for place, widget in enumerate((label, editor, problem)):
                grid.addWidget(widget, number, place)
        if declared.SCAN_GAP in rows:
            self._add_test(grid, len(rows) + 1)
        return card

    def _add_test(self, grid: QGridLayout, row: int) -> None:
        self.test_button = QPushButton(tr("Test the scanner"))
        self.test_button.setCheckable(True)
        self.test_button.setFixedWidth(EDITOR_WIDTH)
        self.test_answer = muted_label(tr("Press the button, then scan any code."))
        grid.addWidget(self.test_answer, row, 0)
        grid.addWidget(self.test_button, row, 1)

    def _editor(self, setting: Setting) -> QWidget:
        value = self.context.settings.get(setting)
        if setting.choices:
            return self._choice(setting, value)
        if setting.type is bool:
            box = QCheckBox(tr("Yes"))
            box.setChecked(value)
            box.toggled.connect(lambda on: self.choose(setting, on))
            return box
        if setting.type is int:
            return self._whole_number(setting, value)
        field = QLineEdit(str(value))
        parse: Callable[[str], Any] = _decimal if setting.type is Decimal else str
        field.editingFinished.connect(lambda: self.choose(setting, parse(field.text())))
        return field

    def _choice(self, setting: Setting, value: str) -> QComboBox:
        box = QComboBox()
        for choice in setting.choices:
            box.addItem(tr(CHOICE_TITLES.get(choice, choice)), choice)
        box.setCurrentIndex(box.findData(value))
        box.activated.connect(lambda _index: self.choose(setting, box.currentData()))
        return box

    def _whole_number(self, setting: Setting, value: int) -> QSpinBox:
        box = _NumberBox(setting)
        if self.context.scans is not None:
            value = in_force(self.context.settings, setting, self.context.scans.profile)
        box.setValue(value)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda number: self.choose(setting, number))
        return box


def create(context: AppContext, params: dict[str, Any]) -> SettingsPage:
    """Factory named in the table of actions."""
    return SettingsPage(context)


def _decimal(text: str) -> Decimal | str:
    """The number, or the text itself, which the setting then refuses with a sentence."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return text
