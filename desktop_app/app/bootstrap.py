"""Start of the window: settings, database, people, shell; and its orderly end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from desktop_app.app import company
from desktop_app.app.company import OpenCompany
from desktop_app.app.housekeeping import Housekeeping
from desktop_app.core import clock, paths
from desktop_app.core.errors import AppError
from desktop_app.core.i18n import tr
from desktop_app.core.logging import get_logger, start_log, stop_log
from desktop_app.core.settings import LANGUAGE, PROFILE, WORKSTATION, Settings
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.notifications import Listener
from desktop_app.database.profiles import load_profiles
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import CompanyInfo, CurrentUser
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.garbage import GuiThreadCollector
from desktop_app.runtime.notifier import Notifier
from desktop_app.runtime.operations import NoDatabase, Operations
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
    application = _application()
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
        opened = _open(settings, profile or str(settings.get(PROFILE)))
    except AppError as error:
        _log.exception("start failed")
        print(presenter.present(error).text, file=sys.stderr)
        _tell(presenter.present(error).text)
        return 1
    if opened is None:
        return 0
    with _running(opened) as running:
        host = DeviceHost(
            running.operations,
            running.bus,
            running.opened.database,
            str(settings.get(WORKSTATION)),
        )
        shell = _shell(running, settings, notifier, host)
        shell.closed.connect(application.quit)
        keeper = Housekeeping(running.operations, shell.context.user, shell)
        keeper.begin()
        shell.show()
        QTimer.singleShot(0, host.start)
        if measure:
            QTimer.singleShot(0, lambda: _report_start(application, begun))
        status = application.exec()
        shell.close()
        host.stop()
    stop_log()
    return status


def _application() -> QApplication:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Stockproof")
    application.setQuitOnLastWindowClosed(False)
    GuiThreadCollector(application).start()
    return application


def _open(settings: Settings, profile_name: str) -> OpenCompany | None:
    """The company to work in, or None when the person left the questions."""
    workstation = str(settings.get(WORKSTATION))
    profile = load_profiles(paths.config_dir()).named(profile_name) if profile_name else None
    if profile is not None and not profile.embedded:
        from desktop_app.views.settings.login_dialog import LoginDialog

        dialog = LoginDialog(
            profile.name,
            lambda login, password: company.open_server(profile, login, password, workstation),
        )
        return dialog.opened if dialog.exec() == QDialog.DialogCode.Accepted else None
    cluster = company.embedded_cluster()
    if not company.exists(cluster) and not _ask_set_up(cluster):
        cluster.detach()
        return None
    return company.open_embedded(cluster, workstation)


def _ask_set_up(cluster: EmbeddedCluster) -> bool:
    from desktop_app.app.demo.company import fill_demo
    from desktop_app.views.settings.setup_wizard import Progress, SetupWizard

    def install(name: str, demo: bool, progress: Progress) -> None:
        company.set_up(cluster, name, progress)
        opened = company.open_embedded(cluster, tr("Set-up"))
        try:
            if demo:
                fill_demo(opened.database, progress)
            else:
                opened.database.run(company.first_warehouse)
        finally:
            opened.database.close()
        progress(tr("Ready"), 100)

    operations = Operations(NoDatabase())
    wizard = SetupWizard(operations, install)
    accepted = wizard.exec() == QDialog.DialogCode.Accepted
    operations.shutdown()
    return accepted


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


def _report_start(application: QApplication, begun: float) -> None:
    print(f"{clock.monotonic() - begun:.3f}", flush=True)
    application.quit()


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
