"""The report of a USB HID scale (usage page 8D): parser only, the reports come from hidraw.

Report id 3, status, unit, signed power of ten, low byte, high byte. Source: USB HID point of
sale usage tables, weighing devices.
"""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, skip_to
from desktop_app.hardware.scales.protocol import Options, Sample, ScaleProtocol, Shown
from desktop_app.hardware.scales.reading import Reading

_REPORT = 0x03
_UNITS = {0x02: "g", 0x03: "kg", 0x0B: "oz", 0x0C: "lb"}
_CODES = {unit: code for code, unit in _UNITS.items()}
_FAULT, _ZERO, _MOTION, _STABLE, _UNDER, _OVER, _CALIBRATE, _REZERO = range(1, 9)
_ERRORS = {_FAULT: "fault", _CALIBRATE: "calibrate", _REZERO: "re-zero"}
_FARTHEST = 8


class HidParser(Parser):
    """Reports of six bytes."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != _REPORT:
            return skip_to(data, at, _REPORT)
        frame = data[at : at + 6]
        if len(frame) < 6:
            return MORE
        reading = _read(frame)
        return SKIP if reading is None else Step(6, reading)


def _read(frame: bytes) -> Reading | None:
    status, unit = frame[1], _UNITS.get(frame[2])
    power = frame[3] - 256 if frame[3] > 127 else frame[3]
    if not _FAULT <= status <= _REZERO or unit is None or abs(power) > _FARTHEST:
        return None
    if status in _ERRORS:
        return Reading(None, error=_ERRORS[status], raw=frame)
    if status in (_OVER, _UNDER):
        return Reading(None, overload=status == _OVER, underload=status == _UNDER, raw=frame)
    raw = frame[4] | frame[5] << 8
    value = Decimal(0) if status == _ZERO else Decimal(raw).scaleb(power)
    if power > 0:
        value = value.quantize(Decimal(1))
    return Reading(value, unit, status != _MOTION, raw=frame)


def encode(shown: Shown, options: Options) -> bytes:
    """One report; below zero is told as such, as the report has no sign."""
    places = max(0, shown.places)
    amount = min(int(abs(shown.value).scaleb(places).to_integral_value()), 0xFFFF)
    if shown.overload:
        status = _OVER
    elif shown.underload or shown.value < 0:
        status = _UNDER
    elif not shown.stable:
        status = _MOTION
    else:
        status = _STABLE if amount else _ZERO
    unit = _CODES.get(shown.unit, 0x03)
    return bytes((_REPORT, status, unit, -places & 0xFF, amount & 0xFF, amount >> 8))


HID = ScaleProtocol(
    key="usb_hid",
    title=N_("USB HID scale report"),
    brands="Dymo, Stamps, Fairbanks",
    parser=lambda options: HidParser(),
    encode=encode,
    detectable=False,
    over_serial=False,
    samples=(
        Sample(bytes.fromhex("03 04 03 FF 7B 00"), Decimal("12.3"), "kg", True),
        Sample(bytes.fromhex("03 03 02 00 F4 01"), Decimal(500), "g", False),
        Sample(bytes.fromhex("03 02 0C FF 00 00"), Decimal(0), "lb", True),
        Sample(bytes.fromhex("03 06 03 00 00 00"), None),
        Sample(bytes.fromhex("03 05 03 00 00 00"), None),
    ),
)
