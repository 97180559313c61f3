"""What the program tells a person, without stopping their hands: bars, toasts, sounds.

Nothing here is modal. Messages that come before a window exists wait for it, and what is
still open survives a change of language, when the window is rebuilt.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from desktop_app.core.i18n import N_, tr
from desktop_app.runtime.error_presenter import ErrorPresenter

SOUNDS = ("ok", "unknown", "wrong")

_serial = itertools.count(1)


@dataclass(frozen=True)
class Notice:
    """One message. ``kind``: info, success, warning, error, crash, ask or lost.

    ``actions`` are (source text of a button, what it does); the first is the default one.
    """

    kind: str
    text: str
    actions: tuple[tuple[str, Callable[[], None]], ...] = ()
    report: Path | None = None
    serial: int = field(default_factory=lambda: next(_serial))

    @property
    def stays(self) -> bool:
        """True when it waits for the person instead of fading away."""
        return self.kind in ("error", "crash", "ask", "lost")


class NoticeView(Protocol):
    """The part of the main window that shows notices."""

    def show_notice(self, notice: Notice) -> None:
        """Show it without taking the focus."""
        ...

    def play_sound(self, kind: str) -> None:
        """Play "ok", "unknown" or "wrong"."""
        ...


class Notifier(QObject):
    """Takes messages from pages and services.

    ``retry_wanted`` is the reconnect button; ``sounded`` tells the kind of each sound asked for.
    """

    retry_wanted = Signal()
    sounded = Signal(str)

    def __init__(
        self, presenter: ErrorPresenter | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter or ErrorPresenter()
        self._view: NoticeView | None = None
        self._waiting: list[Notice] = []

    def attach(self, view: NoticeView) -> None:
        """Show through this window from now on, first what has been waiting."""
        self._view = view
        waiting, self._waiting = self._waiting, []
        for notice in waiting:
            view.show_notice(notice)

    def detach(self, still_open: tuple[Notice, ...] = ()) -> None:
        """The window goes; ``still_open`` notices wait for the next one."""
        self._view = None
        self._waiting = [*still_open, *self._waiting]

    def info(self, text: str) -> None:
        """A fact worth knowing; fades."""
        self.send(Notice("info", text))

    def success(self, text: str) -> None:
        """It worked; fades."""
        self.send(Notice("success", text))

    def warning(self, text: str) -> None:
        """It could not be done and the person can do something about it; fades slowly."""
        self.send(Notice("warning", text))

    def error(self, error: BaseException | str) -> None:
        """A failure, as an exception or as a sentence already translated."""
        if isinstance(error, str):
            self.send(Notice("error", error))
            return
        shown = self._presenter.present(error)
        if shown.lost_connection:
            self.send(Notice("lost", shown.text, ((N_("Try again"), self.retry_wanted.emit),)))
        else:
            self.send(Notice(shown.kind, shown.text, report=shown.report))

    def ask(
        self, text: str, on_yes: Callable[[], None], on_no: Callable[[], None] | None = None
    ) -> None:
        """Ask without locking anything; whoever asks goes on working meanwhile."""
        self.send(Notice("ask", text, ((N_("Yes"), on_yes), (N_("No"), on_no or _nothing))))

    def sound(self, kind: str) -> None:
        """Play "ok", "unknown" or "wrong" (a clerk hears it without looking up)."""
        if kind not in SOUNDS:
            raise ValueError(f"no sound named {kind!r}")
        self.sounded.emit(kind)
        if self._view is not None:
            self._view.play_sound(kind)

    def send(self, notice: Notice) -> None:
        """Show a notice now or as soon as there is a window."""
        if self._view is None:
            self._waiting.append(notice)
        else:
            self._view.show_notice(notice)


class RecordingNotifier(Notifier):
    """Keeps what it was told instead of showing it, and answers questions at once (tests)."""

    def __init__(self, answer: bool | None = None) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.sounds: list[str] = []
        self.answer = answer

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)
        if notice.kind == "ask" and self.answer is not None:
            notice.actions[0 if self.answer else 1][1]()

    def sound(self, kind: str) -> None:
        if kind not in SOUNDS:
            raise ValueError(f"no sound named {kind!r}")
        self.sounds.append(kind)

    def texts(self, kind: str) -> list[str]:
        """What was said of one kind, in order."""
        return [notice.text for notice in self.notices if notice.kind == kind]


def _nothing() -> None:
    return None


def button_text(source: str) -> str:
    """The label of a notice's button in the present language."""
    return tr(source)
