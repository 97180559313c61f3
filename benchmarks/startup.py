"""From the start of a process to the usable window, the embedded database started with it.

Warm: the programs' files have been read before. Timed from outside, so Python's own start
and all imports count; the window has no screen ("offscreen").
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.result import Bench, Section

ROOT = Path(__file__).resolve().parents[1]
_SET_UP = (
    "from desktop_app.app import company\n"
    "cluster = company.embedded_cluster()\n"
    "company.set_up(cluster, 'Bench')\n"
    "opened = company.open_embedded(cluster, 'BENCH')\n"
    "opened.database.run(company.first_warehouse)\n"
    "opened.close()\n"
)


def run(bench: Bench) -> Section:
    """Median of several starts; the last program out stops the server, so each starts it."""
    section = Section()
    home = bench.server.folder / "home"
    home.mkdir(mode=0o711)
    environment = {
        **os.environ,
        "STOCKPROOF_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONUTF8": "1",
    }
    made = _python(environment, "-c", _SET_UP)
    if made.returncode != 0:
        section.say(f"the company could not be set up: {made.stderr.strip()[-400:]}")
        return section
    starts, inside = [], []
    for _ in range(bench.size(7, 3) + 1):
        seconds, told = _start(environment)
        if told is None:
            section.say("the window did not open; this limit counts as missed")
            return section
        starts.append(seconds)
        inside.append(told)
    section.figures["startup.window"] = median(starts[1:])
    section.data["startup.window"] = {"outside_s": starts, "inside_s": inside}
    section.say(
        f"start to usable window: {median(starts[1:]):.2f} s, of which"
        f" {median(inside[1:]):.2f} s after the imports of the window"
    )
    return section


def _start(environment: dict[str, str]) -> tuple[float, float | None]:
    """Seconds until the program says that its window is usable, and its own figure."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "desktop_app", "--measure-start"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        seconds = time.perf_counter() - begun
        program.wait(60)
    try:
        return seconds, float(line)
    except ValueError:
        return seconds, None


def _python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
