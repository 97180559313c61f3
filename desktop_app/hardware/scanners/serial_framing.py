"""Bytes of a serial (USB-COM, RS-232) scanner cut into codes. Pure: no port, no clock.

A code ends with CR, LF, CR LF, ETX or, for a scanner set to send none of these, with a
pause. STX in front is left out. GS (1D hex) inside a code is data and stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.symbologies import split as split_symbology

MAX_BUFFER = 4096
IDLE_S = 0.05
_ENDS = b"\r\n\x03"
_AROUND = b"\x00\x02 "


@dataclass(frozen=True)
class RawCode:
    """One code. ``text`` is without symbology identifier, ``symbology`` "]C1" or ""."""

    text: str
    symbology: str
    raw: bytes

    @property
    def announced(self) -> str:
        """The text with its identifier in front, as ``domain.scan_codes`` reads it."""
        return self.symbology + self.text


class SerialFraming:
    """Call :meth:`feed` with what came and :meth:`idle` while nothing comes.

    ``now`` is monotonic seconds; ``idle_s`` is the pause that ends a code without terminator.
    What is longer than 4 KB is not a code: it is thrown away up to the next end, and counted
    in ``dropped``.
    """

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._buffer = bytearray()
        self._last = 0.0
        self._overrun = False
        self.dropped = 0

    @property
    def pending(self) -> int:
        """Bytes that wait for their end; never more than 4 KB."""
        return len(self._buffer)

    def reset(self) -> None:
        """Forget half a code (the line was interrupted)."""
        self._buffer.clear()
        self._overrun = False

    def feed(self, data: bytes, now: float) -> list[RawCode]:
        """The codes that are complete now; first those that a pause before ``data`` ended."""
        codes = self.idle(now)
        self._last = now
        for byte in data:
            if byte in _ENDS:
                codes += self._take()
            elif self._overrun:
                self.dropped += 1
            elif len(self._buffer) >= MAX_BUFFER:
                self.dropped += len(self._buffer) + 1
                self._buffer.clear()
                self._overrun = True
            else:
                self._buffer.append(byte)
        return codes

    def idle(self, now: float) -> list[RawCode]:
        """The code that a pause has ended, if any."""
        if now - self._last < self._idle_s or not (self._buffer or self._overrun):
            return []
        return self._take()

    def _take(self) -> list[RawCode]:
        raw = bytes(self._buffer)
        self.reset()
        code = code_of(raw)
        return [code] if code is not None else []


def code_of(raw: bytes, symbology: str = "") -> RawCode | None:
    """The code in the bytes of one scan; None when nothing but filling is there.

    Chinese comes as UTF-8 or GB 18030, depending on the scanner's setting; bytes that are
    neither are taken one by one, so that nothing scanned is thrown away.
    """
    body = raw.strip(_AROUND)
    if not body:
        return None
    text = _text(body)
    found, rest = split_symbology(text)
    return RawCode(rest if found else text, found or symbology, raw)


def _text(body: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")
