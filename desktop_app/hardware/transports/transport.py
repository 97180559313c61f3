"""The interface of everything that carries bytes to a device.

A transport is used by one thread. ``read`` and ``write`` have time limits; nothing blocks
for ever. Failures are the DeviceErrors of ``transports.failures``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

READ_SIZE = 4096
SEND_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 2.0


class Transport(ABC):
    """One connection to one device. ``address`` is what a person knows it by."""

    address: str = ""
    bidirectional: bool = True
    """False: the device cannot answer (file, spooler), so status stays unknown."""
    notices_power_off: bool = True
    """False: a device switched off and on again looks as if it had only been silent (serial)."""

    def plugged_in(self) -> bool | None:
        """Whether the system shows the device now; None when only opening it tells."""
        return None

    @abstractmethod
    def open(self) -> None:
        """Connect. Raises DeviceError; may be called again after ``close``."""

    @abstractmethod
    def read(self, timeout_s: float) -> bytes:
        """What came, at most READ_SIZE bytes; b"" when nothing came within ``timeout_s``.

        Raises DeviceError when the device is gone.
        """

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Hand over all of ``data``. Raises DeviceError, whose ``sent`` tells how far it got."""

    def finish(self) -> None:  # noqa: B027 - most transports need no end of job
        """Tell the device that the job is complete (half-close, end of spool job); may read on."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the device; never raises, may be called twice."""

    def __enter__(self) -> Transport:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
