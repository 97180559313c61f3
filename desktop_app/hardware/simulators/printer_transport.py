"""A simulated printer as a transport: no socket between, same failures."""

from __future__ import annotations

import threading

from desktop_app.core import clock
from desktop_app.hardware.simulators.printer import PrinterDied, SimulatedPrinter
from desktop_app.hardware.transports.failures import unplugged
from desktop_app.hardware.transports.transport import Transport

_SLICE_S = 0.02


class SimulatedPrinterTransport(Transport):
    """Bytes go straight into the simulated printer. ``plugged`` False: the cable is pulled."""

    notices_power_off = False

    def __init__(self, printer: SimulatedPrinter, address: str) -> None:
        self.printer = printer
        self.address = address
        self.plugged = True

    def open(self) -> None:
        if not self.plugged:
            raise unplugged(self.address)

    def read(self, timeout_s: float) -> bytes:
        end = clock.monotonic() + timeout_s
        while True:
            if not self.plugged:
                raise unplugged(self.address)
            found = self.printer.replies()
            if found or clock.monotonic() >= end:
                return found
            threading.Event().wait(_SLICE_S)

    def write(self, data: bytes) -> None:
        if not self.plugged:
            raise unplugged(self.address)
        before = self.printer.die_after
        try:
            self.printer.receive(data)
        except PrinterDied as error:
            raise unplugged(self.address, sent=min(len(data), before or 0)) from error

    def finish(self) -> None:
        self.printer.end_of_job()

    def close(self) -> None:
        pass
