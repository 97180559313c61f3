"""Yaohua XK3190-A12(E) with check characters, and the plain ``ww000.000kg`` of A12 and LIDEN.

A12(E): ``W`` ``G``/``N``, seven characters, ``kg``, XOR of those eleven bytes as two hex
characters, CR LF; nine spaces and ``OL``/``LO`` for over- and underload.
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import LineParser, hex_pair, xor
from desktop_app.hardware.scales.protocol import (
    Command,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
    Told,
)
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number

_MODES = {b"G": Mode.GROSS, b"N": Mode.NET}
_PLAIN_MODES = {b"w": Mode.GROSS, b"n": Mode.NET, b"t": Mode.TARE}
_PLAIN = re.compile(rb"w([wnt])(-?[ \d]{0,7}\d?\.?\d{1,6})(kg|lb)$")
_OVER, _UNDER = b" " * 9 + b"OL", b" " * 9 + b"LO"


class CheckedParser(LineParser):
    """A12(E)."""

    def line(self, line: bytes) -> Reading | None:
        frame = line[-13:]
        if len(frame) < 13 or hex_pair(xor(frame[:11])) != frame[11:].upper():
            return None
        if frame[:11] in (_OVER, _UNDER):
            self.checked += 1
            over = frame[:11] == _OVER
            return Reading(None, overload=over, underload=not over, raw=frame)
        mode, value = _MODES.get(frame[1:2]), number(frame[2:9])
        if frame[:1] != b"W" or mode is None or frame[9:11] != b"kg" or value is None:
            return None
        self.checked += 1
        return Reading(value, "kg", mode=mode, raw=frame)


class PlainParser(LineParser):
    """``ww000.000kg``."""

    def line(self, line: bytes) -> Reading | None:
        found = _PLAIN.search(line)
        value = number(found.group(2)) if found else None
        if found is None or value is None:
            return None
        mode = _PLAIN_MODES[found.group(1)]
        return Reading(value, found.group(3).decode(), mode=mode, raw=found.group())


def encode_checked(shown: Shown, options: Options) -> bytes:
    """One line of fifteen bytes."""
    if shown.overload or shown.underload:
        body = _OVER if shown.overload else _UNDER
    else:
        letter = "N" if shown.mode is Mode.NET else "G"
        width = 6 if shown.value < 0 else 7
        digits = f"{fixed(shown.value, shown.places):0>{width}}"[-width:]
        body = f"W{letter}{'-' if shown.value < 0 else ''}{digits}kg".encode()
    return body + hex_pair(xor(body)) + b"\r\n"


def encode_plain(shown: Shown, options: Options) -> bytes:
    """One line; nothing in overload."""
    if shown.overload or shown.underload:
        return b""
    letter = {Mode.NET: "n", Mode.TARE: "t"}.get(shown.mode, "w")
    sign = "-" if shown.value < 0 else ""
    return f"w{letter}{sign}{fixed(shown.value, shown.places):0>7}{shown.unit}\r\n".encode()


CHECKED = ScaleProtocol(
    key="yaohua_a12e",
    title=N_("Yaohua A12(E) with check characters"),
    brands="Yaohua XK3190-A12(E)",
    parser=lambda options: CheckedParser(),
    encode=encode_checked,
    stable=Told.PROFILE,
    checksum=True,
    samples=(
        Sample(
            bytes.fromhex("57 47 30 30 30 2E 35 30 30 6B 67 33 37 0D 0A"),
            Decimal("0.500"),
            "kg",
            mode=Mode.GROSS,
            documented=True,
        ),
        Sample(b"         OL23\r\n", None, documented=True),
        Sample(b"         LO23\r\n", None, documented=True),
    ),
)

PLAIN = ScaleProtocol(
    key="yaohua_a12",
    title=N_("Yaohua A12 / LIDEN (ww000.000kg)"),
    brands="Yaohua XK3190-A12, LIDEN",
    parser=lambda options: PlainParser(),
    encode=encode_plain,
    poll=b"R",
    min_poll_s=0.5,
    tare=Command(b"T"),
    zero=Command(b"Z"),
    stable=Told.PROFILE,
    samples=(
        Sample(b"ww000.000kg\r\n", Decimal(0), "kg", mode=Mode.GROSS, documented=True),
        Sample(b"wn-001.250kg\r\n", Decimal("-1.250"), "kg", mode=Mode.NET),
        Sample(b"wt000.300lb\r\n", Decimal("0.300"), "lb", mode=Mode.TARE),
    ),
)
