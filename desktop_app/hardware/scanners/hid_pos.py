"""Reports of a scanner in HID-POS mode (USB usage page 8C hex), put together to codes. Pure.

64 bytes: report id 02, length, 56 data, 4 reserved, symbology, 1 when more follows
(Newland FM420 and SAVEO RV2 manuals). The number of the symbology differs between makers
and is not turned into a name.
"""

from __future__ import annotations

from desktop_app.hardware.scanners.serial_framing import MAX_BUFFER, RawCode, code_of

REPORT_ID = 2
REPORT_SIZE = 64
DATA_SIZE = 56


class HidPosAssembly:
    """Call :meth:`feed` per report; a code may come in several."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def feed(self, report: bytes) -> RawCode | None:
        """The code when it is complete. Reports that are none are left out."""
        if len(report) != REPORT_SIZE or report[0] != REPORT_ID or report[1] > DATA_SIZE:
            self._parts.clear()
            return None
        if len(self._parts) + report[1] > MAX_BUFFER:
            self._parts.clear()
            return None
        self._parts += report[2 : 2 + report[1]]
        if report[63] == 1:
            return None
        raw = bytes(self._parts)
        self._parts.clear()
        return code_of(raw.rstrip(b"\r\n"))


def reports(data: bytes, symbology: int = 0) -> list[bytes]:
    """The reports a scanner would send for ``data`` (simulator, tests)."""
    pieces = [data[n : n + DATA_SIZE] for n in range(0, max(len(data), 1), DATA_SIZE)]
    return [
        bytes([REPORT_ID, len(piece)])
        + piece.ljust(DATA_SIZE, b"\0")
        + bytes([0, 0, 0, 0, symbology, int(number < len(pieces) - 1)])
        for number, piece in enumerate(pieces)
    ]
