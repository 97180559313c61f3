"""Folder names the database's programs can read, and whose processes they are (Windows)."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from desktop_app.core.errors import EnvironmentFault
from desktop_app.database import server_paths, server_process


@pytest.mark.parametrize(
    ("path", "code_page", "readable"),
    [
        (r"C:\Users\张三\data", "gbk", True),
        (r"C:\Users\张三\data", "cp1252", False),
        (r"C:\Users\Müller\data", "cp1252", True),
        (r"C:\Users\許功蓋\data", "big5", False),  # second bytes are backslashes
        (r"C:\Users\誠\data", "gbk", False),
    ],
)
def test_what_survives_the_code_page(path: str, code_page: str, readable: bool) -> None:
    assert server_paths.readable_in_code_page(path, code_page) is readable


def test_elsewhere_every_name_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_paths.sys, "platform", "linux")
    assert server_paths.for_programs(Path("/home/张三")) == Path("/home/张三")


@pytest.mark.parametrize(
    ("short", "readable", "used"),
    [("C:/Users/ABC~1", False, "C:/Users/ABC~1"), ("C:/Users/张三", True, "C:/Users/张三")],
)
def test_windows_uses_the_short_name_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch, short: str, readable: bool, used: str
) -> None:
    monkeypatch.setattr(server_paths.sys, "platform", "win32")
    monkeypatch.setattr(server_paths, "_short_name", lambda folder: Path(short))
    monkeypatch.setattr(server_paths, "readable_in_code_page", lambda path: readable)
    assert server_paths.for_programs(Path("C:/Users/张三")) == Path(used)
    assert server_paths.for_programs(Path("C:/data")) == Path("C:/data")


def test_a_folder_without_a_readable_name_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_paths.sys, "platform", "win32")
    monkeypatch.setattr(server_paths, "_short_name", lambda folder: folder)
    monkeypatch.setattr(server_paths, "readable_in_code_page", lambda path: False)
    with pytest.raises(EnvironmentFault, match="张三.*STOCKPROOF_HOME"):
        server_paths.for_programs(Path("C:/Users/张三"))


class _Foreign:
    """Another user's PostgreSQL: its folder is not to be seen."""

    pid = 4711

    def __init__(self, pid: int = 4711) -> None:
        self.killed = False

    def name(self) -> str:
        return "postgres.exe"

    def status(self) -> str:
        return psutil.STATUS_RUNNING

    def cwd(self) -> str:
        raise psutil.AccessDenied(self.pid)

    def kill(self) -> None:
        raise AssertionError("somebody else's server")


def test_somebody_elses_server_is_not_taken_for_an_orphan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process.sys, "platform", "win32")
    monkeypatch.setattr(server_process.psutil, "Process", _Foreign)
    monkeypatch.setattr(server_process.psutil, "process_iter", lambda: [_Foreign()])
    (tmp_path / server_process.PID_FILE).write_text("4711\nx\n0\n5432\n\n\n\nready\n", "utf-8")
    server_process.clear_crash(tmp_path, tmp_path, wait=0.01)
    assert server_process.is_server(4711, tmp_path, if_hidden=True)


def test_a_file_left_over_does_not_say_ready(tmp_path: Path) -> None:
    """On Windows pg_ctl believes that word in a file some seconds old."""
    pid_file = tmp_path / server_process.PID_FILE
    pid_file.write_text("1\nx\n0\n5432\n\n127.0.0.1\n  5  6\nready\n", encoding="utf-8")
    server_process.clear_crash(tmp_path, tmp_path, wait=0.01)
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    assert lines[0] != "1"
    assert lines[6:] == ["  5  6"]  # the shared memory, which the server looks at
