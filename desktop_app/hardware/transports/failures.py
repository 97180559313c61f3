"""What can go wrong with a device, each with a sentence and the next step.

One hierarchy for all transports, so that a screen shows any failure the same way: the
message says what is the matter, ``next_step`` what to do about it.
"""

from __future__ import annotations

import errno
import getpass
import os
import socket
import sys
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_, Message

_ABSENT = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTDIR, errno.EBADF}
_BUSY = {errno.EBUSY, errno.EAGAIN}
_FORBIDDEN = {errno.EACCES, errno.EPERM}

_NO_ANSWER = N_("no answer")
_NO_WAY = N_("no way there from this PC")
_UNKNOWN_NAME = N_("this name is not known in the network")
_REASONS = {
    errno.ECONNREFUSED: N_("it refuses the connection"),
    errno.ECONNRESET: N_("it broke the connection off"),
    errno.ETIMEDOUT: _NO_ANSWER,
    errno.EHOSTUNREACH: _NO_WAY,
    errno.ENETUNREACH: _NO_WAY,
    errno.ENETDOWN: _NO_WAY,
    errno.EADDRNOTAVAIL: _NO_WAY,
}

_PLUG = N_("Check cable and power; it is used again by itself as soon as it is back.")
_CLOSE_OTHER = N_("Close the other program or the other window that uses it.")
_JOIN = N_("Run: sudo usermod -aG {group} {user} — then log out and in again.")
_WINDOWS_RIGHTS = N_("Close other programs that use the port; check its driver in Device Manager.")


class DeviceError(EnvironmentFault):
    """A device cannot be used. ``next_step`` tells what to do, when anything can be done.

    ``sent``: how many bytes of the interrupted write may have reached the device; 0 means
    that surely nothing left, so that the whole write may be repeated.
    """

    code = "device.error"
    setup = False
    """Something must be set up on this PC first: rights, a driver."""

    def __init__(
        self, text: str, /, *, next_step: Message | None = None, sent: int = 0, **values: Any
    ) -> None:
        super().__init__(text, **values)
        self.next_step = next_step
        self.sent = sent


class Unplugged(DeviceError):
    """The device is not there (any more)."""

    code = "device.unplugged"
    setup = sys.platform == "win32"
    """Windows shows no port at all as long as its driver is missing."""


class PortBusy(DeviceError):
    """Somebody else has the port; the message names the program when it can be found."""

    code = "device.busy"


class LineRefused(DeviceError):
    """The port is there, but its driver does not do this speed or frame."""

    code = "device.line_refused"


class NoPermission(DeviceError):
    """This login may not open the device; ``next_step`` names the group to join."""

    code = "device.permission"
    setup = True


class NotReachable(DeviceError):
    """Nothing answers at the network address."""

    code = "device.unreachable"


class DeviceTimeout(DeviceError):
    """The device takes no more bytes; see ``sent``."""

    code = "device.timeout"


class DriverMissing(DeviceError):
    """A program or package this connection needs is not installed on this PC."""

    code = "device.driver"
    setup = True


def line_refused(address: str, line: str) -> LineRefused:
    """The driver refused the settings of the line."""
    return LineRefused(
        N_("{address} cannot be set to {line}."),
        address=address,
        line=line,
        next_step=Message(N_("Choose another speed or frame, or another converter.")),
    )


def unplugged(address: str, *, sent: int = 0) -> Unplugged:
    """The device at ``address`` is gone."""
    return Unplugged(
        N_("{address} is not plugged in or switched off."),
        next_step=Message(_PLUG),
        sent=sent,
        address=address,
    )


def timed_out(address: str, *, sent: int = 0) -> DeviceTimeout:
    """The device at ``address`` stopped taking bytes."""
    return DeviceTimeout(
        N_("{address} takes no more data."),
        next_step=Message(N_("Look at the device: out of paper, paused, cover open?")),
        sent=sent,
        address=address,
    )


def busy(address: str, holder: str = "") -> PortBusy:
    """Another program (``holder``, "" when unknown) has the port."""
    if holder:
        return PortBusy(
            N_("{address} is in use by {holder}."),
            next_step=Message(_CLOSE_OTHER),
            address=address,
            holder=holder,
        )
    return PortBusy(
        N_("{address} is in use by another program."),
        next_step=Message(_CLOSE_OTHER),
        address=address,
    )


def from_os_error(error: OSError, address: str, *, path: str = "", sent: int = 0) -> DeviceError:
    """The failure meant by ``error`` on the device file ``path`` (shown as ``address``)."""
    number = _errno_of(error)
    if number in _FORBIDDEN:
        return _forbidden(address, path or address)
    if number in _BUSY:
        return busy(address, holder_of(path or address))
    if number in _ABSENT:
        return unplugged(address, sent=sent)
    if number == errno.ENOSPC:
        return DeviceError(N_("The disk of {address} is full."), sent=sent, address=address)
    return DeviceError(
        N_("{address} failed: {reason}"), sent=sent, address=address, reason=reason_of(error)
    )


def holder_of(path: str) -> str:
    """Name and number of another process that has the device file open, "" when unknown.

    Reads /proc, so it sees other users' processes only when run by root; never raises.
    """
    if sys.platform != "linux":
        return ""
    target = os.path.realpath(path)
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            if _has_open(process, target):
                return _process_name(process)
    return ""


def _has_open(process: Path, target: str) -> bool:
    try:
        return any(os.path.realpath(link) == target for link in (process / "fd").iterdir())
    except OSError:
        return False


def _process_name(process: Path) -> str:
    try:
        return f"{(process / 'comm').read_text(encoding='utf-8').strip()} ({process.name})"
    except OSError:
        return process.name


def _errno_of(error: OSError) -> int | None:
    """The number, also when a driver put it only into the text (pyserial on Windows)."""
    if error.errno is not None:
        return error.errno
    text = str(error)
    if "PermissionError" in text or "Access is denied" in text:
        return errno.EBUSY
    if "FileNotFoundError" in text:
        return errno.ENOENT
    if any(part in text for part in ("read failed", "returned no data", "ClearCommError")):
        return errno.EIO
    return None


def reason_of(error: Exception) -> Message | str:
    """Why the system refused, in the reader's language where it is a usual reason."""
    if isinstance(error, socket.gaierror):
        return Message(_UNKNOWN_NAME)
    if isinstance(error, TimeoutError):
        return Message(_NO_ANSWER)
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return Message(known) if known else getattr(error, "strerror", None) or str(error)


def _forbidden(address: str, path: str) -> DeviceError:
    if sys.platform == "win32":
        return PortBusy(
            N_("Windows refuses access to {address}."),
            next_step=Message(_WINDOWS_RIGHTS),
            address=address,
        )
    group, user = _group_of(path), _user()
    return NoPermission(
        N_("You may not use {address}: it belongs to the group {group}, {user} is not in it."),
        next_step=Message(_JOIN, {"group": group, "user": user}),
        address=address,
        group=group,
        user=user,
    )


def _group_of(path: str) -> str:
    """The group of the device file; the usual one when the file cannot be asked."""
    import grp

    usual = "lp" if "/lp" in path or "usblp" in path else "dialout"
    try:
        return grp.getgrgid(os.stat(path).st_gid).gr_name
    except (OSError, KeyError):
        return usual


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "user"
