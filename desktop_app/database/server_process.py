"""What PostgreSQL itself says about the server of a data folder, and what a crash left behind."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PID_FILE = "postmaster.pid"
_READY = "ready"
_STATUS_LINE = 7
# No system gives out this process number: the server finds it dead, and still compares the
# shared memory named further down in the file with what orphans may hold.
_NOBODY = "2147483646"


@dataclass(frozen=True)
class PidFile:
    """The lines of ``postmaster.pid`` (src/include/utils/pidfile.h) that matter here."""

    pid: int
    port: int
    ready: bool


def read_pid_file(pgdata: Path) -> PidFile | None:
    """What the server wrote about itself; None when it is not there or only half written."""
    try:
        lines = (pgdata / PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
        return PidFile(
            pid=int(lines[0]),
            port=int(lines[3]),
            ready=len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == _READY,
        )
    except (FileNotFoundError, ValueError, IndexError):
        return None


def is_server(pid: int, pgdata: Path, *, if_hidden: bool = False) -> bool:
    """Whether process ``pid`` lives and is the server (or a part of it) of this data folder.

    After a crash the number may belong to somebody else's program. ``if_hidden`` is the answer
    for a living PostgreSQL that does not let this program see its folder.
    """
    try:
        process = psutil.Process(pid)
        if not process.name().lower().startswith("postgres"):
            return False
        if sys.platform != "win32" and process.status() == psutil.STATUS_ZOMBIE:
            return False
        try:
            return Path(process.cwd()).resolve() == pgdata.resolve()
        except (psutil.AccessDenied, OSError):
            return if_hidden
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def running(pgdata: Path) -> PidFile | None:
    """The living server of this folder, or None."""
    told = read_pid_file(pgdata)
    # On Windows a server started "as administrator" hides from the program started plainly.
    hidden = sys.platform == "win32"
    return told if told is not None and is_server(told.pid, pgdata, if_hidden=hidden) else None


def clear_crash(pgdata: Path, socket_dir: Path, *, wait: float = 10.0) -> None:
    """Make a folder startable again after the server was killed.

    Its orphaned sessions end by themselves when they notice; those still busy after ``wait``
    seconds are stopped. Call only when :func:`running` says None: ``socket_dir`` belongs to this
    server alone, so whatever lies in it is left over.
    """
    for left in socket_dir.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)
    path = pgdata / PID_FILE
    if not path.exists():
        return
    orphans = [process for process in psutil.process_iter() if is_server(process.pid, pgdata)]
    _, busy = psutil.wait_procs(orphans, timeout=wait)
    for process in busy:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.kill()
    psutil.wait_procs(busy, timeout=wait)
    _disown(path)


def _disown(path: Path) -> None:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or not lines[0].strip().lstrip("-").isdigit():
        path.unlink()  # half written: the server would refuse it as bogus
        return
    # Without the word "ready": on Windows pg_ctl takes a fresh file's word for the server's.
    kept = [_NOBODY, *lines[1:_STATUS_LINE]]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
