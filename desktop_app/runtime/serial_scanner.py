"""A scanner with a line of its own, run like every other device."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.hardware.lamp import Lamp
from desktop_app.hardware.runner import DeviceRunner
from desktop_app.hardware.scanners.conversation import OnCode, ScannerConversation
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.hardware.transports.transport import Transport
from desktop_app.services.devices import Device


def serial_scanner(
    device: Device,
    make_transport: Callable[[], Transport],
    on_lamp: Callable[[Lamp], None],
    on_code: OnCode,
) -> DeviceRunner:
    """The runner of a scanner; both listeners are called from its thread."""
    profile = ScannerProfile.from_json(device.settings.get("profile") or {})
    runner = DeviceRunner(device.name, make_transport, ScannerConversation(on_code, profile))
    runner.on_lamp(on_lamp)
    return runner
