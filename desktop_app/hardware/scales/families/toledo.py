"""Toledo continuous output, also of the many Chinese indicators that copy it.

``02`` SWA SWB SWC, six digits of weight, six of tare, ``0D`` and often a checksum (two's
complement of the low seven bits of the sum). SWA bits 0-2 place the point, or say that
zeros which the display shows are missing: 000 is x100 and 001 x10. Relatives put the unit
into other bits, so that is an option of the device.
"""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, skip_to
from desktop_app.hardware.scales.protocol import (
    Command,
    Option,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
)
from desktop_app.hardware.scales.reading import Mode, Reading, as_digits, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_STX, _CR = 0x02, 0x0D
_NET, _NEGATIVE, _OUT, _MOTION, _KG, _ONE = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_DUMMY_ZEROS = 2
"""SWA code whose last digit is the unit; below it zeros are missing."""
_EXTRA_UNITS = ("", "g", "t", "oz", "ozt", "dwt", "ton", "custom")


class ToledoParser(Parser):
    """``checksum`` yes: frames without a right one are garbage; auto: taken, but not counted.

    In auto the reading is told at the CR already; the byte behind it is looked at when it comes.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._unit_bits = options["unit_bits"]
        self._checksum = options["checksum"]
        self._expected: int | None = None

    def reset(self) -> None:
        super().reset()
        self._expected = None

    def step(self, data: bytes, at: int) -> Step:
        expected, self._expected = self._expected, None
        if data[at] == expected and data[at] != _STX:
            self.checked += 1
            self.skipped -= 1
            return SKIP
        if data[at] != _STX:
            return skip_to(data, at, _STX) if expected is None else SKIP
        size = 18 if self._checksum == "yes" else 17
        frame = data[at : at + size]
        if len(frame) < size:
            return MORE
        reading = self._read(frame)
        if reading is None:
            return SKIP
        if self._checksum == "auto":
            self._expected = check_byte(frame)
            return Step(17, reading)
        right = size == 18 and frame[17] == check_byte(frame[:17])
        return SKIP if size == 18 and not right else Step(size, reading, right)

    def _read(self, frame: bytes) -> Reading | None:
        swa, swb, swc = frame[1:4]
        bit5_missing = self._unit_bits == "fairbanks"
        if swa & 0xE0 != _ONE or not swa & 0x18 or swc & 0xA0 != _ONE or frame[16] != _CR:
            return None
        if swb & 0x80 or bool(swb & _ONE) == bit5_missing:
            return None
        if any(not (b == 0x20 or 0x30 <= b <= 0x39) for b in frame[4:16]):
            return None
        negative, stable = bool(swb & _NEGATIVE), not swb & _MOTION
        if swb & _OUT:
            return Reading(
                None, stable=stable, overload=not negative, underload=negative, raw=frame
            )
        value = number(frame[4:10])
        if value is None:
            return None
        value = value.scaleb(_DUMMY_ZEROS - (swa & 0x07))
        if swa & 0x07 < _DUMMY_ZEROS:
            value = value.quantize(Decimal(1))
        return Reading(
            -value if negative and value else value,
            self._unit(swb, swc),
            stable,
            Mode.NET if swb & _NET else Mode.GROSS,
            raw=frame,
        )

    def _unit(self, swb: int, swc: int) -> str | None:
        if self._unit_bits == "profile":
            return None
        if self._unit_bits == "liden":
            return "lb" if swc & 0x01 else "kg"
        return _EXTRA_UNITS[swc & 0x07] or ("kg" if swb & _KG else "lb")


def check_byte(frame: bytes) -> int:
    """Two's complement of the low seven bits of the sum of the seventeen bytes."""
    return -sum(frame[:17]) & 0x7F


def encode(shown: Shown, options: Options) -> bytes:
    """One frame, with a checksum unless the option says no."""
    places = max(-_DUMMY_ZEROS, min(shown.places, 5))
    swa = _ONE | 0x08 | (places + _DUMMY_ZEROS)
    bits = options["unit_bits"]
    swb = 0 if bits == "fairbanks" else _ONE
    swb |= _NET if shown.mode is Mode.NET else 0
    swb |= _NEGATIVE if shown.value < 0 or shown.underload else 0
    swb |= _OUT if shown.overload or shown.underload else 0
    swb |= 0 if shown.stable else _MOTION
    swc = _ONE
    if bits == "liden":
        swc |= 0x01 if shown.unit == "lb" else 0
    else:
        swb |= _KG if shown.unit == "kg" else 0
        swc |= _EXTRA_UNITS.index(shown.unit) if shown.unit in _EXTRA_UNITS else 0
    digits = f"{as_digits(shown.value, places):>6}{as_digits(shown.tare, places):0>6}"
    frame = bytes((_STX, swa, swb, swc)) + digits.encode() + b"\r"
    return frame if options["checksum"] == "no" else frame + bytes((check_byte(frame),))


TOLEDO = ScaleProtocol(
    key="toledo_continuous",
    title=N_("Toledo continuous (8142, 8530 and relatives)"),
    brands="Mettler-Toledo 8142/8530, LIDEN, Fairbanks",
    parser=ToledoParser,
    encode=encode,
    also_serial=(SerialSettings(9600, 7, "E", 1), SerialSettings(4800), SerialSettings(2400)),
    tare=Command(b"T\r\n"),  # original ones obey the letter, copies wait for the line end
    zero=Command(b"Z\r\n"),
    checksum=True,
    detect_with=({}, {"unit_bits": "fairbanks"}, {"checksum": "no"}),
    options=(
        Option(
            "unit_bits",
            N_("Where the unit is told"),
            {
                "toledo": N_("Toledo (SWB bit 4, SWC bits 0-2)"),
                "liden": N_("LIDEN (SWC bit 0)"),
                "fairbanks": N_("Fairbanks (SWB bit 5 is 0)"),
                "profile": N_("Not told: the unit set here"),
            },
            "toledo",
        ),
        Option(
            "checksum",
            N_("Checksum"),
            {"auto": N_("Sent or not"), "yes": N_("Always sent"), "no": N_("Never sent")},
            "auto",
        ),
    ),
    samples=(
        Sample(
            bytes.fromhex("02 2D 30 20 30 30 30 35 30 30 30 30 30 30 30 30 0D 2F"),
            Decimal("0.500"),
            "kg",
            True,
            Mode.GROSS,
            documented=True,
        ),
        Sample(
            bytes.fromhex("02 29 38 20 20 20 31 32 33 34 20 20 20 20 20 30 0D"),
            Decimal(12340),
            "kg",
            False,
            Mode.GROSS,
        ),
    ),
)
