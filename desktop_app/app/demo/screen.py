"""A person's real window without a monitor: opened, driven by keys and scans, photographed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.app import company
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import WORKSTATIONS, World
from desktop_app.core import clock, paths
from desktop_app.core.i18n import current_language
from desktop_app.core.settings import LANGUAGE, SOUND, THEME, WORKSTATION, Settings
from desktop_app.database.notifications import Listener
from desktop_app.database.unit_of_work import Database
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import CompanyInfo, CurrentUser
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.garbage import GuiThreadCollector
from desktop_app.runtime.notifier import Notifier
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.translator import speak
from desktop_app.services import access
from desktop_app.views.base.page import Page
from desktop_app.views.shell import Shell

QUIET_SECONDS = 0.06
"""Idle for longer than the change bus gathers and a scanner's pause lasts."""
MOST_SECONDS = 30.0
SCANNER_GAP_MS, FINGER_GAP_MS, HAND_MS = 4, 180, 700
A_DAY_MS = 86_400_000
"""Where the clock of the keys typed here begins: far from that of :meth:`Screen.press`, whose keys
Qt stamps with the time since the start. A press right behind a code would be taken for its end.
"""
FEWEST_COLOURS = 6


@dataclass(frozen=True)
class Look:
    """Language, theme and size of a window."""

    language: str = "zh_CN"
    theme: str = "light"
    width: int = 1366
    height: int = 768

    @property
    def name(self) -> str:
        """Folder of its pictures."""
        return f"{self.language}-{self.theme}-{self.width}x{self.height}"


class Screen:
    """One login's window. Wait with :meth:`settle` before looking at anything."""

    def __init__(
        self, world: World, login: str, look: Look, database: Database, folder: str = "pictures"
    ) -> None:
        self._world, self._look, self._folder = world, look, folder
        settings = Settings.load(paths.config_dir() / f"settings-{login}.json")
        for setting, value in (
            (LANGUAGE, look.language),
            (THEME, look.theme),
            (SOUND, False),
            (WORKSTATION, WORKSTATIONS[login]),
        ):
            settings.set(setting, value)
        speak(look.language)
        self.operations = Operations(database)
        self._busy = False
        self.operations.busy.connect(self._note_busy)
        self._bus = ChangeBus()
        self._listener = Listener(database, self._bus.publish, self.operations.note_line)
        self._listener.start()
        self.devices = DeviceHost(self.operations, self._bus, database, WORKSTATIONS[login])
        person = database.read(access.whoami)
        self.shell = Shell(
            self.operations,
            self._bus,
            Notifier(),
            settings,
            CurrentUser(person.login, person.display_name, person.permissions),
            CompanyInfo(database.read(company.company_name), f"{login}@{WORKSTATIONS[login]}"),
            devices=self.devices,
        )
        self.shell.window.resize(look.width, look.height)
        self.shell.show()
        self.shell.window.activateWindow()
        self.devices.start()
        self._moment = A_DAY_MS
        self.settle()

    # ------------------------------------------------------------ waiting

    def settle(self) -> None:
        """Let everything that was asked for arrive. Raises DemoFailed when it never does."""
        end = clock.monotonic() + MOST_SECONDS
        quiet_since = clock.monotonic()
        while clock.monotonic() < end:
            QApplication.processEvents()
            moment = clock.monotonic()
            if self._busy:
                quiet_since = moment
            elif moment - quiet_since > QUIET_SECONDS:
                return
            time.sleep(0.004)
        expect(holds=False, what=f"a screen was still loading after {MOST_SECONDS:.0f} s")

    def _note_busy(self, busy: bool) -> None:
        self._busy = busy

    # ------------------------------------------------------------ hands

    def scan(self, code: str) -> None:
        """A scanner types the code and Enter, a few milliseconds apart.

        Before it the hand points and pulls the trigger: a code that comes again sooner than a
        hand can is one reading, not two.
        """
        self._moment += HAND_MS
        for letter in f"{code}\r":
            self._key(letter, SCANNER_GAP_MS)
        self.settle()

    def type(self, text: str, enter: bool = True) -> None:
        """A person types into the field that has the cursor."""
        for letter in text + ("\r" if enter else ""):
            self._key(letter, FINGER_GAP_MS)
        self.settle()

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """A function key or a shortcut, the way the system delivers it."""
        QTest.keyClick(self._handle(), key, modifier)
        self.settle()

    def _key(self, letter: str, gap_ms: int) -> None:
        self._moment += gap_ms
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(ord(letter.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
            event.setTimestamp(self._moment)
            QApplication.sendEvent(self._handle(), event)

    def _handle(self) -> QWindow:
        handle = self.shell.window.windowHandle()
        assert handle is not None
        return handle

    # ------------------------------------------------------------ pages and pictures

    def open(self, page_id: str, **params: Any) -> Any:
        """Open a page and wait until it is filled. Raises DemoFailed when it does not open."""
        page = self.shell.window.workspace.open(page_id, params)
        expect(page is not None, f"the screen {page_id} did not open: {self.complaints()}")
        self.settle()
        return page

    def complaints(self) -> list[str]:
        """What the window complained of in its bars; a question to a person is no complaint."""
        bars = self.shell.window.notices.bars()
        return [bar.notice.text for bar in bars if bar.notice.kind != "ask"]

    def forget_complaints(self) -> None:
        """Clear the bars, as a person would."""
        for bar in self.shell.window.notices.bars():
            self.shell.window.notices.remove(bar)

    def close_page(self, page: Page) -> None:
        """Take a tab away without asking about what was typed there."""
        self.shell.window.workspace._remove(page)
        _bury()

    def grab(self, name: str, widget: QWidget | None = None) -> None:
        """Photograph the window (or a dialog) and keep the picture."""
        self.shell.window.toast.hide()
        QApplication.processEvents()
        picture = (widget or self.shell.window).grab().toImage()
        if widget is None:
            size = (picture.width(), picture.height())
            expect(size == (self._look.width, self._look.height), f"{name} is {size} pixels")
        colours = {
            picture.pixel(x, y)
            for x in range(0, picture.width(), 13)
            for y in range(0, picture.height(), 13)
        }
        expect(len(colours) >= FEWEST_COLOURS, f"the picture {name} is empty")
        path = self._world.record.path(self._folder, f"{name}.png")
        expect(picture.save(str(path)), f"{path} could not be written")

    def close(self) -> None:
        """The person goes home."""
        self.devices.stop()
        self._listener.stop()
        self.shell.close()
        self.operations.shutdown()
        self.shell.deleteLater()
        self.devices.deleteLater()
        _bury()


def _bury() -> None:
    """Delete what was let go: without a running event loop Qt keeps it waiting."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def application() -> QApplication:
    """The one application object."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    found = QApplication(["stockproof"])
    found.setApplicationName("Stockproof")
    found.setQuitOnLastWindowClosed(False)
    GuiThreadCollector(found).start()
    return found


@contextmanager
def at_screen(
    world: World, login: str, look: Look | None = None, folder: str = "pictures"
) -> Iterator[Screen]:
    """This person's window for as long as the block lasts."""
    application()
    database = world.connect(login)
    screen = None
    try:
        screen = Screen(world, login, look or Look(current_language()), database, folder)
        yield screen
    finally:
        if screen is not None:
            screen.close()
        database.close()
