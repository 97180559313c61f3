"""MT-SICS, the command language of Mettler-Toledo balances (Ohaus and others speak it too).

``S S     100.00 g``: stable; ``S D``: moving; ``S +``, ``S -``, ``S I``: over, under, cannot now.
``ES``, ``ET``, ``EL`` are errors of the language itself. Source: MT-SICS reference manual.
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import LineParser
from desktop_app.hardware.scales.protocol import Command, Options, Sample, ScaleProtocol, Shown
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number

_WEIGHT = re.compile(rb"S ([SD]) +(-? *\d{1,10}(?:\.\d{1,7})?) ([A-Za-z%]{1,5})$")
_STATE = re.compile(rb"S ([+\-I])$")
_ERROR = re.compile(rb"E[STL]$")
_PIECES = {"PCS", "pcs", "Pcs"}


class SicsParser(LineParser):
    """Answers to S, SI and SIR."""

    def line(self, line: bytes) -> Reading | None:
        if (found := _WEIGHT.search(line)) is not None:
            value, unit = number(found.group(2)), found.group(3).decode()
            if value is None:
                return None
            pieces = unit in _PIECES
            mode = Mode.COUNT if pieces else Mode.SHOWN
            stable = found.group(1) == b"S"
            return Reading(value, "pcs" if pieces else unit, stable, mode, raw=found.group())
        if (found := _STATE.search(line)) is not None:
            state = found.group(1)
            return Reading(
                None,
                stable=False,
                overload=state == b"+",
                underload=state == b"-",
                raw=found.group(),
            )
        if _ERROR.fullmatch(line) is not None:
            return Reading(None, error=line.decode(), raw=line)
        return None


def encode(shown: Shown, options: Options) -> bytes:
    """The answer to SI."""
    if shown.overload or shown.underload:
        return b"S +\r\n" if shown.overload else b"S -\r\n"
    sign = "-" if shown.value < 0 else ""
    unit = "PCS" if shown.mode is Mode.COUNT else shown.unit
    state = "S" if shown.stable else "D"
    return f"S {state} {sign + fixed(shown.value, shown.places):>10} {unit}\r\n".encode()


MT_SICS = ScaleProtocol(
    key="mt_sics",
    title=N_("MT-SICS (Mettler-Toledo, Ohaus)"),
    brands="Mettler-Toledo, Ohaus",
    parser=lambda options: SicsParser(),
    encode=encode,
    poll=b"SI\r\n",
    sends_by_itself=False,
    tare=Command(
        b"T\r\n",
        done=rb"T S +[-\d. ]+",
        refused=rb"T [I+\-L]\r|E[STL]\r",
        reply=b"T S       0.00 g\r\n",
        reply_refused=b"T I\r\n",
    ),
    zero=Command(
        b"Z\r\n",
        done=rb"Z A\r",
        refused=rb"Z [I+\-L]\r|E[STL]\r",
        reply=b"Z A\r\n",
        reply_refused=b"Z I\r\n",
    ),
    samples=(
        Sample(b"S S     100.00 g\r\n", Decimal("100.00"), "g", True),
        Sample(b"S D      -1.25 kg\r\n", Decimal("-1.25"), "kg", False),
        Sample(b"S S        236 PCS\r\n", Decimal(236), "pcs", True, Mode.COUNT),
        Sample(b"S +\r\n", None, None, False),
        Sample(b"S I\r\n", None, None, False),
        Sample(b"ES\r\n", None),
    ),
)
