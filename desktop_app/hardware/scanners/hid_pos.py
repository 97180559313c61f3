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


class HidPosFraming:
    """Reports cut into codes, as ``SerialFraming`` does it for a line. ``dropped`` counts bytes
    that belong to no report.
    """

    def __init__(self) -> None:
        self._assembly = HidPosAssembly()
        self._rest = b""
        self.dropped = 0

    def reset(self) -> None:
        """Forget half a code."""
        self._assembly = HidPosAssembly()
        self._rest = b""

    def feed(self, data: bytes, _now: float) -> list[RawCode]:
        """The codes that are complete now."""
        data = self._rest + data
        codes = []
        while len(data) >= REPORT_SIZE:
            if data[0] != REPORT_ID:
                data, self.dropped = data[1:], self.dropped + 1
                continue
            code = self._assembly.feed(data[:REPORT_SIZE])
            codes += [code] if code is not None else []
            data = data[REPORT_SIZE:]
        self._rest = data
        return codes

    def idle(self, _now: float) -> list[RawCode]:
        """A pause means nothing: each report says whether more follows."""
        return []


def reports(data: bytes, symbology: int = 0) -> list[bytes]:
    """The reports a scanner would send for ``data`` (simulator, tests)."""
    pieces = [data[n : n + DATA_SIZE] for n in range(0, max(len(data), 1), DATA_SIZE)]
    return [
        bytes([REPORT_ID, len(piece)])
        + piece.ljust(DATA_SIZE, b"\0")
        + bytes([0, 0, 0, 0, symbology, int(number < len(pieces) - 1)])
        for number, piece in enumerate(pieces)
    ]
