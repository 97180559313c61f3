"""Who works at this PC: the owner without a password, then everybody with their own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.app import bootstrap, cli, company, entrance
from desktop_app.app.company import OpenCompany
from desktop_app.core import paths
from desktop_app.core.errors import EnvironmentFault, InvalidInput, PermissionDenied
from desktop_app.core.settings import Settings
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.profiles import ConnectionProfile
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.notifier import Notifier
from desktop_app.services import access, connections
from desktop_app.views.main_window import MainWindow
from desktop_app.views.settings.login_dialog import LoginDialog
from tests.database_server import RunningServer

pytestmark = pytest.mark.usefixtures("collected_in_the_gui_thread")


@pytest.fixture(scope="module")
def pc(run_folder: Path) -> Iterator[EmbeddedCluster]:
    """A PC with a company and a storekeeper, 王三."""
    home = run_folder / "pc-of-two"
    home.mkdir(mode=0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STOCKPROOF_HOME", str(home))
        made = company.embedded_cluster()
        company.set_up(made, "金华五金")
        opened = company.open_embedded(made, "PC-1")
        opened.database.run(
            access.create_login, "wang3", "王三", "sesame-3", ["storekeeper", "sales"]
        )
        opened.database.close()
        yield made
        made.destroy()


@pytest.fixture
def own_password(pc: EmbeddedCluster) -> Iterator[str]:
    """The owner has set a password of their own under Users."""
    opened = company.open_embedded(pc, "PC-1")
    opened.database.run(access.set_password, company.OWNER, "mine-alone")
    opened.database.close()
    yield "mine-alone"
    company.take_owners_password_away(pc)


def whose(opened: OpenCompany) -> str:
    return opened.database.read(access.whoami).login


def test_the_owners_own_password_is_asked_for_from_then_on(
    pc: EmbeddedCluster, own_password: str
) -> None:
    assert not company.owner_is_open(pc)
    with pytest.raises(PermissionDenied, match="Login name or password is wrong"):
        company.open_embedded(pc, "PC-1")
    opened = company.open_embedded(pc, "PC-1", password=own_password)
    assert whose(opened) == "owner"
    opened.database.close()


def test_a_forgotten_password_of_the_owner_is_taken_away_by_command(
    pc: EmbeddedCluster, own_password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pc.attach()  # the command is another program: it must not be the last one out
    assert cli.main(["--language", "en", "reset-owner"]) == 0
    assert "without a password" in capsys.readouterr().out
    pc.attach()
    opened = company.open_embedded(pc, "PC-1")
    assert whose(opened) == "owner"
    opened.database.close()


def test_somebody_else_takes_over_and_the_server_runs_on(pc: EmbeddedCluster) -> None:
    first = company.open_embedded(pc, "PC-1")
    second = first.opened_by("wang3", "sesame-3", "PC-1")
    first.close()
    assert whose(second) == "wang3"
    assert "user.manage" not in second.database.read(access.whoami).permissions
    second.database.close()


@pytest.mark.parametrize(
    ("login", "password"), [("wang3", ""), ("wang3", "guess"), ("nobody", "x")]
)
def test_a_wrong_answer_leaves_the_present_person_at_work(
    pc: EmbeddedCluster, login: str, password: str
) -> None:
    opened = company.open_embedded(pc, "PC-1")
    with pytest.raises(PermissionDenied):
        opened.opened_by(login, password, "PC-1")
    assert opened.cluster is pc
    assert whose(opened) == "owner"
    opened.database.close()


def test_the_people_of_this_pc_are_offered_by_name(pc: EmbeddedCluster) -> None:
    assert ("wang3", "王三") in [(found.login, found.name) for found in company.people(pc)]


def test_one_window_goes_and_the_next_persons_window_comes(
    pc: EmbeddedCluster, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(dialog: LoginDialog) -> OpenCompany:
        asked.extend(dialog.login.itemText(row) for row in range(dialog.login.count()))
        opened: OpenCompany = dialog._open("wang3", "sesame-3")
        dialog.done(0)
        return opened

    def once_shown(act: Callable[[MainWindow], None]) -> None:
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
        window = next((found for found in shown if found.isVisible()), None)
        if window is not None and window.isActiveWindow():
            act(window)
            return
        if window is not None:
            window.activateWindow()
        QTimer.singleShot(20, lambda: once_shown(act))

    def press_for_somebody_else(window: MainWindow) -> None:
        QTest.keyClick(
            window,
            Qt.Key.Key_U,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )

    def look_and_leave(window: MainWindow) -> None:
        seen.append(window.status.person.text())
        window.close()

    seen: list[str] = []
    qapp.setQuitOnLastWindowClosed(False)  # as the program does: it decides itself
    monkeypatch.setattr(entrance, "_answer", answer)
    settings = Settings.load(paths.config_dir() / "settings.json")
    notifier = Notifier(ErrorPresenter())
    QTimer.singleShot(30_000, QCoreApplication.quit)  # rather red than waiting for ever
    once_shown(press_for_somebody_else)
    second = bootstrap._work(company.open_embedded(pc, "PC-1"), settings, notifier)
    assert second is not None
    assert whose(second) == "wang3"
    assert "王三 (wang3)" in asked
    second.cluster = None  # the module's other tests still need it
    once_shown(look_and_leave)
    assert bootstrap._work(second, settings, notifier) is None
    assert seen == ["王三"]


@pytest.fixture
def office(tls_server: RunningServer) -> Iterator[ConnectionProfile]:
    """An office server with an empty database on it."""
    name = "office_to_be"
    tls_server.execute(f"CREATE DATABASE {name}")
    options = conninfo_to_dict(tls_server.superuser_dsn(name))
    yield ConnectionProfile(
        "office",
        str(options["host"]),
        str(options["port"]),
        name,
        tls=str(options["sslmode"]),
        root_certificate=str(options["sslrootcert"]),
    )
    tls_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_server_becomes_a_company_with_its_first_person(
    tls_server: RunningServer,
    office: ConnectionProfile,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = tls_server.superuser_dsn(office.database)
    monkeypatch.setenv(cli.LOGIN_VARIABLE, "mine-alone")
    command = ["--language", "en", "set-up", "--company", "金华五金", "--login", "boss"]
    assert cli.main([*command, "--server", server]) == 0
    assert "boss can log in" in capsys.readouterr().out
    opened = company.open_server(office, "boss", "mine-alone", "PC-2")
    assert opened.database.read(company.company_name) == "金华五金"
    assert "user.manage" in opened.database.read(access.whoami).permissions
    following = opened.opened_by("boss", "mine-alone", "PC-2")
    opened.close()
    assert whose(following) == "boss"
    following.close()
    assert cli.main([*command, "--server", server]) == 1
    assert "is the company 金华五金 already" in capsys.readouterr().err


def test_a_server_is_tried_before_it_is_kept(office: ConnectionProfile) -> None:
    connections.reach(office)
    with pytest.raises(EnvironmentFault, match="no database server listens at port 1"):
        connections.reach(replace(office, port="1"))
    with pytest.raises(EnvironmentFault, match="not the one trusted here"):
        connections.reach(replace(office, root_certificate=""))
    with pytest.raises(EnvironmentFault, match="nowhere.crt"):
        connections.reach(replace(office, root_certificate="nowhere.crt"))
    with pytest.raises(EnvironmentFault, match="no database server listens"):
        company.open_server(replace(office, port="1"), "boss", "sesame", "PC-2")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [(b"N", "does not encrypt"), (b"HTTP/1.1 400 Bad Request", "Something else than")],
)
def test_what_is_no_postgresql_with_tls_is_called_so(answer: bytes, sentence: str) -> None:
    def reply() -> None:
        caller, _ = listening.accept()
        with caller:
            caller.recv(64)
            caller.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=reply, daemon=True).start()
        there = ConnectionProfile("x", "127.0.0.1", str(listening.getsockname()[1]), tls="require")
        with pytest.raises(EnvironmentFault, match=sentence):
            connections.reach(there)


def test_connections_are_kept_changed_and_forgotten(
    tmp_path: Path, office: ConnectionProfile
) -> None:
    connections.keep(tmp_path, office)
    other = replace(office, name="second")
    assert connections.keep(tmp_path, other).profiles == (office, other)
    moved = replace(office, name="main", port="5433")
    assert connections.keep(tmp_path, moved, "office").profiles == (other, moved)
    with pytest.raises(InvalidInput, match="already"):
        connections.keep(tmp_path, other, "main")
    assert connections.forget(tmp_path, "second").profiles == (moved,)
