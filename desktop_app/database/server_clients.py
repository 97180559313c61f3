"""Which programs on this PC use the embedded server: the last one out stops it.

A registration is a locked file. The operating system drops the lock when its process dies in any
way, so a crashed client counts no longer, whatever became of its process number or the clock.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fasteners import InterProcessLock

from desktop_app.core.errors import EnvironmentFault

START_TIMEOUT = 120.0
# POSIX record locks belong to the process: within it, threads need a lock of their own, and
# probing a file this process holds would drop the hold.
_thread_lock = threading.RLock()
_held_here: set[Path] = set()


class Clients:
    """The registrations below one cluster's folder. All calls but ``exclusive`` need it held."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "clients"
        self._mine: InterProcessLock | None = None
        self._path: Path | None = None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One process at a time starts, joins, leaves or stops. Raises EnvironmentFault."""
        with _thread_lock:
            lock = InterProcessLock(self._home / "start.lock")
            if not lock.acquire(timeout=START_TIMEOUT):
                _close(lock)
                raise EnvironmentFault(
                    "Another program has been starting the database for {seconds} seconds.",
                    seconds=int(START_TIMEOUT),
                )
            try:
                yield
            finally:
                lock.release()

    def join(self) -> None:
        """Count this program; joining twice counts once."""
        if self._mine is not None:
            return
        self._folder.mkdir(exist_ok=True, mode=0o700)
        path = self._folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        lock = InterProcessLock(path)
        lock.acquire(blocking=False)
        self._mine, self._path = lock, path
        _held_here.add(path)

    def leave(self) -> None:
        """Count this program no longer."""
        if self._mine is None or self._path is None:
            return
        _held_here.discard(self._path)
        self._mine.release()
        self._path.unlink(missing_ok=True)
        self._mine = self._path = None

    def others(self) -> int:
        """How many other living registrations there are; dead ones are swept away."""
        if not self._folder.is_dir():
            return 0
        return sum(1 for path in self._folder.iterdir() if path != self._path and _alive(path))


def _alive(path: Path) -> bool:
    if path in _held_here:
        return True
    probe = InterProcessLock(path)
    if not probe.acquire(blocking=False):
        _close(probe)
        return True
    probe.release()
    path.unlink(missing_ok=True)
    return False


def _close(lock: InterProcessLock) -> None:
    if lock.lockfile is not None:  # a refused lock leaves its file open
        lock.lockfile.close()
