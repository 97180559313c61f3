"""A CUPS queue, fed raw: the bytes pass unchanged (Linux, macOS).

The queue takes whole jobs, so one ``write`` is one job. "Accepted" only means that CUPS
has it: the printer's state stays unknown.
"""

from __future__ import annotations

import shutil
import subprocess

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.failures import DeviceError, DriverMissing
from desktop_app.hardware.transports.transport import SEND_TIMEOUT_S, Transport

_TITLE = "Stockproof"


def list_queues() -> list[str]:
    """Names of the queues CUPS knows; empty without CUPS."""
    program = shutil.which("lpstat")
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "-e"], capture_output=True, encoding="utf-8", timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.split() if done.returncode == 0 else []


class CupsQueueTransport(Transport):
    """``queue`` as in :func:`list_queues`; ``server`` "host:port" for another than this PC's."""

    bidirectional = False

    def __init__(self, queue: str, *, server: str = "", title: str = _TITLE) -> None:
        self.queue = queue
        self.address = queue
        self.title = title
        self.last_job = ""
        """CUPS' own name of the last accepted job ("Labels-12")."""
        self._server = server
        self._program: str | None = None

    def open(self) -> None:
        self._program = shutil.which("lp")
        if self._program is None:
            raise DriverMissing(
                N_("The program lp of CUPS is not installed."),
                next_step=Message(N_("Run: sudo apt install cups-client")),
            )

    def read(self, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        if self._program is None:
            self.open()
        command = [str(self._program), "-d", self.queue, "-o", "raw", "-t", self.title]
        if self._server:
            command[1:1] = ["-h", self._server]
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=SEND_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise self._refused("lp", sent=len(data)) from error
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from error
        if done.returncode != 0:
            raise self._refused(done.stderr.decode("utf-8", "replace").strip())
        self.last_job = _job_name(done.stdout.decode("utf-8", "replace"))

    def close(self) -> None:
        self._program = None

    def _refused(self, reason: str, *, sent: int = 0) -> DeviceError:
        return DeviceError(
            N_("The queue {address} refused the job: {reason}"),
            next_step=Message(N_("Is the queue enabled? Look at it with: lpstat -p")),
            sent=sent,
            address=self.address,
            reason=reason,
        )


def _job_name(told: str) -> str:
    """The "Labels-12" in "request id is Labels-12 (0 file(s))", in any language."""
    return next((word for word in told.split() if "-" in word and word[-1].isdigit()), "")
