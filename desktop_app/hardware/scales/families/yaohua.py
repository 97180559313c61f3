"""Yaohua XK3190 (A9, A23P, A26, DS1) and Keli D2008 with STX frames and check characters.

tF=0: ``02`` sign d1..d6 decimals cH cL ``03``; XOR of the bytes between, as two hex
characters. Neither unit nor stable flag. Command mode (tF=1): ``02`` address letter,
command letter, data, cH cL ``03``. Source: XK3190-A9 and K9 manuals.
"""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, hex_pair, skip_to, xor
from desktop_app.hardware.scales.protocol import (
    Option,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
    Told,
)
from desktop_app.hardware.scales.reading import Mode, Reading, as_digits, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

STX, ETX = 0x02, 0x03
_MODES = {b"B": Mode.GROSS, b"C": Mode.TARE, b"D": Mode.NET}
_ALSO = tuple(SerialSettings(baud) for baud in (4800, 2400, 1200))
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _figures(body: bytes) -> Decimal | None:
    """Sign, six digits (leading ones may be spaces), number of decimals."""
    if body[:1] not in (b"+", b"-") or not b"0" <= body[7:8] <= b"4":
        return None
    value = number(body[1:7], body[7] - 0x30) if b"." not in body[1:7] else None
    return -value if value and body[:1] == b"-" else value


def _body(shown: Shown) -> bytes:
    sign = "-" if shown.value < 0 else "+"
    places = max(shown.places, 0)
    return f"{sign}{as_digits(shown.value, places):0>6}{places}".encode()


class ContinuousParser(Parser):
    """tF=0."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != STX:
            return skip_to(data, at, STX)
        frame = data[at : at + 12]
        if len(frame) < 12:
            return MORE
        if frame[11] != ETX or hex_pair(xor(frame[1:9])) != frame[9:11].upper():
            return SKIP
        value = _figures(frame[1:9])
        return SKIP if value is None else Step(12, Reading(value, raw=frame), True)


class CommandParser(Parser):
    """Answers of the command mode; a handshake (6 bytes) carries no weight."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address.encode()

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != STX:
            return skip_to(data, at, STX)
        frame = data[at : at + 14]
        if len(frame) < 14:
            return MORE
        if frame[13] != ETX or hex_pair(xor(frame[1:11])) != frame[11:13].upper():
            return SKIP
        value, mode = _figures(frame[3:11]), _MODES.get(frame[2:3])
        if frame[1:2] != self._address or mode is None or value is None:
            return SKIP
        return Step(14, Reading(value, mode=mode, raw=frame), True)


def encode_continuous(shown: Shown, options: Options) -> bytes:
    """The frame of tF=0; nothing in overload, as the manual tells no frame for it."""
    if shown.overload or shown.underload:
        return b""
    body = _body(shown)
    return b"\x02" + body + hex_pair(xor(body)) + b"\x03"


def encode_command(shown: Shown, options: Options) -> bytes:
    """The answer to a question for the gross or net weight."""
    if shown.overload or shown.underload:
        return b""
    letter = {mode: key for key, mode in _MODES.items()}.get(shown.mode, b"B")
    body = options["address"].encode() + letter + _body(shown)
    return b"\x02" + body + hex_pair(xor(body)) + b"\x03"


def question(options: Options) -> bytes:
    """Ask for the gross weight."""
    body = options["address"].encode() + b"B"
    return b"\x02" + body + hex_pair(xor(body)) + b"\x03"


TF0 = ScaleProtocol(
    key="yaohua_tf0",
    title=N_("Yaohua tF=0 / Keli D2008 (continuous, check characters)"),
    brands="Yaohua XK3190-A9/A23P/A26/DS1, Keli D2008",
    parser=lambda options: ContinuousParser(),
    encode=encode_continuous,
    also_serial=_ALSO,
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    checksum=True,
    samples=(
        Sample(
            bytes.fromhex("02 2D 30 30 30 33 32 35 32 31 42 03"), Decimal("-3.25"), documented=True
        ),
        Sample(bytes.fromhex("02 2B 30 31 32 33 34 35 33 31 39 03"), Decimal("12.345")),
    ),
)

COMMAND = ScaleProtocol(
    key="yaohua_command",
    title=N_("Yaohua / Keli K9 command mode (tF=1)"),
    brands="Yaohua XK3190-A9, Keli D2008, K9",
    parser=lambda options: CommandParser(options["address"]),
    encode=encode_command,
    also_serial=_ALSO,
    poll=question({"address": "A"}),
    poll_for=question,
    sends_by_itself=False,
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    checksum=True,
    options=(Option("address", N_("Address of the scale"), {a: a for a in _LETTERS}, "A"),),
    samples=(
        Sample(
            bytes.fromhex("02 41 42 2B 30 30 30 37 35 30 33 31 39 03"),
            Decimal("0.750"),
            mode=Mode.GROSS,
            documented=True,
        ),
    ),
)
