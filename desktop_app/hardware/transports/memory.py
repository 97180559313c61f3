"""Two ends of a cable that exists only in memory: simulated devices and tests."""

from __future__ import annotations

import threading

from desktop_app.core import clock
from desktop_app.hardware.transports.failures import DeviceError, busy, timed_out, unplugged
from desktop_app.hardware.transports.transport import READ_SIZE, Transport


class MemoryCable:
    """A cable with two ends, ``host`` (the program's) and ``device`` (the simulator's).

    ``unplug`` makes both ends fail as a pulled plug does; ``plug`` heals it; ``hold_by`` makes
    ``host.open`` say that another program has the port. ``room`` limits how many bytes the
    device may leave unread before a write times out.
    """

    def __init__(self, address: str = "memory", *, room: int = 1 << 20) -> None:
        self.address = address
        self.room = room
        self.plugged = True
        self.holder = ""
        self.changed = threading.Condition()
        self._lanes: dict[str, bytearray] = {"host": bytearray(), "device": bytearray()}
        self.host = MemoryTransport(self, "host", "device")
        self.device = MemoryTransport(self, "device", "host")

    def unplug(self) -> None:
        """Pull the plug: what is on the way is lost."""
        with self.changed:
            self.plugged = False
            for lane in self._lanes.values():
                lane.clear()
            self.changed.notify_all()

    def plug(self) -> None:
        """Put the plug back."""
        with self.changed:
            self.plugged = True
            self.changed.notify_all()

    def hold_by(self, holder: str) -> None:
        """Let another program have the port ("" ends it)."""
        self.holder = holder

    def lane(self, end: str) -> bytearray:
        """Bytes waiting to be read at that end; used under ``changed``."""
        return self._lanes[end]


class MemoryTransport(Transport):
    """One end of a MemoryCable."""

    def __init__(self, cable: MemoryCable, end: str, other: str) -> None:
        self.cable = cable
        self.address = cable.address
        self._end, self._other = end, other
        self._open = end == "device"

    def open(self) -> None:
        with self.cable.changed:
            if not self.cable.plugged:
                raise unplugged(self.address)
            if self._end == "host" and self.cable.holder:
                raise busy(self.address, self.cable.holder)
            self.cable.lane(self._end).clear()  # what came before nobody was there to hear
            self._open = True

    def read(self, timeout_s: float) -> bytes:
        end = clock.monotonic() + timeout_s
        with self.cable.changed:
            while True:
                self._check()
                lane = self.cable.lane(self._end)
                if lane:
                    data = bytes(lane[:READ_SIZE])
                    del lane[:READ_SIZE]
                    self.cable.changed.notify_all()
                    return data
                left = end - clock.monotonic()
                if left <= 0:
                    return b""
                self.cable.changed.wait(left)

    def write(self, data: bytes) -> None:
        with self.cable.changed:
            self._check()
            lane = self.cable.lane(self._other)
            free = self.cable.room - len(lane)
            lane += data[:free]
            self.cable.changed.notify_all()
            if free < len(data):
                raise timed_out(self.address, sent=max(free, 0))

    def close(self) -> None:
        with self.cable.changed:
            if self._end == "host":
                self._open = False
                self.cable.lane(self._end).clear()
            self.cable.changed.notify_all()

    def _check(self) -> None:
        if not self.cable.plugged or not self._open:
            raise self._gone()

    def _gone(self) -> DeviceError:
        return unplugged(self.address)
