#!/usr/bin/env python3
"""The one command of this project.

``python3 dev.py run | test | check | bench | demo | screenshots`` needs Python 3.11 or newer
and nothing else: it makes a virtual environment in ``.venv`` from the lock files, once, with your
ordinary pip configuration. After that nothing needs the network.
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
RUN_LOCKS = ("requirements.lock",)
ALL_LOCKS = ("requirements.lock", "requirements-dev.lock")
OLDEST = (3, 11)
# Below .venv, with some room: PySide6's and the database's deepest files.
LONGEST_PACKAGE_PATH = 172

# import-linter has no ``-m`` form; its own command would need the environment's folder on the path.
LAYERS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"

# Shared library (as ctypes finds it) -> Debian package; Qt loads them when its window opens.
QT_LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon": "libxkbcommon0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-util": "libxcb-util1",
    "X11-xcb": "libx11-xcb1",
    "xcb-randr": "libxcb-randr0",
    "xcb-xkb": "libxcb-xkb1",
}


class SetupError(Exception):
    """Something a person has to do first; the message says what."""


# ---------------------------------------------------------------- the environment


def prepare(locks: Sequence[str]) -> None:
    """Make or renew ``.venv`` so that it holds exactly what ``locks`` name."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise SetupError(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}.")
    if sys.maxsize < 2**32:
        raise SetupError("A 64-bit Python is needed; this one has 32 bits.")
    require_system_libraries()
    stamps = {lock: digest(lock) for lock in locks}
    missing = [lock for lock in locks if noted(lock) != stamps[lock]]
    if PYTHON.is_file() and not missing and works():
        return
    if not PYTHON.is_file() or not works():
        make_venv()
        missing = list(locks)
    print(f"Installing {', '.join(missing)} (once) ...", file=sys.stderr, flush=True)
    arguments = [part for lock in missing for part in ("-r", str(ROOT / lock))]
    run_or_explain(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "--no-deps",
            *arguments,
        ],
        "The packages could not be installed. The first set-up needs a package index that pip "
        f"can reach; pip's own words are above.{path_hint()}",
    )
    for lock in missing:
        stamp_file(lock).write_text(stamps[lock], encoding="utf-8")


def path_hint() -> str:
    """Windows refuses paths over 260 letters unless told otherwise; the packages need some."""
    if not WINDOWS or len(str(VENV)) + LONGEST_PACKAGE_PATH < 260:
        return ""
    return (
        f" The folder's name is long ({ROOT}): move the project to a shorter one, e.g. C:\\stock."
    )


def digest(lock: str) -> str:
    """What a lock file and the interpreter's version amount to."""
    content = (ROOT / lock).read_bytes() + repr(sys.version_info[:2]).encode()
    return hashlib.sha256(content).hexdigest()


def stamp_file(lock: str) -> Path:
    """Where it is noted that this lock is installed."""
    return VENV / f"{lock}.installed"


def noted(lock: str) -> str:
    """What was installed for this lock."""
    file = stamp_file(lock)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def works() -> bool:
    """Whether the environment's interpreter starts (a moved or copied folder does not)."""
    try:
        told = subprocess.run(
            [str(PYTHON), "-c", "import sys; print(sys.prefix)"],
            capture_output=True,
            encoding="utf-8",
            env=environment(),  # else Windows could not say a folder with Chinese letters
            check=True,
            timeout=60,
        ).stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return Path(told).resolve() == VENV.resolve()


def make_venv() -> None:
    """A fresh ``.venv``; on Debian the module may be missing."""
    if VENV.exists():
        remove_venv()
    print("Making the environment in .venv (once) ...", file=sys.stderr, flush=True)
    made = run_venv()
    if made.returncode != 0 and may_install() and apt_install(["python3-venv"]):
        shutil.rmtree(VENV, ignore_errors=True)
        made = run_venv()
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        hint = apt_hint(["python3-venv"]) if is_debian() else made.stderr.strip()[-500:]
        raise SetupError(f"Python's venv module does not work here. {hint}")


def run_venv() -> subprocess.CompletedProcess[str]:
    """Python's own way to make ``.venv``; what it said is kept."""
    return subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment(),
        check=False,
    )


def remove_venv() -> None:
    """Windows keeps files of a running program: a person has to close it."""
    try:
        shutil.rmtree(VENV)
    except OSError as failure:
        raise SetupError(
            f"The old environment {VENV} cannot be removed ({failure.strerror}). Close the program "
            "and every window that uses it, then try again."
        ) from failure


def require_system_libraries() -> None:
    """Qt needs some libraries that a Debian without a desktop lacks."""
    if not sys.platform.startswith("linux"):
        return
    lacking = [pkg for name, pkg in QT_LIBRARIES.items() if ctypes.util.find_library(name) is None]
    if not lacking:
        return
    if may_install() and apt_install(lacking):
        return
    hint = apt_hint(lacking) if is_debian() else "Packages: " + " ".join(lacking)
    raise SetupError(f"The screens need system libraries that are missing. {hint}")


def is_debian() -> bool:
    """Whether apt is the way to install something."""
    return shutil.which("apt-get") is not None


def may_install() -> bool:
    """Only a CI machine that runs as root is changed without asking."""
    return is_debian() and is_root() and bool(os.environ.get("CI"))


def is_root() -> bool:
    """Whether this is the superuser of a POSIX system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_hint(packages: Sequence[str]) -> str:
    """What to type."""
    sudo = "" if is_root() else "sudo "
    return f"Please run:  {sudo}apt-get install -y {' '.join(packages)}"


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages; whether it worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(["apt-get", *command], env=quiet, check=False,
                              stdout=sys.stderr)  # fmt: skip
        if done.returncode != 0:
            return False
    return True


def run_or_explain(command: Sequence[str], explanation: str) -> None:
    """Run a step of the set-up."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupError(explanation)


# ---------------------------------------------------------------- the commands


def environment() -> dict[str, str]:
    """What a Python of ours is started with: everything it reads and says is UTF-8."""
    kept = {**os.environ, "PYTHONUTF8": "1"}
    kept.pop("PYTHONHOME", None)
    kept.pop("VIRTUAL_ENV", None)
    return kept


def child(*arguments: str, headless: bool = False) -> int:
    """Run the environment's Python from the project's folder; its exit status."""
    settings = environment()
    if headless:
        settings["QT_QPA_PLATFORM"] = "offscreen"
    command = [str(PYTHON), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=settings)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child got it too and ends by itself


def has_display() -> bool:
    """Whether a window can be opened."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Start the program."""
    prepare(RUN_LOCKS)
    if not has_display():
        print(
            "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the "
            "demo without one, into out/demo.",
            flush=True,
        )
        return child(
            "-m", "desktop_app", "demo", "--out", str(ROOT / "out" / "demo"), headless=True
        )
    return child("-m", "desktop_app", *rest)


def test(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Run the tests; everything after ``test`` goes to pytest."""
    prepare(ALL_LOCKS)
    workers = [] if any(part.startswith(("-n", "--pdb")) for part in rest) else ["-n", "2"]
    return child("-m", "pytest", *workers, *rest, headless=True)


def check(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Style, types, layers, contracts: all are run, all must pass."""
    prepare(ALL_LOCKS)
    steps = [
        ("style", ["-m", "ruff", "check", "."]),
        ("format", ["-m", "ruff", "format", "--check", "."]),
        ("types", ["-m", "mypy"]),
        ("layers", ["-c", LAYERS]),
    ]
    if (ROOT / "tests" / "contract").is_dir():
        steps.append(("contracts", ["-m", "pytest", "-q", "tests/contract"]))
    failed = []
    for name, command in steps:
        print(f"--- {name}", flush=True)
        if child(*command, headless=True) != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def bench(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Time the work beside its limits."""
    prepare(ALL_LOCKS)
    arguments = ["--quick"] if options.quick else []
    if options.json:
        arguments += ["--json", str(Path(options.json).absolute())]
    return child("-m", "benchmarks", *arguments, *rest, headless=True)


def demo(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """The demo company's day, headless."""
    prepare(RUN_LOCKS)
    out = str(Path(options.out).absolute())
    return child("-m", "desktop_app", "demo", "--out", out, *rest, headless=True)


def screenshots(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Every screen as a picture."""
    prepare(RUN_LOCKS)
    out = str(Path(options.out).absolute())
    return child("-m", "desktop_app", "screenshots", "--out", out, *rest, headless=True)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser
    add("run", help="start the program; without a screen: the demo, into out/demo"
        ).set_defaults(do=run)  # fmt: skip
    add("test", help="run the tests (arguments go to pytest; two workers unless -n is given)",
        add_help=False).set_defaults(do=test)  # fmt: skip
    add("check", help="style, format, types, layers and contract tests").set_defaults(do=check)
    timed = add("bench", help="time the work; fails when a limit is missed")
    timed.add_argument("--quick", action="store_true", help="small data, a few minutes")
    timed.add_argument("--json", metavar="FILE", help="write the figures there too")
    timed.set_defaults(do=bench)
    shown = add("demo", help="one day of the demo company without a screen: PDFs, xlsx, pictures")
    shown.add_argument("--out", metavar="DIR", required=True, help="where to put everything")
    shown.set_defaults(do=demo)
    drawn = add("screenshots", help="a picture of every screen, in both languages and themes")
    drawn.add_argument("--out", metavar="DIR", required=True, help="where to put the pictures")
    drawn.set_defaults(do=screenshots)
    return made


def main() -> int:
    """Exit status: 0 only on success, 2 when a person has to do something first."""
    options, rest = parser().parse_known_args()
    if rest and options.command == "check":
        parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        return int(options.do(options, rest))
    except SetupError as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
