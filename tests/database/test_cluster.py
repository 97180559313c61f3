"""The embedded server: private, shared, and hard to kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from desktop_app.core.errors import DiskFull, EnvironmentFault, ServerUnreachable
from desktop_app.database import cluster as cluster_module, server_account, server_process
from desktop_app.database.cluster import EmbeddedCluster

REPOSITORY = Path(__file__).resolve().parents[2]
# Durable against a killed process, not against a power cut: quick to make, honest to test.
QUICK = {"fsync": "off"}

CLIENT = """
import sys, time
from pathlib import Path
from desktop_app.database.cluster import EmbeddedCluster
cluster = EmbeddedCluster(Path(sys.argv[1]), settings={"fsync": "off"})
address = cluster.attach()
print(cluster.pgdata, address.port, flush=True)
sys.stdin.readline()
cluster.detach()
"""


@pytest.fixture
def folder(run_folder: Path) -> Iterator[Path]:
    """A new folder the server's user can pass to."""
    made = Path(tempfile.mkdtemp(prefix="c-", dir=run_folder))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[EmbeddedCluster]:
    """A running cluster of this test alone."""
    made = EmbeddedCluster(folder / "cluster", settings=QUICK)
    made.attach()
    yield made
    made.destroy()


@pytest.fixture(scope="module")
def standing(run_folder: Path) -> Iterator[EmbeddedCluster]:
    """A running cluster that no test stops or changes."""
    made = EmbeddedCluster(run_folder / f"standing-{os.getpid()}", settings=QUICK)
    made.attach()
    yield made
    made.destroy()


def ask(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def carry_out(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(statement.encode())


def server_pid(cluster: EmbeddedCluster) -> int:
    told = server_process.running(cluster.pgdata)
    assert told is not None
    return told.pid


def wait_until_gone(pid: int, pgdata: Path) -> None:
    deadline = time.monotonic() + 10
    while server_process.is_server(pid, pgdata):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.01)


def servers_of(pgdata: Path) -> list[int]:
    return [p.pid for p in psutil.process_iter() if server_process.is_server(p.pid, pgdata)]


def client(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, folder / "cluster"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def told_by(process: subprocess.Popen[str]) -> tuple[Path, int]:
    assert process.stdout is not None
    pgdata, port = process.stdout.readline().rsplit(" ", 1)
    return Path(pgdata), int(port)


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


# ---------------------------------------------------------------- privacy


@pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "socket"])
def test_no_login_without_the_right_password(standing: EmbeddedCluster, tcp: bool) -> None:
    dsn = standing.superuser_dsn(tcp=tcp)
    assert ask(dsn, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(dsn, password="wrong"))
    with pytest.raises(psycopg.OperationalError, match="no password"):
        psycopg.connect(make_conninfo(dsn, password="", passfile=os.devnull))


def test_no_way_in_but_scram_and_only_from_this_pc(standing: EmbeddedCluster) -> None:
    with psycopg.connect(standing.superuser_dsn()) as connection:
        rules = connection.execute(
            "SELECT type, address, auth_method FROM pg_hba_file_rules ORDER BY 1"
        ).fetchall()
    local = [] if sys.platform == "win32" else [("local", None, "scram-sha-256")]
    assert rules == [("host", "127.0.0.1", "scram-sha-256"), *local]
    assert ask(standing.superuser_dsn(), "SHOW listen_addresses") == "127.0.0.1"
    stored = ask(
        standing.superuser_dsn(), "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"
    )
    assert stored.startswith("SCRAM-SHA-256$")


@pytest.mark.skipif(sys.platform == "win32", reason="there the profile folder guards the files")
def test_another_os_user_reads_neither_data_nor_password(standing: EmbeddedCluster) -> None:
    for path in (standing.pgdata, standing.home / "run", standing.home / "log"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (standing.home / "secret").stat().st_mode & 0o777 == 0o600
    assert standing.home.stat().st_mode & 0o066 == 0
    assert len(standing.secret) >= 32
    listing = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, encoding="utf-8", check=True
    )
    assert standing.secret not in listing.stdout


def test_a_weaker_server_gets_no_password(standing: EmbeddedCluster) -> None:
    assert "require_auth=scram-sha-256" in standing.superuser_dsn()


def test_encoding_checksums_and_locale(standing: EmbeddedCluster) -> None:
    dsn = standing.superuser_dsn()
    assert ask(dsn, "SHOW data_checksums") == "on"
    assert ask(dsn, "SHOW server_encoding") == "UTF8"
    upper = "ä" if sys.platform == "win32" else "Ä"  # 16 there: letters beyond ASCII have one case
    assert ask(dsn, "SELECT upper('ä') || length('账实通')") == f"{upper}3"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="about running as root")
def test_root_hands_the_server_to_a_user_without_rights(standing: EmbeddedCluster) -> None:
    assert psutil.Process(server_pid(standing)).uids().effective != 0
    assert standing.pgdata.stat().st_uid != 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="about running as root")
def test_root_in_a_closed_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout and a data folder below /root: the server's user can reach neither."""
    closed, shared = folder / "closed", folder / "var"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(cluster_module, "ROOT_DATA", shared)
    wheel = cluster_module.wheel_bin_dir()
    package = wheel.parents[1]
    shutil.copytree(wheel.parent, closed / package.name / wheel.parent.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    bin_dir = closed / package.name / wheel.parent.name / "bin"
    made = EmbeddedCluster(closed / "cluster", bin_dir, settings=QUICK)
    made.attach()
    try:
        carry_out(made.superuser_dsn(), "CREATE TABLE kept AS SELECT 7 AS n")
        made.detach()
        again = EmbeddedCluster(closed / "cluster", bin_dir, settings=QUICK)
        again.attach()
        assert ask(again.superuser_dsn(), "SELECT n FROM kept") == 7
        assert again.home.parent == shared
        assert len([p for p in shared.iterdir() if p.name.startswith("programs-")]) == 1
        again.detach()
    finally:
        made.destroy()
    assert servers_of(made.pgdata) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="about running as root")
def test_root_without_anybody_to_hand_over_to(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(server_account, "_named", lambda name: None)
    with pytest.raises(EnvironmentFault, match="must not run as root"):
        EmbeddedCluster(folder / "cluster").attach()


# ---------------------------------------------------------------- crashes


def test_killed_server_comes_back_with_all_committed_data(cluster: EmbeddedCluster) -> None:
    carry_out(cluster.superuser_dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
    pid = server_pid(cluster)
    psutil.Process(pid).kill()
    wait_until_gone(pid, cluster.pgdata)
    again = EmbeddedCluster(cluster._wanted, settings=QUICK)
    again.attach()
    assert server_pid(again) != pid
    assert ask(again.superuser_dsn(), "SELECT n FROM kept") == 42
    again.detach()


def test_killed_server_with_a_busy_session_left_over(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session in the middle of a long query does not notice that its server died."""
    connection = psycopg.connect(cluster.superuser_dsn())
    backend = connection.info.backend_pid
    try:
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 4000000000)")
        time.sleep(0.2)
        psutil.Process(pid := server_pid(cluster)).kill()
        wait_until_gone(pid, cluster.pgdata)
        assert backend in servers_of(cluster.pgdata)
        patient = server_process.clear_crash
        monkeypatch.setattr(cluster_module, "clear_crash", lambda a, b: patient(a, b, wait=0.2))
        cluster.attach()
        assert backend not in servers_of(cluster.pgdata)
        assert ask(cluster.superuser_dsn(), "SELECT 1") == 1
    finally:
        connection.close()


def test_stale_pid_file_naming_a_living_stranger(cluster: EmbeddedCluster) -> None:
    """After a reboot the number in postmaster.pid may be anybody's."""
    pid_file = cluster.pgdata / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    cluster.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")
    cluster.attach()
    assert ask(cluster.superuser_dsn(), "SELECT 1") == 1
    cluster.stop()
    pid_file.write_text("", encoding="utf-8")
    cluster.attach()
    assert ask(cluster.superuser_dsn(), "SELECT 1") == 1


def test_interrupted_creation_starts_over(folder: Path) -> None:
    (folder / "cluster" / "pgdata.new").mkdir(parents=True)
    (folder / "cluster" / "pgdata.new" / "PG_VERSION").write_text("18\n", encoding="utf-8")
    made = EmbeddedCluster(folder / "cluster", settings=QUICK)
    made.attach()
    assert ask(made.superuser_dsn(), "SELECT 1") == 1
    made.destroy()


# ---------------------------------------------------------------- sharing


def test_two_programs_starting_at_once_share_one_server(folder: Path) -> None:
    first, second = client(folder), client(folder)
    (pgdata, port), other = told_by(first), told_by(second)
    assert other == (pgdata, port)
    end(first)
    assert servers_of(pgdata), "the second program still uses it"
    end(second)
    assert servers_of(pgdata) == []


def test_a_killed_program_no_longer_counts(folder: Path) -> None:
    killed, survivor = client(folder), client(folder)
    pgdata, _ = told_by(killed)
    told_by(survivor)
    killed.kill()
    killed.communicate()
    assert servers_of(pgdata), "the server outlives a killed program"
    end(survivor)
    assert servers_of(pgdata) == []


def test_all_programs_killed_then_a_new_one(folder: Path) -> None:
    killed = client(folder)
    pgdata, port = told_by(killed)
    killed.kill()
    killed.communicate()
    new = client(folder)
    assert told_by(new) == (pgdata, port)
    end(new)
    assert servers_of(pgdata) == []


def test_two_users_of_the_server_in_one_program(cluster: EmbeddedCluster) -> None:
    other = EmbeddedCluster(cluster._wanted, settings=QUICK)
    assert other.attach() == cluster.attach()
    other.detach()
    other.detach()
    assert cluster.is_running()
    cluster.detach()
    assert servers_of(cluster.pgdata) == []
    with pytest.raises(ServerUnreachable):
        cluster.superuser_dsn()


def test_clean_stop_leaves_no_process_and_no_crash_recovery(cluster: EmbeddedCluster) -> None:
    cluster.stop()
    assert servers_of(cluster.pgdata) == []
    before = cluster.log_file.stat().st_size
    cluster.attach()
    assert "not properly shut down" not in cluster._log_since(before)


def test_port_is_remembered_and_given_up_when_taken(cluster: EmbeddedCluster) -> None:
    port = cluster.attach().port
    cluster.stop()
    assert cluster.attach().port == port
    cluster.stop()
    with cluster_module.socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        assert cluster.attach().port != port
    assert ask(cluster.superuser_dsn(tcp=True), "SELECT 1") == 1


def test_port_taken_between_choice_and_start(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = cluster.attach().port
    cluster.stop()
    monkeypatch.setattr(cluster_module, "is_free", lambda asked: True)
    with cluster_module.socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        assert cluster.attach().port != port


def test_a_folder_too_deep_for_a_socket_is_reached_by_tcp(folder: Path) -> None:
    made = EmbeddedCluster(folder / ("deep" * 30), settings=QUICK)
    try:
        assert made.attach().host == "127.0.0.1"
        assert ask(made.superuser_dsn(), "SELECT 1") == 1
        assert ask(made.superuser_dsn(), "SHOW unix_socket_directories") == ""
    finally:
        made.destroy()


def test_environment_of_another_postgres_is_ignored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "x", "PGHOST": "y"}.items():
        monkeypatch.setenv(name, value)
    made = EmbeddedCluster(folder / "cluster", settings=QUICK)
    made.attach()
    assert ask(made.superuser_dsn(), "SELECT 1") == 1
    made.destroy()


# ---------------------------------------------------------------- clear refusals


@pytest.mark.parametrize(
    ("version", "words"), [("99", "newer program"), ("11", "restore the backup")]
)
def test_folder_of_another_version(folder: Path, version: str, words: str) -> None:
    pgdata = folder / "cluster" / "pgdata"
    pgdata.mkdir(parents=True)
    (pgdata / "PG_VERSION").write_text(f"{version}\n", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match=words) as refused:
        EmbeddedCluster(folder / "cluster").attach()
    assert version in str(refused.value)
    assert (pgdata / "PG_VERSION").read_text(encoding="utf-8") == f"{version}\n"


def test_incomplete_folder_is_not_overwritten(folder: Path) -> None:
    pgdata = folder / "cluster" / "pgdata"
    pgdata.mkdir(parents=True)
    (pgdata / "base").mkdir()
    with pytest.raises(EnvironmentFault, match="PG_VERSION is missing"):
        EmbeddedCluster(folder / "cluster").attach()
    assert (pgdata / "base").is_dir()


def test_full_disk_is_told_before_anything_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "FREE_BYTES_TO_CREATE", 1 << 60)
    with pytest.raises(DiskFull, match="Free some space"):
        EmbeddedCluster(folder / "cluster").attach()
    assert not (folder / "cluster" / "pgdata").exists()
    assert not (folder / "cluster" / "secret").exists()


def test_full_disk_told_by_the_server(standing: EmbeddedCluster) -> None:
    said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert isinstance(standing._failure(said), DiskFull)


def test_broken_setting_is_told_with_the_servers_words(folder: Path) -> None:
    made = EmbeddedCluster(folder / "cluster", settings={**QUICK, "shared_buffers": "many"})
    with pytest.raises(ServerUnreachable, match="shared_buffers"):
        made.attach()
    assert servers_of(made.pgdata) == []


def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    (folder / "cluster").write_text("not a folder", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="cannot be used"):
        EmbeddedCluster(folder / "cluster").attach()


def test_missing_programs(folder: Path) -> None:
    with pytest.raises(EnvironmentFault, match="programs are missing"):
        EmbeddedCluster(folder / "cluster", folder / "no" / "bin").attach()
