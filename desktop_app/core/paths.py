"""Where this program keeps its files on this PC.

``STOCKPROOF_HOME`` puts everything below one folder (tests, demo, a USB stick).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APPLICATION = "stockproof"
HOME_VARIABLE = "STOCKPROOF_HOME"
# Root in a container: the database server gives up root and must still reach its folder,
# which the home folder of root does not allow.
ROOT_DATA = Path("/var/lib/stockproof")


def config_dir() -> Path:
    """Settings and connection profiles of this OS user."""
    return _made(_below_home("config") or Path(platformdirs.user_config_dir(APPLICATION, False)))


def data_dir() -> Path:
    """The embedded database and what must never be lost."""
    if (home := _below_home("data")) is not None:
        return _made(home)
    if is_root():
        return _made(ROOT_DATA)
    return _made(Path(platformdirs.user_data_dir(APPLICATION, False)))


def cluster_dir() -> Path:
    """The folder of the embedded PostgreSQL (created by the cluster itself)."""
    return data_dir() / "cluster"


def log_dir() -> Path:
    """The program's own log files."""
    return _made(_below_home("log") or Path(platformdirs.user_log_dir(APPLICATION, False)))


def documents_dir() -> Path:
    """Where a person looks for printed and exported files first."""
    return _below_home("documents") or Path(platformdirs.user_documents_dir())


def resources_dir() -> Path:
    """Icons, fonts, translations and templates that ship with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    return root / "resources"


def is_root() -> bool:
    """Whether this process runs as the superuser of a POSIX system."""
    return sys.platform != "win32" and os.geteuid() == 0


def _below_home(part: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser().absolute() / part if home else None


def _made(folder: Path) -> Path:
    if not folder.is_dir():
        # The data folder of root stays passable for the database's own OS user.
        folder.mkdir(parents=True, exist_ok=True, mode=0o711 if is_root() else 0o700)
    return folder
