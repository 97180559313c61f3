"""The wizard finds out what a scale speaks without changing anything on it."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from desktop_app.hardware.detection import (
    LINES,
    Detected,
    Verdict,
    decide_by_weight,
    detect,
    detect_ports,
    listen,
    rivals_of,
    score_frames,
)
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.simulators.links import MemoryLink, PtyLink, Simulation
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.ports import PortInfo
from desktop_app.hardware.transports.serial_port import SerialTransport
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.transport import Transport

SENDING = [p.key for p in PROTOCOLS if p.detectable and p.key not in ("cas_enq", "toledo_8217")]
ASKED = [p.key for p in PROTOCOLS if p.detectable and p.question({})]


class OneLine(Transport):
    """A cable on which the scale is understood at one line setting only."""

    def __init__(self, cable: MemoryCable, fits: bool, sent: list[bytes]) -> None:
        self.cable, self.fits, self.sent = cable, fits, sent

    def open(self) -> None:
        self.cable.host.open()

    def read(self, timeout_s: float) -> bytes:
        data = self.cable.host.read(timeout_s)
        return data if self.fits else bytes(b ^ 0xA5 for b in data)

    def write(self, data: bytes) -> None:
        self.sent.append(data)
        if self.fits:
            self.cable.host.write(data)

    def close(self) -> None:
        self.cable.host.close()


def found_on(
    key: str, load: str, *, per_second: float, line: SerialSettings | None = None
) -> tuple[Detected, list[bytes], SimulatedScale]:
    scale = SimulatedScale(ScaleProfile(key), settle_s=0)
    scale.put(Decimal(load), 0.0)
    cable, sent = MemoryCable(), []
    right = line or PROTOCOLS[key].serial
    with Simulation(scale, MemoryLink(cable), per_second=per_second):
        detected = detect(
            lambda asked: OneLine(cable, asked == right, sent), listen_s=0.12, answer_s=0.04
        )
    return detected, sent, scale


@pytest.mark.parametrize("key", SENDING)
def test_a_sending_scale_is_found_by_listening_alone(key: str) -> None:
    line = next(line for line in LINES if line in (PROTOCOLS[key].serial, *LINES))
    if PROTOCOLS[key].serial in LINES:
        line = PROTOCOLS[key].serial
    detected, sent, _ = found_on(key, "12.345", per_second=60, line=line)
    assert detected.best is not None
    told = detected.best.protocol
    assert told == key or {told, key} == {"and_two_headers", "cas_and18"}  # the same readings
    assert detected.verdict is Verdict.FOUND
    assert detected.best.line == line
    assert detected.best.last is not None
    assert detected.best.last.value == Decimal("12.345")
    assert sent == []


@pytest.mark.parametrize("key", ASKED)
def test_a_silent_scale_is_found_by_harmless_questions(key: str) -> None:
    detected, sent, scale = found_on(key, "12.345", per_second=0)
    assert detected.verdict is Verdict.FOUND
    assert detected.best is not None
    assert detected.best.protocol == key
    assert detected.best.polled
    assert sent
    assert scale.shown(10.0).value == Decimal("12.345")  # neither tared nor zeroed


@pytest.mark.parametrize(("load", "fits"), [("125.000", "equals_reversed")])
def test_equals_forms_are_decided_by_a_known_weight(load: str, fits: str) -> None:
    profile = ScaleProfile(fits, capacity=Decimal(300))
    scale = SimulatedScale(profile, settle_s=0)
    scale.put(Decimal(load), 0.0)
    data = scale.frame(1.0) * 5
    candidates = score_frames(data, None)
    assert set(rivals_of(candidates)) == {"equals_reversed", "equals_forward"}
    rivals = rivals_of(candidates)
    assert decide_by_weight(Decimal(load), data, rivals) == fits
    assert decide_by_weight(Decimal("0.521"), data, rivals) == "equals_forward"
    assert decide_by_weight(Decimal(77), data, rivals) is None


def test_an_empty_pan_decides_nothing() -> None:
    data = b"=00.00000" * 5
    rivals = rivals_of(score_frames(data, None))
    assert set(rivals) == {"equals_reversed", "equals_forward"}
    assert decide_by_weight(Decimal(0), data, rivals) is None


def test_ambiguous_bytes_end_in_a_question_never_in_a_guess() -> None:
    cable, sent = MemoryCable(), []
    scale = SimulatedScale(ScaleProfile("equals_reversed", capacity=Decimal(300)), settle_s=0)
    scale.put(Decimal(125), 0.0)
    with Simulation(scale, MemoryLink(cable), per_second=60):
        detected = detect(lambda line: OneLine(cable, True, sent), listen_s=0.1)
    assert detected.verdict is Verdict.ASK_KNOWN_WEIGHT
    assert "known weight" in str(detected.message)
    rivals = rivals_of(detected.candidates)
    with Simulation(scale, MemoryLink(cable := MemoryCable()), per_second=60), cable.host as host:
        scale.put(Decimal(200), 0.0)  # the known weight
        heard = listen(host, 0.2)
    assert decide_by_weight(Decimal(200), heard, rivals) == "equals_reversed"
    assert sent == []


def test_noise_is_told_as_unknown_data_and_silence_as_silence() -> None:
    cable, sent = MemoryCable(), []

    class Noise:
        def frame(self, now: float) -> bytes:
            return b"\x9c\x00\x87hello\xe2"

        def answer(self, data: bytes, now: float) -> bytes:
            return b""

    with Simulation(Noise(), MemoryLink(cable), per_second=60):
        heard = detect(lambda line: OneLine(cable, True, sent), listen_s=0.1, answer_s=0.02)
    assert heard.verdict is Verdict.UNKNOWN_DATA
    assert b"hello" in heard.data
    quiet = MemoryCable()
    silent = detect(lambda line: OneLine(quiet, True, sent), listen_s=0.05, answer_s=0.02)
    assert silent.verdict is Verdict.SILENT


def test_a_network_scale_and_stopping() -> None:
    cable, sent = MemoryCable(), []
    scale = SimulatedScale(ScaleProfile("mt_sics"), settle_s=0)
    with Simulation(scale, MemoryLink(cable), per_second=0):
        detected = detect(
            lambda line: OneLine(cable, line is None, sent),
            lines=(None,),
            listen_s=0.1,
            answer_s=0.05,
        )
        assert detected.best is not None
        assert detected.best.protocol == "mt_sics"
        stop = threading.Event()
        stop.set()
        stopped = detect(lambda line: OneLine(cable, True, sent), stop=stop)
        assert stopped.verdict is Verdict.STOPPED


def test_all_ports_are_looked_at_and_a_busy_one_says_so() -> None:
    link = PtyLink()
    scale = SimulatedScale(ScaleProfile("yaohua_tf0"), settle_s=0)
    scale.put(Decimal("1.5"), 0.0)
    gone = PortInfo("/dev/ttyGONE", "serial:/dev/ttyGONE", "gone")
    here = PortInfo(link.path, f"serial:{link.path}", "here")
    told: list[str] = []
    with Simulation(scale, link, per_second=60):
        results = dict(
            detect_ports(
                [gone, here],
                lambda port, line: SerialTransport(port.identity, line),
                progress=lambda message: told.append(str(message)),
            )
        )
    assert isinstance(results[gone], DeviceError)
    found = results[here]
    assert isinstance(found, Detected)
    assert found.best is not None
    assert found.best.protocol == "yaohua_tf0"
    assert told[0] == "Looking at gone …"
    assert "Listening at 9600 8N1 …" in told
