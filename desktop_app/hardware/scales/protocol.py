"""What a scale protocol is: a declaration that parser, runner, detection and simulator read.

Parsers and encoders are pure. A protocol with options (Toledo's unit bits, a user's own
pattern) is still one declaration; the options of the device's profile are handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from desktop_app.hardware.scales.parsing import Parser
from desktop_app.hardware.scales.reading import Mode
from desktop_app.hardware.transports.serial_settings import DEFAULT_LINE, SerialSettings

Options = Mapping[str, str]


class Told(StrEnum):
    """Who tells a fact: the frames, or the profile the user filled in."""

    DEVICE = "device"
    PROFILE = "profile"


@dataclass(frozen=True)
class Shown:
    """What a scale displays at one moment; an encoder makes the protocol's frame of it.

    ``value`` is in ``unit``; ``places`` are the display's decimals.
    """

    value: Decimal
    unit: str = "kg"
    places: int = 3
    stable: bool = True
    mode: Mode = Mode.GROSS
    overload: bool = False
    underload: bool = False
    tare: Decimal = Decimal(0)


Encoder = Callable[[Shown, Options], bytes]


@dataclass(frozen=True)
class Command:
    """Tare or zero. ``done`` and ``refused`` are patterns searched in what comes back.

    With ``done`` empty the scale does not answer: the next reading of zero confirms.
    """

    send: bytes
    done: bytes = b""
    refused: bytes = b""
    reply: bytes = b""
    """What a scale that obeys sends back (the simulator does)."""
    reply_refused: bytes = b""


@dataclass(frozen=True)
class Sample:
    """A frame and what it means: shown in the help, checked by the contract test.

    ``value`` None: no number (overload, error). ``documented``: a worked example of a manual.
    """

    frame: bytes
    value: Decimal | None
    unit: str | None = None
    stable: bool | None = None
    mode: Mode = Mode.SHOWN
    documented: bool = False


@dataclass(frozen=True)
class Option:
    """A choice of a device profile: ``values`` maps the stored word to its title."""

    key: str
    title: str
    values: Mapping[str, str]
    default: str


@dataclass(frozen=True)
class ScaleProtocol:
    """One protocol. ``key`` is permanent; ``title`` is an N_ string, ``brands`` are proper names.

    ``poll`` asks for one reading and is harmless; b"" when the scale sends by itself.
    ``min_poll_s``: some scales beep or stall when asked faster. ``ambiguous_with`` names the
    protocols whose frames look the same: detection then asks for a known weight.
    """

    key: str
    title: str
    parser: Callable[[Options], Parser]
    encode: Encoder
    samples: tuple[Sample, ...]
    brands: str = ""
    serial: SerialSettings = DEFAULT_LINE
    also_serial: tuple[SerialSettings, ...] = ()
    poll: bytes = b""
    poll_for: Callable[[Options], bytes] | None = None
    """When the question depends on an option (an address)."""
    prompt: tuple[bytes, bytes] | None = None
    """The scale answers the poll with the first and wants the second before it weighs."""
    sends_by_itself: bool = True
    """False: it is silent until asked; then there is a question."""
    min_poll_s: float = 0.2
    tare: Command | None = None
    zero: Command | None = None
    stable: Told = Told.DEVICE
    unit: Told = Told.DEVICE
    checksum: bool = False
    options: tuple[Option, ...] = ()
    ambiguous_with: frozenset[str] = frozenset()
    detectable: bool = True
    detect_with: tuple[Mapping[str, str], ...] = ({},)
    """The sets of options that auto-detection tries."""
    over_serial: bool = True

    def new_parser(self, options: Options | None = None) -> Parser:
        """A fresh parser; missing options take their defaults.

        Raises InvalidInput when an option of the user (a pattern) is wrong.
        """
        return self.parser(self.filled(options or {}))

    def question(self, options: Options) -> bytes:
        """What to send to get one reading, b"" when the scale sends by itself."""
        return self.poll_for(self.filled(options)) if self.poll_for else self.poll

    def filled(self, options: Options) -> dict[str, str]:
        """``options`` with the defaults of what is missing."""
        return {option.key: option.default for option in self.options} | dict(options)


@dataclass(frozen=True)
class ScaleProfile:
    """How one scale is used here; kept as JSON with the device.

    ``unit`` is what the scale shows when its frames do not say; ``division`` its smallest
    step and ``capacity`` its largest weight, both in that unit. ``min_weight`` counts as
    empty below it.
    """

    protocol: str
    unit: str = "kg"
    division: Decimal = Decimal("0.001")
    capacity: Decimal = Decimal(30)
    min_weight: Decimal = Decimal("0.02")
    stable_count: int = 4
    stable_within_s: Decimal = Decimal(2)
    poll_s: Decimal | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def as_settings(self) -> dict[str, object]:
        """Plain JSON."""
        told: dict[str, object] = {
            "protocol": self.protocol,
            "unit": self.unit,
            "stable_count": self.stable_count,
            "options": dict(self.options),
        }
        for name in _DECIMALS:
            value = getattr(self, name)
            told[name] = None if value is None else str(value)
        return told

    @staticmethod
    def from_settings(given: Mapping[str, object]) -> ScaleProfile:
        """The profile written by :meth:`as_settings`; unknown keys are left out.

        Raises ValueError when the protocol is missing or a number is none.
        """
        if not given.get("protocol"):
            raise ValueError("a scale profile names its protocol")
        options = given.get("options") or {}
        numbers = {n: _decimal(given[n], n) for n in _DECIMALS if given.get(n) is not None}
        return ScaleProfile(
            protocol=str(given["protocol"]),
            unit=str(given.get("unit") or "kg"),
            stable_count=max(2, int(str(given.get("stable_count") or 4))),
            options={str(k): str(v) for k, v in options.items()}
            if isinstance(options, Mapping)
            else {},
            **numbers,
        )


_DECIMALS = ("division", "capacity", "min_weight", "stable_within_s", "poll_s")


def _decimal(value: object, name: str) -> Decimal:
    try:
        made = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"{name} is no number: {value!r}") from error
    if not made.is_finite():
        raise ValueError(f"{name} is no number: {value!r}")
    return made
