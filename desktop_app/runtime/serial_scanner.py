"""A scanner with a line of its own (serial, USB-COM, HID-POS) that runs: thread, byte log and lamp."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.hardware.byte_log import ByteLog
from desktop_app.hardware.lamp import Lamp
from desktop_app.hardware.runner import DeviceRunner
from desktop_app.hardware.scanners.conversation import OnCode, ScannerConversation
from desktop_app.hardware.scanners.hid_pos import HidPosFraming
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.hardware.transports.transport import Transport
from desktop_app.services.devices import Device


class SerialScanner:
    """One scanner; what it reads is handed over from its thread."""

    def __init__(self, runner: DeviceRunner, byte_log: ByteLog) -> None:
        self._runner = runner
        self.byte_log = byte_log

    @property
    def lamp(self) -> Lamp:
        """The lamp now."""
        return self._runner.lamp

    def start(self) -> None:
        """Connect, and stay connected until :meth:`stop`."""
        self._runner.start()

    def stop(self, *, wait: bool = True) -> None:
        """Let go of the port; returns when the thread has ended, or at once without ``wait``."""
        self._runner.stop(wait=wait)

    def wait(self, seconds: float) -> bool:
        """After :meth:`stop`: True when the port is free again."""
        return self._runner.wait(seconds)


def serial_scanner(
    device: Device,
    make_transport: Callable[[], Transport],
    told_lamp: Callable[[Lamp], None],
    scanned: OnCode,
    log_path: Path | None = None,
) -> SerialScanner:
    """The scanner kept as ``device``. ``scanned(code, symbology, raw)`` and ``told_lamp`` are
    called from its thread.
    """
    profile = ScannerProfile.from_json(device.settings.get("profile") or {})
    byte_log = ByteLog(log_path)
    reports = (device.settings.get("transport") or {}).get("kind") == "hid_pos"
    talk = ScannerConversation(scanned, profile, HidPosFraming() if reports else None)
    runner = DeviceRunner(device.name, make_transport, talk, byte_log=byte_log)
    runner.on_lamp(told_lamp)
    return SerialScanner(runner, byte_log)
