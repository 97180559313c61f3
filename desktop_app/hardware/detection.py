"""Finding out which protocol a scale speaks, without ever changing anything on it.

Listen first, at each usual line setting; what arrives is cut by every protocol's parser and
scored. Only when the line stays silent are questions asked, one protocol's poll after the other.
Polls are harmless by declaration; tare and zero are never sent from here. Two answers that
would both do ("=" forms) end in a question for a known weight, never in a guess.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import partial

from desktop_app.core import clock
from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.scales.protocol import ScaleProtocol, Told
from desktop_app.hardware.scales.reading import Reading
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.transports.failures import DeviceError, LineRefused
from desktop_app.hardware.transports.ports import PortInfo
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.transport import Transport

LINES = (
    SerialSettings(9600),
    SerialSettings(9600, 7, "E", 1),
    SerialSettings(4800),
    SerialSettings(2400),
    SerialSettings(1200),
)
"""Line settings to listen at, the commonest first."""

LISTEN_S = 3.0
ANSWER_S = 0.6
SURE = 70
"""A score from which listening may stop early."""

_GOOD = 35
_SLICE_S = 0.3
_READ_KEY = b"R"
_WITHIN_PERCENT = Decimal(2)

OpenLine = Callable[[SerialSettings | None], Transport]


class Verdict(StrEnum):
    """How a detection ended."""

    FOUND = "found"
    ASK_KNOWN_WEIGHT = "ask_known_weight"
    UNKNOWN_DATA = "unknown_data"
    SILENT = "silent"
    STOPPED = "stopped"


VERDICTS: Mapping[Verdict, str] = {
    Verdict.FOUND: N_("Found. Compare the weight shown here with the display of the scale."),
    Verdict.ASK_KNOWN_WEIGHT: N_(
        "Two protocols fit. Put a known weight on the scale and type what its display shows."
    ),
    Verdict.UNKNOWN_DATA: N_(
        "Data arrives, but in no known protocol. Save the byte log for support, or write a pattern."
    ),
    Verdict.SILENT: N_("Nothing arrives. Switch the scale on and set it to continuous sending."),
    Verdict.STOPPED: N_("Stopped."),
}


@dataclass(frozen=True)
class Candidate:
    """One protocol that fits what was heard; ``score`` 0 to 100."""

    protocol: str
    line: SerialSettings | None
    score: int
    frames: int
    options: Mapping[str, str] = field(default_factory=dict)
    polled: bool = False
    last: Reading | None = None


@dataclass(frozen=True)
class Detected:
    """The end of a detection; ``candidates`` best first, ``data`` is what was heard for the best."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    data: bytes = b""

    @property
    def best(self) -> Candidate | None:
        """The first candidate."""
        return self.candidates[0] if self.candidates else None

    @property
    def message(self) -> Message:
        """One sentence for the person at the wizard."""
        return Message(VERDICTS[self.verdict])


def score_frames(
    data: bytes,
    line: SerialSettings | None,
    *,
    least: int = 2,
    protocols: Iterable[ScaleProtocol] = PROTOCOLS,
    polled: bool = False,
) -> list[Candidate]:
    """Every protocol that finds at least ``least`` full frames in ``data``, best first.

    A score is the share of the bytes that belong to frames; checksums weigh most, a flag and a
    unit in the frame more than bare digits.
    """
    found = []
    for protocol in protocols:
        if protocol.detectable:
            found += _scored(protocol, data, line, least, polled)
    return sorted(found, key=lambda candidate: -candidate.score)


def detect(
    open_line: OpenLine,
    *,
    lines: Sequence[SerialSettings | None] = LINES,
    listen_s: float = LISTEN_S,
    answer_s: float = ANSWER_S,
    progress: Callable[[Message], None] = lambda message: None,
    stop: threading.Event | None = None,
) -> Detected:
    """What the scale behind ``open_line`` speaks. Takes up to half a minute: not on the GUI thread.

    ``open_line`` makes a fresh transport for a line setting (None for a network address, then
    ``lines`` is ``(None,)``). ``stop`` ends it early. Raises DeviceError when the port cannot be used.
    """
    search = _Search(open_line, stop or threading.Event(), progress)
    for line in lines:
        search.listen(line, listen_s)
        if search.sure or search.stopped:
            break
    if not search.candidates and not search.stopped:
        for line, questions in _questions(lines):
            search.ask(line, questions, answer_s)
            if search.candidates or search.stopped:
                break
    return search.result()


def detect_ports(
    ports: Iterable[PortInfo],
    open_port: Callable[[PortInfo, SerialSettings | None], Transport],
    *,
    stop: threading.Event | None = None,
    progress: Callable[[Message], None] = lambda message: None,
) -> Iterator[tuple[PortInfo, Detected | DeviceError]]:
    """Detect on each port in turn; a port that cannot be opened gives its DeviceError."""
    for port in ports:
        if stop is not None and stop.is_set():
            return
        progress(Message(N_("Looking at {port} …"), {"port": port.title}))
        try:
            yield port, detect(partial(open_port, port), stop=stop, progress=progress)
        except DeviceError as error:
            yield port, error


def listen(transport: Transport, seconds: float, stop: threading.Event | None = None) -> bytes:
    """What an opened ``transport`` sends within ``seconds``: the frames of a known weight."""
    data, end = b"", clock.monotonic() + seconds
    while (left := end - clock.monotonic()) > 0 and not (stop and stop.is_set()):
        data += transport.read(min(_SLICE_S, left))
    return data


def decide_by_weight(known: Decimal, data: bytes, protocols: Iterable[str]) -> str | None:
    """The one of ``protocols`` by which ``data`` shows ``known`` (in the display's unit).

    None when no protocol shows it within two percent, or more than one does (an empty pan, a
    number that reads the same from both sides): ask for another weight.
    """
    fitting = []
    for key in protocols:
        readings = PROTOCOLS[key].new_parser().feed(data)
        values = [reading.value for reading in readings if reading.value is not None]
        if values and abs(values[-1] - known) <= abs(known) * _WITHIN_PERCENT / 100:
            fitting.append(key)
    return fitting[0] if len(fitting) == 1 else None


class _Search:
    """The state of one detection."""

    def __init__(
        self, open_line: OpenLine, stop: threading.Event, progress: Callable[[Message], None]
    ) -> None:
        self._open_line, self._stop, self._progress = open_line, stop, progress
        self.candidates: list[Candidate] = []
        self._data = b""
        self._heard = False

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    @property
    def sure(self) -> bool:
        return bool(self.candidates) and self.candidates[0].score >= SURE

    def listen(self, line: SerialSettings | None, seconds: float) -> None:
        if line is not None:
            self._progress(Message(N_("Listening at {line} …"), {"line": str(line)}))
        data, end = b"", clock.monotonic() + seconds
        with suppress(LineRefused), self._open_line(line) as transport:
            while clock.monotonic() < end and not self.stopped:
                data += transport.read(min(_SLICE_S, max(0.0, end - clock.monotonic())))
                found = score_frames(data[-4096:], line)
                self._keep(found, data)
                if found and found[0].score >= SURE and found[0].frames >= 4:
                    return

    def ask(self, line: SerialSettings | None, questions: Sequence[bytes], seconds: float) -> None:
        if line is not None:
            self._progress(Message(N_("Asking at {line} …"), {"line": str(line)}))
        with suppress(LineRefused), self._open_line(line) as transport:
            for question in questions:
                if self.stopped:
                    return
                data = self._answer(transport, question, seconds)
                asked = [p for p in PROTOCOLS if p.question({}) == question]
                self._keep(score_frames(data, line, least=1, protocols=asked, polled=True), data)
                if self.candidates:
                    return

    def result(self) -> Detected:
        if self.stopped:
            return Detected(Verdict.STOPPED)
        if not self.candidates:
            verdict = Verdict.UNKNOWN_DATA if self._heard else Verdict.SILENT
            return Detected(verdict, (), self._data)
        rivals = rivals_of(self.candidates)
        verdict = Verdict.ASK_KNOWN_WEIGHT if rivals else Verdict.FOUND
        return Detected(verdict, tuple(self.candidates), self._data)

    def _answer(self, transport: Transport, question: bytes, seconds: float) -> bytes:
        transport.write(question)
        prompts = {p.prompt for p in PROTOCOLS if p.question({}) == question and p.prompt}
        data, end = b"", clock.monotonic() + seconds
        while clock.monotonic() < end and not self.stopped:
            piece = transport.read(min(_SLICE_S, max(0.0, end - clock.monotonic())))
            data += piece
            for waits_for, reply in prompts:
                if piece.endswith(waits_for):
                    transport.write(reply)
            if data and not piece:
                break
        return data

    def _keep(self, found: list[Candidate], data: bytes) -> None:
        self._heard = self._heard or bool(data)
        best = self.candidates[0].score if self.candidates else _GOOD - 1
        if found and found[0].score > best:
            self.candidates, self._data = found, data[-4096:]
        elif not self.candidates and data:
            self._data = data[-4096:]


def rivals_of(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The protocols between which only a known weight decides; empty when the first is it."""
    if not candidates:
        return ()
    best = candidates[0]
    others = [
        candidate.protocol
        for candidate in candidates[1:]
        if candidate.protocol in PROTOCOLS[best.protocol].ambiguous_with
        or (candidate.score == best.score and _shows_other(candidate, best))
    ]
    return (best.protocol, *dict.fromkeys(others)) if others else ()


def _shows_other(one: Candidate, other: Candidate) -> bool:
    if one.last is None or other.last is None:
        return False
    return one.last.value != other.last.value


def _scored(
    protocol: ScaleProtocol, data: bytes, line: SerialSettings | None, least: int, polled: bool
) -> list[Candidate]:
    found = []
    for options in protocol.detect_with:
        parser = protocol.new_parser(options)
        readings = parser.feed(data)
        if parser.frames < least or not data:
            continue
        framed = max(0, parser.total - parser.skipped - parser.buffered)
        share = framed * 100 // parser.total
        weight = 60
        weight += 20 if protocol.stable is Told.DEVICE else 0
        weight += 15 if protocol.unit is Told.DEVICE else 0
        if protocol.checksum:
            weight = 100 if parser.checked * 2 >= parser.frames else 50
        candidate = Candidate(
            protocol.key, line, share * weight // 100, parser.frames, options, polled, readings[-1]
        )
        found.append(candidate)
    return sorted(found, key=lambda candidate: -candidate.score)[:1]


def _questions(
    lines: Sequence[SerialSettings | None],
) -> Iterator[tuple[SerialSettings | None, list[bytes]]]:
    """What to ask at which setting. Questions that end themselves come before bare letters.

    The bare R is the last of all: with a line end behind it, some scales read it as re-zero, so nothing
    may ever be sent after it.
    """
    asking = [p for p in PROTOCOLS if p.detectable and p.question({})]
    network = list(lines) == [None]
    everywhere: list[SerialSettings | None] = (
        [None] if network else sorted({line for p in asking for line in _lines_of(p)}, key=str)
    )
    everywhere.sort(key=lambda line: lines.index(line) if line in lines else len(lines))
    for line in everywhere:
        here = {p.question({}) for p in asking if network or line in _lines_of(p)} - {_READ_KEY}
        if here:
            yield line, sorted(here, key=lambda q: (not q.endswith((b"\n", b"\x03")), q))
    if any(p.question({}) == _READ_KEY for p in asking):
        yield (None if network else lines[0]), [_READ_KEY]


def _lines_of(protocol: ScaleProtocol) -> tuple[SerialSettings, ...]:
    return (protocol.serial, *protocol.also_serial)
