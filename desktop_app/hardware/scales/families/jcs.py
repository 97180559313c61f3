"""BCD frames that look alike: JCS (six bytes, stable is D6) and HT9800 (five, stable is D4).

``FF`` flags, three BCD bytes with the low digits first; JCS adds the unit (0 kg, 1 lb).
Flags D0-2 = decimals + 1; JCS D3-4: 00 weighing, 01 pieces, 10 percent; D5 negative;
D7 overflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, skip_to
from desktop_app.hardware.scales.protocol import Options, Sample, ScaleProtocol, Shown, Told
from desktop_app.hardware.scales.reading import Mode, Reading, as_digits

_START = 0xFF
_NEGATIVE, _OVERFLOW = 0x20, 0x80
_UNITS = ("kg", "lb")
_MODES = {0: Mode.SHOWN, 1: Mode.COUNT, 2: Mode.PERCENT}


@dataclass(frozen=True)
class Layout:
    """What differs between the two."""

    size: int
    stable_bit: int
    has_mode: bool
    has_unit: bool


_JCS = Layout(6, 0x40, has_mode=True, has_unit=True)
_HT = Layout(5, 0x10, has_mode=False, has_unit=False)


class BcdParser(Parser):
    """Frames of one Layout."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != _START:
            return skip_to(data, at, _START)
        frame = data[at : at + self._layout.size]
        if len(frame) < self._layout.size:
            return MORE
        reading = self._read(frame)
        return SKIP if reading is None else Step(len(frame), reading)

    def _read(self, frame: bytes) -> Reading | None:
        layout, flags = self._layout, frame[1]
        mode = _MODES.get(flags >> 3 & 3) if layout.has_mode else Mode.SHOWN
        figures = [digit for byte in frame[4:1:-1] for digit in (byte >> 4, byte & 0x0F)]
        places = (flags & 0x07) - 1
        if flags == _START or mode is None or places < 0 or max(figures) > 9:
            return None
        if layout.has_unit and frame[5] >= len(_UNITS):
            return None
        stable = bool(flags & layout.stable_bit)
        if flags & _OVERFLOW:
            under = bool(flags & _NEGATIVE)
            return Reading(None, stable=stable, overload=not under, underload=under, raw=frame)
        value = Decimal("".join(map(str, figures))).scaleb(-places)
        unit = _UNITS[frame[5]] if layout.has_unit else None
        if mode is not Mode.SHOWN:
            unit = "pcs" if mode is Mode.COUNT else "%"
        negative = bool(flags & _NEGATIVE) and value != 0
        return Reading(-value if negative else value, unit, stable, mode, raw=frame)


def _frame(shown: Shown, layout: Layout) -> bytes:
    places = max(0, min(shown.places, 6))
    flags = places + 1
    if layout.has_mode and shown.mode is Mode.COUNT:
        flags |= 1 << 3
    flags |= _NEGATIVE if shown.value < 0 or shown.underload else 0
    flags |= layout.stable_bit if shown.stable else 0
    flags |= _OVERFLOW if shown.overload or shown.underload else 0
    digits = f"{as_digits(shown.value, places):0>6}"[-6:]
    body = bytes.fromhex(digits)[::-1]
    unit = bytes((_UNITS.index(shown.unit) if shown.unit in _UNITS else 0,))
    return bytes((_START, flags)) + body + (unit if layout.has_unit else b"")


def encode_jcs(shown: Shown, options: Options) -> bytes:
    """Six bytes."""
    return _frame(shown, _JCS)


def encode_ht(shown: Shown, options: Options) -> bytes:
    """Five bytes."""
    return _frame(shown, _HT)


JCS = ScaleProtocol(
    key="jcs_bcd",
    title=N_("JCS BCD (6 bytes)"),
    brands="JCS, JS",
    parser=lambda options: BcdParser(_JCS),
    encode=encode_jcs,
    samples=(
        Sample(bytes.fromhex("FF 44 45 23 01 00"), Decimal("12.345"), "kg", True),
        Sample(bytes.fromhex("FF 23 50 02 00 01"), Decimal("-2.50"), "lb", False),
        Sample(bytes.fromhex("FF 49 36 02 00 00"), Decimal(236), "pcs", True, Mode.COUNT),
        Sample(bytes.fromhex("FF C4 00 00 00 00"), None, None, True),
    ),
)

HT9800 = ScaleProtocol(
    key="ht9800_bcd",
    title=N_("HT9800 BCD (5 bytes)"),
    brands="HT9800",
    parser=lambda options: BcdParser(_HT),
    encode=encode_ht,
    unit=Told.PROFILE,
    samples=(
        Sample(bytes.fromhex("FF 14 45 23 01"), Decimal("12.345"), None, True),
        Sample(bytes.fromhex("FF 94 00 00 00"), None, None, True),
    ),
)
