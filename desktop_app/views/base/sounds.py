"""Three short tones a clerk knows without looking: ok, unknown, wrong.

Made at run time from a few numbers; a PC without sound hardware or sound libraries stays
silent and nothing else changes.
"""

from __future__ import annotations

import array
import logging
import math
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtWidgets import QApplication

_log = logging.getLogger(__name__)

RATE = 22_050
_TONES: dict[str, tuple[tuple[int, int], ...]] = {
    "ok": ((1318, 90),),
    "unknown": ((660, 110), (0, 50), (660, 110)),
    "wrong": ((330, 160), (0, 40), (220, 260)),
}
"""(frequency in Hz, duration in ms) one after the other; 0 Hz is silence."""
_FADE_MS = 8
_VOLUME = 0.35


def samples(kind: str) -> bytes:
    """Signed 16 bit mono samples of a tone at :data:`RATE`. Raises KeyError."""
    wave = array.array("h")
    fade = RATE * _FADE_MS // 1000
    for frequency, duration in _TONES[kind]:
        length = RATE * duration // 1000
        for index in range(length):
            edge = min(1.0, index / fade, (length - index) / fade)
            swing = math.sin(2 * math.pi * frequency * index / RATE)
            wave.append(round(32_767 * _VOLUME * edge * swing))
    return wave.tobytes()


class Sounds(QObject):
    """Plays the tones; the last one asked for wins."""

    def __init__(self, enabled: bool = True, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.enabled = enabled
        self._sink: Any = None
        self._buffer = QBuffer(self)
        self._tried = False

    def play(self, kind: str) -> None:
        """Start a tone and return at once."""
        if not self.enabled:
            return
        if not self._tried:
            self._tried = True
            self._sink = _open_sink(self)
        if self._sink is None:
            if kind != "ok":
                QApplication.beep()
            return
        self._sink.stop()
        self._buffer.close()
        self._buffer.setData(QByteArray(samples(kind)))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink.start(self._buffer)


def _open_sink(parent: QObject) -> Any:
    try:
        # fails on a Linux PC without libpulse; sound is a convenience, not a need
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
    except ImportError:
        _log.info("no sound: QtMultimedia cannot be loaded")
        return None
    device = QMediaDevices.defaultAudioOutput()
    if device.isNull():
        return None
    form = QAudioFormat()
    form.setSampleRate(RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return QAudioSink(device, form, parent)
