"""Small labels and buttons that look the same on every page."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

CELL_PADDING = 18
"""Pixels of a table cell that are not text."""
_TITLE_PADDING, _ARROW = 18, 16


def title_width(title: str, *, sorts: bool = False) -> int:
    """Pixels a column needs for its bold title and, when it ``sorts``, for the arrow of that."""
    bold = QFont(QApplication.font())
    bold.setBold(True)
    return QFontMetrics(bold).horizontalAdvance(title) + _TITLE_PADDING + _ARROW * sorts


def title_label(text: str) -> QLabel:
    """The large title of a page; ``text`` is translated already."""
    return _label(text, "title")


def heading(text: str) -> QLabel:
    """The heading of a card or a section."""
    return _label(text, "heading")


def muted_label(text: str) -> QLabel:
    """Side remarks and explanations."""
    return _label(text, "muted", wrap=True)


def problem_label(text: str = "") -> QLabel:
    """A sentence beside a field about what is wrong with it; hidden while empty."""
    label = _label(text, "problem", wrap=True)
    hide_unless(bool(text), label)
    return label


def show_problem(label: QLabel, text: str) -> None:
    """Set or clear the sentence of a :func:`problem_label`."""
    label.setText(text)
    label.setVisible(bool(text))


def hide_unless(allowed: bool, *widgets: QWidget) -> None:
    """Hide what is not offered here. It never shows: a widget that stands nowhere yet would
    flash as a window of its own and take the cursor from the page.
    """
    for widget in widgets:
        if not allowed:
            widget.hide()


def primary_button(text: str) -> QPushButton:
    """The one button of a page that goes on."""
    button = QPushButton(text)
    button.setProperty("primary", True)
    return button


def _label(text: str, role: str, wrap: bool = False) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    return label
