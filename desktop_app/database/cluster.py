"""The PostgreSQL server that runs inside the program, for one PC without an installed server.

One folder per OS user holds the data, the superuser's password and the list of programs that use
the server. Every login, also over the local socket, needs a SCRAM password; the server listens on
the loopback address only. How and why: docs/adr/0002-embedded-cluster.md.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from desktop_app.core.errors import AppError, DiskFull, EnvironmentFault, ServerUnreachable
from desktop_app.core.i18n import N_
from desktop_app.core.json_file import write_private
from desktop_app.core.logging import get_logger
from desktop_app.core.paths import ROOT_DATA
from desktop_app.database.server_account import Account, server_account
from desktop_app.database.server_binaries import (
    NO_WINDOW,
    complete,
    copy_for_everyone,
    executable,
    major_version,
    wheel_bin_dir,
)
from desktop_app.database.server_clients import Clients
from desktop_app.database.server_configuration import (
    CONFIGURATION_FILE,
    LOGIN_RULES,
    LOOPBACK,
    SMALL_PC,
    configuration,
    is_free,
    server_environment,
)
from desktop_app.database.server_paths import for_programs
from desktop_app.database.server_process import clear_crash, running

SUPERUSER = "postgres"
FREE_BYTES_TO_CREATE = 300 * 1024 * 1024
FREE_BYTES_TO_START = 48 * 1024 * 1024
_PORT_ATTEMPTS = 5
_START_SECONDS = 300  # replaying the log after a power cut may take its time
_STOP_SECONDS = 60
_LOG_BYTES = 4_000_000
# Longest path of a local socket the systems agree on (sun_path), with the file's name and a zero.
_SOCKET_PATH_BYTES = 103 - len("/.s.PGSQL.65535")
_FULL = "No space left on device"
_PORT_TAKEN = ("could not bind IPv4 address", "could not create any TCP/IP sockets")

# Lines of the server's log worth showing to a person, without time and process number.
_TELLING = re.compile(r"FATAL|PANIC|error|invalid|unrecognized", re.IGNORECASE)
_STAMP = re.compile(r"^[-\d]+ [:.\d]+ \S+ \[\d+\] ")

_NO_ROOM = N_("The disk with {folder} is full. Free some space, then start again.")
_NOT_USABLE = N_("The data folder {folder} cannot be used: {reason}")
_DAMAGED = N_("The data folder {folder} is incomplete: the file {file} is missing.")
_NEWER = N_(
    "The data folder {folder} was made by version {found} of the database; this program has "
    "version {own}. Install the newer program, or choose another folder."
)
_OLDER = N_(
    "The data folder {folder} was made by version {found} of the database; this program has "
    "version {own}. Back it up with the older program and restore the backup here."
)
_NOT_STARTED = N_("The database did not start. Its log says: {reason}")

_log = get_logger("cluster")


@dataclass(frozen=True)
class ServerAddress:
    """Where the server answers: ``host`` is the loopback address or the socket's folder."""

    host: str
    port: int

    def conninfo(self, database: str, user: str, password: str) -> str:
        """A libpq connection string; a server that asks for less than SCRAM is refused."""
        return make_conninfo(
            host=self.host,
            port=self.port,
            dbname=database,
            user=user,
            password=password,
            require_auth="scram-sha-256",
        )


class EmbeddedCluster:
    """One data folder and its server. ``data_dir`` is created when missing.

    ``bin_dir`` names another PostgreSQL (15 or newer) than the one that ships with the program;
    ``settings`` are server settings over :data:`SMALL_PC`. Not shared between threads.
    """

    def __init__(
        self,
        data_dir: Path,
        bin_dir: Path | None = None,
        *,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._wanted = data_dir.absolute()
        self._wanted_bin = bin_dir
        self._settings = {**SMALL_PC, **(settings or {})}
        self._opened = False

    # -- what others call ---------------------------------------------------

    def attach(self) -> ServerAddress:
        """Use the server: create, start or join it, and count this program as a user.

        Raises DiskFull, EnvironmentFault (folder, version, programs) or ServerUnreachable.
        """
        with self._clear_messages():
            self._open()
            with self._clients.exclusive():
                address = self._ensure_running()
                self._clients.join()
                return address

    def detach(self) -> None:
        """Use it no longer; the last program out stops the server."""
        if not self._opened:
            return
        with self._clear_messages(), self._clients.exclusive():
            self._clients.leave()
            if self._clients.others() == 0:
                self._stop()

    def start(self) -> ServerAddress:
        """The same as :meth:`attach`."""
        return self.attach()

    def stop(self) -> None:
        """Stop the server at once for every program that uses it; open work is rolled back."""
        with self._clear_messages():
            self._open()
            with self._clients.exclusive():
                self._clients.leave()
                self._stop()

    def is_running(self) -> bool:
        """Whether the server lives."""
        with self._clear_messages():
            self._open()
            return running(self.pgdata) is not None

    def __enter__(self) -> ServerAddress:
        return self.attach()

    def __exit__(self, *_: object) -> None:
        self.detach()

    @property
    def secret(self) -> str:
        """The superuser's password, made at random when the folder was created."""
        return self._secret_file.read_text(encoding="utf-8").strip()

    def superuser_dsn(self, database: str = "postgres", *, tcp: bool = False) -> str:
        """The connection string of the superuser for a running server.

        Raises ServerUnreachable when it does not run.
        """
        told = running(self.pgdata)
        if told is None:
            raise ServerUnreachable("The database is not running.")
        address = ServerAddress(LOOPBACK, told.port) if tcp else self._address(told.port)
        return address.conninfo(database, SUPERUSER, self.secret)

    def destroy(self) -> None:
        """Stop the server and delete all its data: for demos and tests only."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self._wanted, ignore_errors=True)

    # -- places -------------------------------------------------------------

    @property
    def bin_dir(self) -> Path:
        """The folder of the PostgreSQL programs in use (pg_dump and its like)."""
        self._open()
        return self._bin_dir

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "pgdata"

    @property
    def log_file(self) -> Path:
        """What the server said."""
        return self.home / "log" / "server.log"

    @property
    def _secret_file(self) -> Path:
        return self.home / "secret"

    @property
    def _socket_dir(self) -> Path | None:
        folder = self.home / "run"
        fits = len(os.fsencode(folder)) <= _SOCKET_PATH_BYTES
        return folder if fits and sys.platform != "win32" else None

    def _open(self) -> None:
        """Find or make the folders, and the OS user the server runs as."""
        if self._opened:
            return
        self._make_private(self._wanted)
        with Clients(self._wanted).exclusive():  # two programs must not choose two places
            self._choose_places()
        self._opened = True

    def _choose_places(self) -> None:
        self.home = self._wanted
        bin_dir = complete(self._wanted_bin or wheel_bin_dir())
        self._account = server_account(self._relocated(self._wanted) / "pgdata")
        if self._account is not None:
            self.home = self._reachable_home(self._account)
            bin_dir = self._reachable_programs(self._account, bin_dir)
        self.home, bin_dir = for_programs(self.home), for_programs(bin_dir)
        for name in ("log", "run"):
            folder = self.home / name
            if not folder.is_dir():
                folder.mkdir(mode=0o700)
                self.give_to_server(folder)
        self._bin_dir = bin_dir
        self._clients = Clients(self.home)

    def _make_private(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform != "win32" and folder.stat().st_uid == os.geteuid():
            # For root the folder is passable, not readable: the server's user must pass it.
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(folder))

    @staticmethod
    def _relocated(folder: Path) -> Path:
        """Where the cluster of ``folder`` really lies."""
        pointer = folder / "location"
        if pointer.is_file():
            return Path(pointer.read_text(encoding="utf-8").strip())
        return folder

    def _reachable_home(self, account: Account) -> Path:
        """A folder the server's user can pass to: ``data_dir``, or one that it points to."""
        home = self._relocated(self._wanted)
        if home == self._wanted and not account.can_enter(home):
            ROOT_DATA.mkdir(parents=True, exist_ok=True, mode=0o711)
            home = Path(tempfile.mkdtemp(prefix="cluster-", dir=ROOT_DATA))
            write_private(self._wanted / "location", f"{home}\n")
        self._make_private(home)
        return home

    @staticmethod
    def _reachable_programs(account: Account, bin_dir: Path) -> Path:
        if account.can_enter(executable(bin_dir, "postgres")):
            return bin_dir
        ROOT_DATA.mkdir(parents=True, exist_ok=True, mode=0o711)
        return copy_for_everyone(bin_dir, ROOT_DATA)

    def give_to_server(self, path: Path) -> None:
        """Let the server read a file placed into its folder (a certificate, an archive)."""
        if self._account is not None:
            self._account.own(path)

    # -- start and stop -----------------------------------------------------

    def _ensure_running(self) -> ServerAddress:
        told = running(self.pgdata)
        if told is not None and told.ready:
            return self._address(told.port)
        self._require_room(FREE_BYTES_TO_START)
        if not self.pgdata.is_dir():
            self._create()
        self._require_own_version()
        if not self._secret_file.is_file():
            raise EnvironmentFault(_DAMAGED, folder=self.home, file=self._secret_file.name)
        return self._address(self._launch())

    def _address(self, port: int) -> ServerAddress:
        return ServerAddress(os.fspath(self._socket_dir or LOOPBACK), port)

    def _create(self) -> None:
        """initdb into a draft folder that becomes ``pgdata`` only when it is complete."""
        self._require_room(FREE_BYTES_TO_CREATE)
        draft = self.home / "pgdata.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.give_to_server(draft)
        if not self._secret_file.is_file():
            write_private(self._secret_file, secrets.token_urlsafe(24) + "\n")
        password_file = self.home / "run" / "password"
        write_private(password_file, self.secret + "\n")
        self.give_to_server(password_file)
        try:
            self._run("initdb", "-D", draft, "--pwfile", password_file, *self._initdb_options())
        finally:
            password_file.unlink(missing_ok=True)
        (draft / "pg_hba.conf").write_text(LOGIN_RULES, encoding="utf-8")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(f"\ninclude = '{CONFIGURATION_FILE}'\n")
        draft.rename(self.pgdata)
        _log.info("created %s", self.pgdata)

    def _initdb_options(self) -> list[str]:
        options = ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "-U", SUPERUSER]
        if major_version(self._bin_dir) >= 17:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            options += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
        if self._settings.get("fsync") == "off":
            options.append("--no-sync")
        return options

    def _require_own_version(self) -> None:
        version_file = self.pgdata / "PG_VERSION"
        if not version_file.is_file():
            raise EnvironmentFault(_DAMAGED, folder=self.pgdata, file=version_file.name)
        found = int(version_file.read_text(encoding="ascii").split(".")[0])
        own = major_version(self._bin_dir)
        if found != own:
            text = _NEWER if found > own else _OLDER
            raise EnvironmentFault(text, folder=self.pgdata, found=found, own=own)

    def _require_room(self, needed: int) -> None:
        if shutil.disk_usage(self.home).free < needed:
            raise DiskFull(_NO_ROOM, folder=self.home)

    def _launch(self) -> int:
        """Start the server and wait until it is ready; returns its port."""
        avoid: set[int] = set()
        self._roll_log()
        for _ in range(_PORT_ATTEMPTS):
            if running(self.pgdata) is None:
                clear_crash(self.pgdata, self.home / "run")
            port = self._choose_port(avoid)
            self._write_configuration(port)
            before = self.log_file.stat().st_size if self.log_file.exists() else 0
            try:
                self._run("pg_ctl", "start", "-w", "-s", "-t", str(_START_SECONDS),
                          "-D", self.pgdata, "-l", self.log_file)  # fmt: skip
            except ServerUnreachable:
                said = self._log_since(before)
                if any(sign in said for sign in _PORT_TAKEN):
                    avoid.add(port)
                    continue
                raise self._failure(said) from None
            told = running(self.pgdata)
            if told is not None:
                write_private(self.home / "port", f"{told.port}\n")
                _log.info("started on port %s", told.port)
                return told.port
        raise ServerUnreachable(_NOT_STARTED, reason=self._log_since(0)[-300:])

    def _stop(self) -> None:
        if running(self.pgdata) is None:
            return
        with suppress(ServerUnreachable):
            self._run("pg_ctl", "stop", "-m", "fast", "-w", "-s", "-t", str(_STOP_SECONDS),
                      "-D", self.pgdata)  # fmt: skip
        if running(self.pgdata) is not None:
            self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-s", "-D", self.pgdata)
        _log.info("stopped")

    def _choose_port(self, avoid: set[int]) -> int:
        """The port used last time when it is still free, else any free one."""
        with suppress(OSError, ValueError):
            last = int((self.home / "port").read_text(encoding="ascii"))
            if last not in avoid and is_free(last):
                return last
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            return int(probe.getsockname()[1])

    def _write_configuration(self, port: int) -> None:
        path = self.pgdata / CONFIGURATION_FILE
        write_private(path, configuration(self._settings, port, self._socket_dir))
        self.give_to_server(path)

    # -- running programs and reading what they said -------------------------

    def _run(self, name: str, *arguments: str | Path) -> None:
        """Run one PostgreSQL program as the server's user. Raises ServerUnreachable with its words.

        Output goes to a file, not a pipe: on Windows the server inherits a pipe and keeps it open.
        """
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [executable(self._bin_dir, name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env=server_environment(),
                check=False,
                creationflags=NO_WINDOW,
                **(self._account.process_options() if self._account else {}),
            )
            output.seek(0)
            said = output.read().decode("utf-8", errors="replace").strip()
        if done.returncode != 0:
            _log.info("%s ended with %s: %s", name, done.returncode, said)
            raise self._failure(said)

    def _failure(self, said: str) -> AppError:
        if _FULL in said:
            return DiskFull(_NO_ROOM, folder=self.home)
        told = [_STAMP.sub("", line) for line in said.splitlines() if _TELLING.search(line)]
        return ServerUnreachable(_NOT_STARTED, reason=" ".join(told[:4]) or said[-300:])

    def _log_since(self, position: int) -> str:
        with suppress(FileNotFoundError), self.log_file.open("rb") as stream:
            stream.seek(position)
            return stream.read(100_000).decode("utf-8", errors="replace")
        return ""

    def _roll_log(self) -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))

    @contextmanager
    def _clear_messages(self) -> Iterator[None]:
        """Say in a sentence what the operating system refused."""
        try:
            yield
        except OSError as failure:
            folder = failure.filename or self._wanted
            if failure.errno == errno.ENOSPC:
                raise DiskFull(_NO_ROOM, folder=folder) from failure
            raise EnvironmentFault(_NOT_USABLE, folder=folder, reason=failure.strerror) from failure
