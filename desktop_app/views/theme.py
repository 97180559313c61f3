"""How the program looks: all colours and sizes in one place, one small style sheet.

Fusion with our own palette looks the same on every system and follows light and dark.
Pages take colours from the palette, from :func:`current` or from ``base.tones``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop_app.core.paths import resources_dir

GRID = 8
"""Spacing unit in pixels; half of it between things that belong together."""
BASE_POINTS = 10.0
FONT_FAMILY = "Noto Sans SC"


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, by meaning."""

    name: str
    window: str
    base: str
    alternate: str
    text: str
    muted: str
    line: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    on_selection: str
    nav: str
    hover: str
    good: str
    good_back: str
    ask: str
    ask_back: str
    wrong: str
    wrong_back: str
    info_back: str


LIGHT = Tokens(
    name="light",
    window="#f3f5f8",
    base="#ffffff",
    alternate="#f8fafc",
    text="#1c2430",
    muted="#5f6b7a",
    line="#d5dae1",
    accent="#1a64b8",
    accent_hover="#14528f",
    on_accent="#ffffff",
    selection="#d6e6f8",
    on_selection="#10233a",
    nav="#e9edf2",
    hover="#dde4ec",
    good="#2e7d32",
    good_back="#e6f4e8",
    ask="#9a6700",
    ask_back="#fff6e0",
    wrong="#c62828",
    wrong_back="#fdecea",
    info_back="#e5effa",
)
DARK = Tokens(
    name="dark",
    window="#1a1f25",
    base="#21272e",
    alternate="#262c34",
    text="#e4e9ef",
    muted="#9aa4b2",
    line="#3a424c",
    accent="#4c9aff",
    accent_hover="#74b0ff",
    on_accent="#0b1a2c",
    selection="#27496d",
    on_selection="#f2f7fd",
    nav="#15191e",
    hover="#2a323b",
    good="#81c784",
    good_back="#203a26",
    ask="#e3b341",
    ask_back="#3b331c",
    wrong="#ff8a80",
    wrong_back="#472422",
    info_back="#1e3450",
)

_STYLE_SHEET = Template("""
QToolTip { color: $text; background: $base; border: 1px solid $line; padding: 4px; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {
  background: $base; border: 1px solid $line; border-radius: 4px; padding: 3px 6px;
  min-height: 20px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QDateEdit:focus { border: 2px solid $accent; padding: 2px 5px; }
QLineEdit:read-only { background: $window; color: $muted; }
QSpinBox, QDoubleSpinBox { padding: 1px 5px 2px 5px; }
QSpinBox:focus, QDoubleSpinBox:focus { padding: 0 4px 1px 4px; }
QTableView QLineEdit, QTreeView QLineEdit { border-radius: 0; padding: 0 3px; min-height: 0; }
QPushButton { background: $base; color: $text; border: 1px solid $line; border-radius: 4px;
  padding: 4px 12px; min-height: 20px; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 2px solid $accent; padding: 3px 11px; }
QPushButton:checked { background: $selection; color: $on_selection; border-color: $accent; }
QPushButton:disabled { color: $muted; background: $window; }
QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QDateEdit:disabled {
  background: $window; color: $muted; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $line; color: $muted; border-color: $line; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 2px solid $accent; padding: 3px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
  image: url("$icons/arrow-down.svg"); width: 12px; height: 12px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
  image: url("$icons/arrow-up.svg"); width: 12px; height: 12px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button { border: none; width: 20px; background: transparent; }
QDateEdit::drop-down { border: none; width: 22px; }
QCheckBox, QRadioButton { spacing: 8px; padding: 2px; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator, QListView::indicator,
QTreeView::indicator { width: 14px; height: 14px; border: 1px solid $muted; background: $base;
  border-radius: 3px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked,
QTreeView::indicator:checked { background: $accent; border-color: $accent;
  image: url("$icons/tick.svg"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent;
  image: url("$icons/dot.svg"); }
QCheckBox:focus, QRadioButton:focus { background: $hover; border-radius: 4px; }
QHeaderView::section { background: $window; color: $muted; border: none; padding: 4px 6px;
  border-bottom: 1px solid $line; border-right: 1px solid $line; font-weight: bold; }
QTableView, QTreeView, QListView { background: $base; alternate-background-color: $alternate;
  border: 1px solid $line; gridline-color: $line; selection-background-color: $selection;
  selection-color: $on_selection; }
QTableView::item { padding: 0 3px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $window; qproperty-drawBase: 0; }
QTabBar::tab { background: $window; color: $muted; padding: 6px 10px; min-height: 20px;
  border: none; border-top: 2px solid transparent; border-right: 1px solid $line; }
QTabBar::tab:hover { background: $hover; }
QTabBar::tab:selected { background: $base; color: $text; border-top: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QMenu { background: $base; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $on_selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QStatusBar { background: $nav; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; min-height: 28px;
  min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTreeView#navigation { background: $nav; border: none; border-right: 1px solid $line;
  show-decoration-selected: 1; }
QTreeView#navigation::item { border: none; padding: 0 4px; }
QTreeView#navigation::item:hover { background: $hover; }
QTreeView#navigation::item:selected { background: $selection; color: $on_selection; }
QTreeView#navigation:focus { border-right: 2px solid $accent; }
QWidget#topBar { background: $base; border-bottom: 1px solid $line; }
QFrame#card { background: $base; border: 1px solid $line; border-radius: 8px; }
QFrame#card[clickable="true"]:hover { border: 1px solid $accent; }
QFrame#card:focus { border: 2px solid $accent; }
QLabel[role="title"] { font-size: ${title_pt}pt; font-weight: bold; }
QLabel[role="heading"] { font-size: ${heading_pt}pt; font-weight: bold; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="problem"] { color: $wrong; }
QFrame#notice { border: 1px solid $line; border-radius: 6px; background: $base; }
QFrame#notice[kind="info"] { background: $info_back; border-color: $accent; }
QFrame#notice[kind="success"] { background: $good_back; border-color: $good; }
QFrame#notice[kind="warning"], QFrame#notice[kind="ask"] { background: $ask_back;
  border-color: $ask; }
QFrame#notice[kind="error"], QFrame#notice[kind="crash"], QFrame#notice[kind="lost"] {
  background: $wrong_back; border-color: $wrong; }
QFrame#palette { background: $base; border: 1px solid $accent; border-radius: 8px; }
QFrame#palette QListView { border: none; }
QFrame#palette QLineEdit { border: none; border-bottom: 1px solid $line; border-radius: 0;
  font-size: ${heading_pt}pt; min-height: 32px; padding: 2px 8px; }
QProgressBar { border: 1px solid $line; border-radius: 4px; background: $window;
  text-align: center; min-height: 16px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
""")


def load_fonts(folder: Path | None = None) -> None:
    """Register every bundled TrueType file, so that Chinese shows on any PC."""
    if FONT_FAMILY in QFontDatabase.families():
        return
    for file in sorted((folder or resources_dir() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def ensure_look() -> None:
    """Dress a window that is shown before the shell exists (first set-up, login)."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and not app.styleSheet():
        load_fonts()
        apply_theme(app)


def tokens_for(choice: str) -> Tokens:
    """The theme of a setting: "light", "dark", or "auto" for what the system prefers."""
    if choice == "dark":
        return DARK
    if choice == "light":
        return LIGHT
    scheme = QApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def current() -> Tokens:
    """The theme on screen now."""
    base = QApplication.palette().color(QPalette.ColorRole.Base)
    return DARK if base.lightness() < 128 else LIGHT


def apply_theme(app: QApplication, choice: str = "auto", zoom: int = 100) -> Tokens:
    """Give the whole program its look; ``zoom`` is in per cent of the base size."""
    tokens = tokens_for(choice)
    points = BASE_POINTS * zoom / 100
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(tokens))
    app.setFont(_font(points))
    app.setStyleSheet(
        _STYLE_SHEET.substitute(
            vars(tokens),
            icons=(resources_dir() / "icons").as_posix(),
            title_pt=f"{points * 1.5:.1f}",
            heading_pt=f"{points * 1.15:.1f}",
        )
    )
    return tokens


def _font(points: float) -> QFont:
    font = QFont(FONT_FAMILY)
    font.setPointSizeF(points)
    font.setFeature(QFont.Tag("tnum"), 1)  # digits below one another line up
    return font


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.base),
        (role.AlternateBase, tokens.alternate),
        (role.Text, tokens.text),
        (role.Button, tokens.window),
        (role.ButtonText, tokens.text),
        (role.ToolTipBase, tokens.base),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Link, tokens.accent),
        (role.Accent, tokens.accent),
        (role.Mid, tokens.line),
        (role.Midlight, tokens.hover),
        (role.Light, tokens.base),
        (role.Dark, tokens.line),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.muted))
    return palette
