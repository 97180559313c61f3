"""One owner per port inside this program, so that two devices never share a cable."""

from __future__ import annotations

import threading

from desktop_app.hardware.transports.failures import busy

_lock = threading.Lock()
_owners: dict[str, str] = {}


class Claim:
    """The right to use ``port`` until :meth:`release`."""

    def __init__(self, port: str) -> None:
        self._port: str | None = port

    def release(self) -> None:
        """Give the port back; may be called twice."""
        with _lock:
            if self._port is not None:
                _owners.pop(self._port, None)
            self._port = None


def claim(port: str, owner: str) -> Claim:
    """Take ``port`` for ``owner`` (a device's name). Raises PortBusy, naming who has it."""
    with _lock:
        if port in _owners:
            raise busy(port, _owners[port])
        _owners[port] = owner or port
    return Claim(port)
