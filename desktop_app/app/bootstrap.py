"""Start of the window: settings, database, people, shell; and its orderly end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.app import company
from desktop_app.app.company import OpenCompany
from desktop_app.app.entrance import enter, next_person
from desktop_app.app.housekeeping import Housekeeping
from desktop_app.core import clock, paths
from desktop_app.core.errors import AppError
from desktop_app.core.logging import get_logger, start_log, stop_log
from desktop_app.core.settings import LANGUAGE, WORKSTATION, Settings
from desktop_app.database.notifications import Listener
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import CompanyInfo, CurrentUser
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.garbage import GuiThreadCollector
from desktop_app.runtime.notifier import Notifier
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.translator import speak
from desktop_app.services import access
from desktop_app.views.shell import Shell
from desktop_app.views.theme import ensure_look

_log = get_logger("start")


@dataclass
class Running:
    """What the open window stands on; ended in reverse order of its making."""

    opened: OpenCompany
    operations: Operations
    bus: ChangeBus
    listener: Listener


def run(*, profile: str = "", measure: bool = False, language: str = "") -> int:
    """Open the program. ``measure`` prints the seconds until the window is usable."""
    begun = clock.monotonic()
    _application()
    settings = Settings.load(paths.config_dir() / "settings.json")
    start_log(paths.log_dir())
    presenter = ErrorPresenter(paths.log_dir())
    notifier = Notifier(presenter)
    _catch_crashes(notifier)
    speak(language or settings.get(LANGUAGE))
    ensure_look()
    for problem in settings.problems:
        notifier.warning(str(problem))
    try:
        opened = enter(settings, profile)
    except AppError as error:
        _log.exception("start failed")
        print(presenter.present(error).text, file=sys.stderr)
        _tell(presenter.present(error).text)
        return 1
    shown = partial(_report_start, begun) if measure else None
    while opened is not None:
        opened = _work(opened, settings, notifier, shown)
    stop_log()
    return 0


def _work(
    opened: OpenCompany,
    settings: Settings,
    notifier: Notifier,
    shown: Callable[[], None] | None = None,
) -> OpenCompany | None:
    """One person's time at this PC; what the next one works in, None at the end.

    ``shown`` is called once the window can be used.
    """
    following: list[OpenCompany] = []

    def change_person() -> None:
        found = next_person(opened, str(settings.get(WORKSTATION)), shell.window)
        if found is not None:
            following.append(found)
            QCoreApplication.quit()

    with _running(opened) as running:
        host = DeviceHost(
            running.operations,
            running.bus,
            running.opened.database,
            str(settings.get(WORKSTATION)),
        )
        shell = _shell(running, settings, notifier, host)
        shell.closed.connect(QCoreApplication.quit)
        shell.person_wanted.connect(change_person)
        keeper = Housekeeping(running.operations, shell.context.user, shell)
        keeper.begin()
        shell.show()
        QTimer.singleShot(0, host.start)
        if shown is not None:
            QTimer.singleShot(0, shown)
        QCoreApplication.exec()
        shell.close()
        host.stop()
        shell.deleteLater()
        host.deleteLater()
    return following[0] if following else None


def _application() -> None:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Stockproof")
    application.setQuitOnLastWindowClosed(False)
    GuiThreadCollector(application).start()


@contextlib.contextmanager
def _running(opened: OpenCompany) -> Iterator[Running]:
    operations = Operations(opened.database)
    bus = ChangeBus()
    listener = Listener(opened.database, bus.publish, operations.note_line)
    listener.start()
    try:
        yield Running(opened, operations, bus, listener)
    finally:
        listener.stop()
        operations.shutdown()
        opened.close()


def _shell(running: Running, settings: Settings, notifier: Notifier, devices: DeviceHost) -> Shell:
    person = running.opened.database.read(access.whoami)
    name = running.opened.database.read(company.company_name)
    return Shell(
        running.operations,
        running.bus,
        notifier,
        settings,
        CurrentUser(person.login, person.display_name, person.permissions),
        CompanyInfo(name, running.opened.place),
        devices=devices,
    )


def _report_start(begun: float) -> None:
    print(f"{clock.monotonic() - begun:.3f}", flush=True)
    QCoreApplication.quit()


def _catch_crashes(notifier: Notifier) -> None:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("crash", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            notifier.error(error)

    sys.excepthook = hook


def _tell(text: str) -> None:
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Critical, "Stockproof", text)
    box.exec()
