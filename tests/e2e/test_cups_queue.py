"""A label through a real CUPS: our queue, lp, cupsd, its socket backend, a printer on loopback.

cupsd runs from a folder of its own on a loopback port; the system's CUPS is not touched.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import clock
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_server import SimulatedPrinterServer
from desktop_app.hardware.transports.cups_queue import CupsQueueTransport
from desktop_app.hardware.transports.failures import DeviceError
from tests.scenarios.label_life import (
    HOME,
    add_printer,
    drawn,
    enqueue,
    label_server,
    on_paper,
    states,
)

_CONF = """\
Listen 127.0.0.1:{port}
LogLevel warn
Browsing No
WebInterface No
MaxLogSize 0
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {folder}
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/spool/tmp
ErrorLog {folder}/error_log
AccessLog {folder}/access_log
PageLog {folder}/page_log
SyncOnClose No
"""
_PRINTERS = """\
<DefaultPrinter Labels>
DeviceURI socket://127.0.0.1:{port}
State Idle
Accepting Yes
Shared No
ErrorPolicy retry-current-job
</DefaultPrinter>
"""
_WAIT_S = 20


def _cupsd() -> str:
    program = Path("/usr/sbin/cupsd")
    if program.exists() and Path("/usr/lib/cups/backend/socket").exists() and shutil.which("lp"):
        return str(program)
    if os.environ.get("STOCKPROOF_CI"):
        pytest.fail("CUPS is missing: apt-get install cups cups-client")
    pytest.skip("needs CUPS (apt-get install cups cups-client)")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(until: Any, what: str) -> None:
    end = clock.monotonic() + _WAIT_S
    while not until():
        assert clock.monotonic() < end, what
        threading.Event().wait(0.05)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


@pytest.fixture
def printer() -> Iterator[tuple[SimulatedPrinter, int]]:
    model = SimulatedPrinter("tspl")
    with SimulatedPrinterServer(model) as line:
        yield model, line.port


@pytest.fixture
def cups(run_folder: Path, printer: tuple[SimulatedPrinter, int]) -> Iterator[str]:
    """The address of a CUPS of our own with the raw queue ``Labels``."""
    program, port = _cupsd(), _free_port()
    folder = run_folder / f"cups-{port}"
    for name in ("", "spool", "spool/tmp", "cache", "state"):
        (folder / name).mkdir(mode=0o755)
    (folder / "cupsd.conf").write_text(_CONF.format(port=port), encoding="utf-8")
    (folder / "cups-files.conf").write_text(_FILES.format(folder=folder), encoding="utf-8")
    (folder / "printers.conf").write_text(_PRINTERS.format(port=printer[1]), encoding="utf-8")
    running = subprocess.Popen(
        [program, "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: _listens(port) or running.poll() is not None, "cupsd does not start")
        log = folder / "error_log"
        assert running.poll() is None, (
            log.read_text(encoding="utf-8") if log.exists() else "cupsd ended"
        )
        yield f"127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def test_labels_pass_a_raw_cups_queue_unchanged_and_once(
    database: Any, cups: str, printer: tuple[SimulatedPrinter, int]
) -> None:
    model, _ = printer
    home = database.as_user("storekeeper", workstation=HOME)
    printer_id = add_printer(home)
    names = ("镀镍铰链", "Bravo", "Charlie")
    job = enqueue(home, printer_id, *names)
    transport = CupsQueueTransport("Labels", server=cups)
    done = label_server(home, printer_id, model, transport).serve()
    assert (done.sent, done.trouble) == (3, None)
    assert states(home, job) == ["sent"] * 3, "CUPS cannot tell what came out"
    assert transport.last_job.startswith("Labels-")
    _wait(lambda: model.printed_count >= 3, "CUPS did not pass the labels on")
    assert on_paper(model) == [drawn(model, name) for name in names]


def test_a_queue_that_does_not_exist_is_told_and_nothing_is_lost(
    database: Any, cups: str, printer: tuple[SimulatedPrinter, int]
) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, "Alpha")
    transport = CupsQueueTransport("Nowhere", server=cups)
    with pytest.raises(DeviceError), transport:
        transport.write(b"x")
    assert label_server(home, printer_id, printer[0], transport).serve().trouble is not None
    assert states(home, job) == ["queued"]
