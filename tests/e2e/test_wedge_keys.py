"""A scanner at the keyboard, tried with real key events under a real X server.

xdotool types at the pace of a scanner and of a person into the real window. Needs Xvfb and
xdotool; both are installed by ``.ci/run``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "xdotool")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
EAN = "6901234567892"

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


# A scanner's keys carry the kernel's time and wait for nobody. Typed by a program on a full
# processor they came up to 256 ms apart by the X server's clock (seen with twelve others at work),
# which no scanner does: where it may, this one goes before the others.
HARDWARE = ("nice", "-n", "-15")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own; it picks a free number itself."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            *HARDWARE,
            *("Xvfb", "-displayfd", str(writing)),
            *("-screen", "0", "1366x768x24", "-nolisten", "tcp"),
        ],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@dataclass
class Desk:
    """The program in its own process, and somebody at its keyboard."""

    process: subprocess.Popen[str]
    environment: dict[str, str]

    def types(self, text: str, delay_ms: int, *, enter: bool = False) -> None:
        self._do("type", "--delay", str(delay_ms), "--", text)
        if enter:
            self.presses("Return")

    def scans(self, text: str, delay_ms: int) -> None:
        # one call: between two programs more time passes than a scanner takes
        self._do("type", "--delay", str(delay_ms), "--", text + "\n")

    def presses(self, *keys: str) -> None:
        self._do("key", *keys)

    def looks_at(self, window: str) -> None:
        """There is no window manager that would give the keyboard to a window."""
        self._do("windowfocus", "--sync", window)

    def rest(self, seconds: float = 0.35) -> None:
        time.sleep(seconds)

    def leaves(self) -> dict[str, Any]:
        out, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0
        told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return told

    def _do(self, *words: str) -> None:
        subprocess.run(
            [*HARDWARE, "xdotool", *words],
            env=self.environment,
            check=True,
            timeout=30,
            stderr=subprocess.DEVNULL,  # nice complains where it may not
        )


@pytest.fixture
def desk(display: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "STOCKPROOF_HOME": str(tmp_path),
        "QT_LOGGING_RULES": "*.debug=false",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.wedge_desk", request.param],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    window = process.stdout.readline().strip()
    made = Desk(process, environment)
    made.looks_at(window)
    yield made
    process.kill()
    process.wait(10)
    for stream in (process.stdin, process.stdout):
        if stream is not None and not stream.closed:
            stream.close()


def at(*places: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", places, indirect=True)


@at("field", "table", "unsaved")
def test_no_scan_lands_in_a_field_and_no_button_is_pressed(desk: Desk) -> None:
    for delay in (0, 1, 2, 4, 8, 12):
        desk.scans(EAN, delay)
        desk.scans("B.A-01-02", delay)
        desk.rest(0.15)
    told = desk.leaves()
    assert told["heard"] == [EAN, "B.A-01-02"] * 6
    assert told["pressed"] == [] and told["cells"] == ""
    assert told["field"] in {"", "12"}
    assert told["dirty"] == (told["field"] == "12")


@at("field")
def test_people_type_between_scans_and_lose_no_key(desk: Desk) -> None:
    for number in range(4):
        desk.types("ab", 110)
        desk.scans(f"690123456789{number}", 3 * number)
        desk.rest()
    desk.types("Hinge 12", 90, enter=True)
    desk.rest()
    told = desk.leaves()
    assert told["heard"] == [f"690123456789{number}" for number in range(4)]
    assert told["field"] == "ab" * 4 + "Hinge 12"
    assert told["pressed"] == ["Enter in the field"]


@at("table")
def test_a_cell_that_is_being_typed_into_keeps_what_was_typed(desk: Desk) -> None:
    desk.types("12", 120)
    desk.scans(EAN, 2)
    desk.rest()
    desk.types("5", 120, enter=True)
    desk.rest()
    told = desk.leaves()
    assert told["heard"] == [EAN]
    assert told["cells"] == "125"


@at("dialog")
def test_a_dialog_is_not_answered_by_a_scan(desk: Desk) -> None:
    desk.scans(EAN, 2)
    desk.rest()
    desk.types("no", 120)
    desk.rest()
    told = desk.leaves()
    assert told["heard"] == [] and told["pressed"] == []
    assert told["dialog"] == "no"
    assert told["kept"] == [EAN], "the code is kept in the list of the last scans"


@at("field")
def test_separators_and_capitals_as_keys(desk: Desk) -> None:
    for separator in ("ctrl+bracketright", "F8"):
        keys = ["bracketright", "C", "1", *"0106921111111116", "1", "0", "A", separator]
        desk.presses("--delay", "3", *keys, *"3712", "Return")
        desk.rest()
    told = desk.leaves()
    assert told["heard"] == ["010692111111111610A\x1d3712"] * 2
    assert told["field"] == "" and told["pressed"] == []


@at("field")
def test_every_scan_of_a_busy_hour_is_answered(desk: Desk) -> None:
    for number in range(60):
        desk.scans(f"K.BX-{number:04}", 2)
    told = desk.leaves()
    assert told["heard"] == [f"K.BX-{number:04}" for number in range(60)], told["pauses_ms"]
    assert len(told["answered_ms"]) >= 40


@at("busy")
def test_a_busy_program_takes_no_code_for_typing(desk: Desk) -> None:
    for number in range(20):
        desk.scans(f"K.BX-{number:04}", 8)
    desk.rest()
    told = desk.leaves()
    assert told["heard"] == [f"K.BX-{number:04}" for number in range(20)], told["pauses_ms"]
    assert told["field"] == ""
