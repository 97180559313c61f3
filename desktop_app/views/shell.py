"""Keeps the main window alive through changes of language, theme, zoom and connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop_app.core.i18n import N_, SOURCE_LANGUAGE, current_language, tr
from desktop_app.core.settings import (
    LANGUAGE,
    SCAN_GAP,
    SCAN_IDLE,
    SCAN_LENGTH,
    SCAN_PREFIX,
    SOUND,
    THEME,
    ZOOM,
    Settings,
)
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import Notice, Notifier
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.scanner_file import in_force, load_profile
from desktop_app.runtime.scans import ScanHistory, ScanHub
from desktop_app.runtime.translator import CHINESE, speak
from desktop_app.runtime.wedge_filter import WedgeFilter
from desktop_app.services.print_queue import Question
from desktop_app.views import scan_rules
from desktop_app.views.base import known_fields
from desktop_app.views.base.page import SETTINGS_TOPIC
from desktop_app.views.base.sounds import Sounds
from desktop_app.views.main_window import MainWindow
from desktop_app.views.shell_services import ShellServices, shell_services
from desktop_app.views.theme import apply_theme, current, load_fonts

ASK_AGAIN_MS = 5_000


class Shell(QObject):
    """The program's face. Give it the doors to the rest, then call :meth:`show`.

    The caller has chosen the language (``translator.speak``): a command line may ask for
    another one than the setting.

    ``closed`` fires when the person leaves the program, ``person_wanted`` when somebody else
    is to log in at this PC and nothing is left unsaved.
    """

    closed = Signal()
    person_wanted = Signal()

    def __init__(
        self,
        operations: Operations,
        bus: ChangeBus,
        notifier: Notifier,
        settings: Settings,
        user: CurrentUser,
        company: CompanyInfo,
        services: ShellServices | None = None,
        devices: Any = None,
    ) -> None:
        super().__init__()
        self._services = services or shell_services()
        self.scans = ScanHub(ScanHistory(operations, settings.folder, self), self)
        self.context = AppContext(
            operations, bus, notifier, settings, user, company, self.open_page, devices, self.scans
        )
        self._sounds = Sounds(settings.get(SOUND), self)
        self.wedge = WedgeFilter(settings.get(SCAN_GAP), settings.get(SCAN_PREFIX), self)
        self.wedge.scanned.connect(self.scans.from_keys)
        self.wedge.composing.connect(self._warn_while_composing)
        self.wedge.recorded.connect(self.scans.keys)
        self.scans.recording.connect(self.wedge.record)
        self.scans.profile_changed.connect(self._configure_wedge)
        self.scans.scanned.connect(self._scanned)
        self.wedge.input_method_in_the_way.connect(self._warn_of_input_method)
        self._again = QTimer(self)
        self._again.setInterval(ASK_AGAIN_MS)
        self._again.timeout.connect(self.retry)
        operations.connection.connect(self._connection_changed)
        operations.failed.connect(notifier.error)
        notifier.retry_wanted.connect(self.retry)
        bus.changed.connect(self._topics_changed)
        if devices is not None:
            devices.scanned.connect(self.scans.from_line)
            devices.questions.asked.connect(self._ask_for_label)
        load_fonts()
        self._apply_look()
        self._application().installEventFilter(self.wedge)
        self.window = self._build()
        known_fields.ask(self.context)
        scan_rules.ask(self.context)
        self.scans.history.load()
        operations.background(
            load_profile, settings.folder, on_done=self.scans.use_profile, on_error=_usual_scanner
        )

    def show(self) -> None:
        """Show the window with the home page."""
        self.open_page("home", {})
        self.window.show()
        self.context.notifier.attach(self.window)

    def open_page(self, page_id: str, params: dict[str, Any]) -> None:
        """Open a tab or bring it to the front."""
        self.window.workspace.open(page_id, params)

    def apply_settings(self) -> None:
        """Take over settings that were changed on the settings page."""
        settings = self.context.settings
        self._sounds.enabled = settings.get(SOUND)
        self._configure_wedge()
        self._apply_look()
        self.window.retint()
        self._change_language(settings.get(LANGUAGE))

    def toggle_language(self) -> None:
        """Chinese to English and back."""
        wanted = CHINESE if current_language() == SOURCE_LANGUAGE else SOURCE_LANGUAGE
        if self._change_language(wanted):
            self._keep(LANGUAGE, wanted)

    def toggle_theme(self) -> None:
        """Light to dark and back."""
        self._keep(THEME, "light" if current().name == "dark" else "dark")
        self._apply_look()
        self.window.retint()

    def change_person(self) -> None:
        """Somebody else takes over this PC."""
        if self._nothing_unsaved(
            tr("Save or close what is not saved first; then somebody else can log in.")
        ):
            self.person_wanted.emit()

    def change_zoom(self, step: int) -> None:
        """Larger or smaller text by ``step`` per cent; 0 goes back to 100."""
        lowest, highest = int(ZOOM.minimum or 80), int(ZOOM.maximum or 200)
        now = self.context.settings.get(ZOOM)
        self._keep(ZOOM, max(lowest, min(highest, now + step)) if step else 100)
        self._apply_look()

    def retry(self) -> None:
        """Ask the server whether it is there again; the answer moves the lamp."""
        self.context.operations.query(
            self._services.overview, on_error=self._still_gone, owner=self
        )

    def close(self) -> None:
        """Take the window away without asking (tests, end of the program)."""
        self._application().removeEventFilter(self.wedge)
        self._again.stop()
        self.context.notifier.detach()
        self.window.closed.disconnect(self.closed)
        self.window.hide()
        self.window.deleteLater()

    def _build(self) -> MainWindow:
        window = MainWindow(self.context, self._services, self._sounds)
        window.language_wanted.connect(self.toggle_language)
        window.theme_wanted.connect(self.toggle_theme)
        window.zoom_wanted.connect(self.change_zoom)
        window.person_wanted.connect(self.change_person)
        window.closed.connect(self.closed)
        window.status.show_zoom(self.context.settings.get(ZOOM))
        if self.context.devices is not None:
            window.status.show_devices(self.context.devices, self.open_page)
        return window

    def _change_language(self, choice: str) -> bool:
        before = current_language()
        if not self._nothing_unsaved(
            tr("Save or close what is not saved first; then the language can change.")
        ):
            return False
        if speak(choice) != before:
            self._rebuild()
        return True

    def _nothing_unsaved(self, otherwise: str) -> bool:
        unsaved = bool(self.window.workspace.dirty_pages())
        if unsaved:
            self.context.notifier.warning(otherwise)
        return not unsaved

    def _rebuild(self) -> None:
        old = self.window
        tabs, front = old.workspace.tabs(), old.workspace.currentIndex()
        self.context.notifier.detach(old.notices.waiting())
        self.window = self._build()
        self.window.setGeometry(old.geometry())
        for tab in tabs:
            self.window.workspace.open(tab.page_id, tab.params)
        self.window.workspace.setCurrentIndex(front)
        self.window.setWindowState(old.windowState())
        self.window.show()
        old.closed.disconnect(self.closed)
        old.hide()
        old.deleteLater()
        self.context.notifier.attach(self.window)

    def _apply_look(self) -> None:
        settings = self.context.settings
        apply_theme(self._application(), settings.get(THEME), settings.get(ZOOM))
        if (window := getattr(self, "window", None)) is not None:
            window.status.show_zoom(settings.get(ZOOM))

    def _keep(self, setting: Any, value: Any) -> None:
        self.context.settings.set(setting, value)
        self.context.operations.background(
            self.context.settings.save, on_error=self.context.notifier.error
        )

    def _topics_changed(self, topics: frozenset[str]) -> None:
        if SETTINGS_TOPIC in topics:
            self.apply_settings()
        if topics & {known_fields.TOPIC, "*"}:
            known_fields.ask(self.context)
        if topics & {scan_rules.TOPIC, "*"}:
            scan_rules.ask(self.context)

    def _configure_wedge(self) -> None:
        """Read the keyboard scanner by what was taught; a larger setting of this PC stays."""
        settings, profile = self.context.settings, self.scans.profile
        prefix = profile.prefix or settings.get(SCAN_PREFIX)
        gap = max(settings.get(SCAN_GAP), _taught_gap(profile))
        self.wedge.configure(
            gap,
            prefix,
            in_force(settings, SCAN_LENGTH, profile),
            in_force(settings, SCAN_IDLE, profile),
        )

    def _scanned(self, code: str, symbology: str, raw: Any, source: str) -> None:
        self.window.palette_box.close_quietly()
        self.window.scanning.scanned(code, symbology, raw, source)

    def _ask_for_label(self, asked: Question) -> None:
        text = tr(
            "{printer}: did label {number} of “{title}” come out? The rest waits for the answer.",
            printer=asked.printer,
            number=asked.seq,
            title=asked.title,
        )
        look = (N_("Show the labels"), lambda: self.open_page("print_job", {"id": asked.job_id}))
        self.context.notifier.send(Notice("ask", text, (look,)))

    def _warn_while_composing(self) -> None:
        page = self.window.workspace.front()
        if page is not None and page.for_scanning:
            self.window.show_input_method_bar()

    def _warn_of_input_method(self) -> None:
        self.context.notifier.warning(
            tr("A code came through the input method. Switch it to English before scanning.")
        )

    def _connection_changed(self, connected: bool) -> None:
        if connected:
            self._again.stop()
            self.context.notifier.success(tr("The server is back."))
            self._for_front(lambda page: None if page.is_dirty() else page.refresh())
        else:
            self._again.start()

    def _still_gone(self, error: Exception) -> None:
        if self.context.operations.connected:
            self.context.notifier.error(error)
        elif not self._again.isActive():
            self._again.start()

    def _for_front(self, run: Callable[[Any], None]) -> None:
        page = self.window.workspace.front()
        if page is not None:
            run(page)

    @staticmethod
    def _application() -> QApplication:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("the shell needs a QApplication")
        return app


def _taught_gap(profile: ScannerProfile) -> int:
    """Only a scanner slower than usual asks for more than the setting."""
    return profile.max_gap_ms if profile.max_gap_ms > ScannerProfile().max_gap_ms else 0


def _usual_scanner(_error: Exception) -> None:
    """Without its file a scanner is read as it was before."""
