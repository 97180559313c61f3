"""Speed and frame of a serial line, as people write them: "9600 8N1"."""

from __future__ import annotations

import re
from dataclasses import dataclass

BAUD_RATES = (600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_TEXT = re.compile(r"(\d{2,6})\s*[ ,]\s*([78])([NEO])([12])")


@dataclass(frozen=True)
class SerialSettings:
    """``parity`` is N, E or O. Flow control is off unless asked for."""

    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    xonxoff: bool = False
    rtscts: bool = False

    def __str__(self) -> str:
        return f"{self.baudrate} {self.bytesize}{self.parity}{self.stopbits}"

    @staticmethod
    def parse(text: str, *, xonxoff: bool = False, rtscts: bool = False) -> SerialSettings:
        """The settings written as "9600 8N1". Raises ValueError for anything else."""
        found = _TEXT.fullmatch(text.strip().upper())
        if found is None:
            raise ValueError(f"not serial settings: {text!r}")
        baud, bits, parity, stops = found.groups()
        return SerialSettings(int(baud), int(bits), parity, int(stops), xonxoff, rtscts)


DEFAULT_LINE = SerialSettings()
"""9600 8N1, what most devices are set to."""
