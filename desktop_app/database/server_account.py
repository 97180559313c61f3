"""Who runs the database server when the program itself runs as root (containers, set-up).

PostgreSQL refuses to run as root, rightly: the server is handed to an OS user without rights.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.paths import is_root

if sys.platform != "win32":
    import pwd

ACCOUNT = "stockproof"
_CREATE = (
    "useradd",
    "--system",
    "--user-group",
    "--no-create-home",
    "--home-dir",
    "/nonexistent",
    "--shell",
    "/usr/sbin/nologin",
    ACCOUNT,
)


@dataclass(frozen=True)
class Account:
    """An OS user the server runs as; ``None`` everywhere else means "as this process"."""

    uid: int
    gid: int

    def process_options(self) -> dict[str, Any]:
        """What ``subprocess`` needs to give up root."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder to this user."""
        os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches ``folder`` through all its parents (asks the system)."""
        probe = subprocess.run(
            ["test", "-x", os.fspath(folder)],
            check=False,
            cwd="/",
            **self.process_options(),
        )
        return probe.returncode == 0


def server_account(existing: Path) -> Account | None:
    """The user for the server, or None when this process need not change.

    The owner of an ``existing`` data folder stays the owner for good. Raises EnvironmentFault
    when root has no user to hand over to.
    """
    if sys.platform == "win32" or not is_root():
        return None
    if existing.exists() and (owner := existing.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _named(ACCOUNT) or _created() or _named("nobody") or _refuse()


def _named(name: str) -> Account | None:
    if sys.platform == "win32":
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _created() -> Account | None:
    try:
        subprocess.run(_CREATE, check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return _named(ACCOUNT)  # another process may have been first: look, do not trust the status


def _refuse() -> Account:
    raise EnvironmentFault(
        "The database must not run as root, and this system has no user {name} to run it as.",
        name=ACCOUNT,
    )
