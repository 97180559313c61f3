"""A scale in a clerk's day: plugged in, weighing, pulled out, plugged in again."""

from __future__ import annotations

import os
import queue
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
import serial

from desktop_app.domain.weighing import UnitWeight, count_by_weight, grams
from desktop_app.hardware import runner
from desktop_app.hardware.byte_log import Direction
from desktop_app.hardware.lamp import Colour, Lamp
from desktop_app.hardware.scales.capture import AutoCapture, Captured, Weighed
from desktop_app.hardware.scales.device import ScaleDevice
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.scales.talk import CommandResult, Outcome
from desktop_app.hardware.simulators import desk
from desktop_app.hardware.simulators.links import MemoryLink, PtyLink, Simulation, TcpLink
from desktop_app.hardware.simulators.replay import ReplayTransport
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports import ports
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.serial_port import SerialTransport
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.tcp import TcpTransport

QUICK = (0.02, 0.05)


def until(condition: Callable[[], object], seconds: float = 8.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


@contextmanager
def running(device: ScaleDevice) -> Iterator[ScaleDevice]:
    device.start()
    try:
        yield device
    finally:
        device.stop()


@contextmanager
def on_cable(
    profile: ScaleProfile, *, per_second: float = 40, settle_s: float = 0.05
) -> Iterator[tuple[ScaleDevice, SimulatedScale, MemoryCable]]:
    cable = MemoryCable()
    scale = SimulatedScale(profile, settle_s=settle_s)
    device = ScaleDevice("Bench 1", profile, lambda: cable.host, reconnect_s=QUICK, answer_s=1.0)
    pace = per_second if PROTOCOLS[profile.protocol].sends_by_itself else 0
    with Simulation(scale, MemoryLink(cable), per_second=pace), running(device):
        yield device, scale, cable


def steady_at(device: ScaleDevice, value: str) -> Callable[[], bool]:
    def is_there() -> bool:
        latest = device.latest
        return latest is not None and latest.steady and latest.value == Decimal(value)

    return is_there


def ask(command: Callable[[Callable[[CommandResult], None]], None]) -> CommandResult:
    answers: queue.Queue[CommandResult] = queue.Queue()
    command(answers.put)
    return answers.get(timeout=5)


@pytest.mark.parametrize("key", [p.key for p in PROTOCOLS if p.over_serial])
def test_every_protocol_weighs_through_the_whole_stack(key: str) -> None:
    with on_cable(ScaleProfile(key)) as (device, scale, _):
        until(lambda: device.latest is not None)
        scale.put(Decimal("2.5"), time.perf_counter())
        until(steady_at(device, "2.5"))
        assert device.latest is not None
        assert device.latest.unit == "kg"
        until(lambda: device.lamp.colour is Colour.GREEN)


@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminals")
@pytest.mark.parametrize("line", ["9600 8N1", "9600 7E1", "2400 7E1", "1200 8N1", "4800 8N2"])
def test_real_serial_settings_on_a_pseudo_terminal(line: str) -> None:
    link, profile = PtyLink(), ScaleProfile("and_two_headers")
    scale = SimulatedScale(profile, settle_s=0)
    scale.put(Decimal("12.345"), 0.0)
    device = ScaleDevice(
        "Bench 1", profile, lambda: SerialTransport(link.path, SerialSettings.parse(line))
    )
    with Simulation(scale, link, per_second=30), running(device):
        until(steady_at(device, "12.345"))
    assert threading.active_count() == 1


def test_a_scale_behind_a_network_box() -> None:
    link, profile = TcpLink(), ScaleProfile("mt_sics")
    scale = SimulatedScale(profile, settle_s=0)
    scale.put(Decimal("0.500"), 0.0)
    device = ScaleDevice(
        "Bench 1", profile, lambda: TcpTransport(link.host, link.port), reconnect_s=QUICK
    )
    with Simulation(scale, link, per_second=0), running(device):
        until(steady_at(device, "0.5"))
        link.hang_up()
        until(lambda: device.latest is None)
        until(steady_at(device, "0.5"))


def plug_in(monkeypatch: pytest.MonkeyPatch, *paths: str) -> None:
    """The converter with serial number AB12 is at these ports now."""
    made = [
        types.SimpleNamespace(
            device=path, vid=0x0403, pid=0x6001, serial_number="AB12", location="1-1"
        )
        for path in paths
    ]
    monkeypatch.setattr(ports._system, "comports", lambda: made)


def test_pulled_out_in_the_middle_of_a_frame_and_plugged_in_elsewhere(monkeypatch) -> None:
    """The half frame is forgotten; the port's new number does not matter."""
    first = PtyLink()
    plug_in(monkeypatch, first.path)
    lamps: list[Lamp] = []
    values: list[Weighed] = []
    device = ScaleDevice(
        "Bench 1",
        ScaleProfile("yaohua_tf0"),
        lambda: SerialTransport("serial:0403:6001:AB12"),
        reconnect_s=QUICK,
    )
    device.on_lamp(lamps.append)
    device.on_reading(values.append)
    frame = bytes.fromhex("02 2D 30 30 30 33 32 35 32 31 42 03")
    with running(device):
        until(lambda: _opened(device) == 1)
        first.write(frame + frame[:7])
        until(lambda: values)
        plug_in(monkeypatch)
        first.close()
        until(lambda: device.lamp.colour is Colour.RED)
        assert "not plugged in" in str(device.lamp.sentence)
        assert device.latest is None
        second = PtyLink()
        plug_in(monkeypatch, second.path)
        until(lambda: _opened(device) == 2)
        second.write(frame[7:] + frame)
        until(lambda: len(values) == 2)
        assert device.latest is not None
        assert device.latest.value == Decimal("-3.25")
    second.close()
    colours = [lamp.colour for lamp in lamps]
    assert colours[0] is Colour.BLUE
    assert Colour.RED in colours
    assert colours[-1] is Colour.GREY


def test_a_plugged_in_device_is_seen_within_a_second_whatever_the_pause(monkeypatch) -> None:
    """Hours later the pause is long; nobody who plugs a cable in waits for it."""
    plug_in(monkeypatch)
    monkeypatch.setattr(runner, "LOOK_S", 0.02)
    device = ScaleDevice(
        "Bench 1",
        ScaleProfile("yaohua_tf0"),
        lambda: SerialTransport("serial:0403:6001:AB12"),
        reconnect_s=(3600.0,),
    )
    with running(device):
        until(lambda: device.lamp.colour is Colour.RED)
        link = PtyLink()
        plug_in(monkeypatch, link.path)
        until(lambda: _opened(device) == 1)
    link.close()


def _opened(device: ScaleDevice) -> int:
    return sum(
        r.direction is Direction.NOTE and r.data.startswith(b"open")
        for r in device.byte_log.recent()
    )


def test_another_program_has_the_port() -> None:
    link = PtyLink()
    with serial.Serial(link.path, exclusive=True):
        device = ScaleDevice(
            "Bench 1", ScaleProfile("cas_10"), lambda: SerialTransport(link.path), reconnect_s=QUICK
        )
        with running(device):
            until(lambda: device.lamp.colour is Colour.RED)
            assert "in use" in str(device.lamp.sentence)
            assert device.lamp.next_step is not None
    link.close()


def test_two_devices_never_share_a_port() -> None:
    link = PtyLink()
    one = ScaleDevice(
        "Bench 1", ScaleProfile("cas_10"), lambda: SerialTransport(link.path, owner="Bench 1")
    )
    other = ScaleDevice(
        "Bench 2",
        ScaleProfile("cas_10"),
        lambda: SerialTransport(link.path, owner="Bench 2"),
        reconnect_s=QUICK,
    )
    with running(one):
        until(lambda: _opened(one) == 1)
        with running(other):
            until(lambda: other.lamp.colour is Colour.RED)
            assert str(other.lamp.sentence) == f"{link.path} is in use by Bench 1."
            one.stop()
            until(lambda: _opened(other) == 1)
    link.close()


def test_the_lamp_turns_amber_while_the_pan_swings_and_at_overload() -> None:
    with on_cable(ScaleProfile("toledo_continuous"), settle_s=0.6) as (device, scale, _):
        seen: list[str] = []
        device.on_lamp(lambda lamp: seen.append(f"{lamp.colour} {lamp.sentence}"))
        until(steady_at(device, "0"))
        scale.put(Decimal(5), time.perf_counter())
        until(lambda: "amber The weight is not steady." in seen)
        until(steady_at(device, "5"))
        scale.put(Decimal(40), time.perf_counter())
        until(lambda: "amber Overload." in seen)
        assert device.latest is not None
        assert device.latest.value is None


def test_the_last_good_weight_expires() -> None:
    now = [100.0]
    cable = MemoryCable()
    device = ScaleDevice("Bench 1", ScaleProfile("cas_10"), lambda: cable.host, now=lambda: now[0])
    with running(device):
        until(lambda: device.lamp.sentence.text.startswith("Connected"))
        cable.device.write(b"   1.500\r\n")
        until(lambda: device.latest is not None)
        now[0] += 1.9
        assert device.latest is not None
        now[0] += 0.2
        assert device.latest is None
        until(lambda: "sends nothing" in str(device.lamp.sentence))
        assert device.lamp.colour is Colour.AMBER
        cable.device.write(b"\x81\x92 nonsense")
        until(lambda: "not in this protocol" in str(device.lamp.sentence))


def test_a_scale_that_never_answers_is_unknown_not_ready() -> None:
    now = [100.0]
    cable = MemoryCable()
    device = ScaleDevice("Bench 1", ScaleProfile("mt_sics"), lambda: cable.host, now=lambda: now[0])
    with running(device):
        until(lambda: device.lamp.sentence.text.startswith("Connected"))
        now[0] += 3
        until(lambda: "does not answer; its state is unknown" in str(device.lamp.sentence))
        assert device.lamp.colour is Colour.AMBER


@pytest.mark.parametrize("key", ["mt_sics", "toledo_continuous", "yaohua_a12", "ohaus"])
def test_tare_is_confirmed_by_the_scale(key: str) -> None:
    with on_cable(ScaleProfile(key)) as (device, scale, _):
        until(lambda: device.latest is not None)
        scale.put(Decimal("0.300"), time.perf_counter())
        until(steady_at(device, "0.3"))
        result = ask(device.tare)
        assert (result.command, result.outcome) == ("tare", Outcome.DONE)
        until(steady_at(device, "0"))
        scale.put(Decimal("1.300"), time.perf_counter())
        until(steady_at(device, "1"))
        scale.put(Decimal(0), time.perf_counter())
        until(steady_at(device, "-0.3"))


def test_a_swinging_pan_refuses_to_be_tared() -> None:
    with on_cable(ScaleProfile("mt_sics"), settle_s=30) as (device, scale, _):
        until(lambda: device.latest is not None)
        scale.put(Decimal(5), time.perf_counter())
        result = ask(device.tare)
        assert result.outcome is Outcome.REFUSED
        assert "unload the pan or wait" in str(result.message)


def test_a_command_ends_clearly_whatever_happens() -> None:
    cable = MemoryCable()
    silent = ScaleDevice(
        "Bench 1", ScaleProfile("mt_sics"), lambda: cable.host, reconnect_s=QUICK, answer_s=0.2
    )
    assert ask(silent.zero).outcome is Outcome.NOT_CONNECTED
    with running(silent):
        until(lambda: silent.lamp.sentence.text.startswith("Connected"))
        assert ask(silent.zero).outcome is Outcome.NO_ANSWER
        answers: queue.Queue[CommandResult] = queue.Queue()
        silent.tare(answers.put)
        silent.tare(answers.put)
        assert answers.get(timeout=5).outcome is Outcome.BUSY
        cable.unplug()
        assert answers.get(timeout=5).outcome in (Outcome.NOT_CONNECTED, Outcome.NO_ANSWER)
    with on_cable(ScaleProfile("yaohua_tf0")) as (device, _, _):
        assert ask(device.tare).outcome is Outcome.NOT_SUPPORTED


def test_polls_keep_the_interval_of_the_profile() -> None:
    cable = MemoryCable()
    profile = ScaleProfile("toledo_8217", poll_s=Decimal("0.4"))
    device = ScaleDevice("Bench 1", profile, lambda: cable.host)
    with running(device):
        until(lambda: _opened(device) == 1)
        time.sleep(1.0)
    sent = [r for r in device.byte_log.recent() if r.direction is Direction.SENT]
    assert 1 <= len(sent) <= 3


def test_a_scale_that_sends_by_itself_is_not_bothered_with_questions() -> None:
    with on_cable(ScaleProfile("and_two_headers"), per_second=40) as (device, _, _):
        until(lambda: device.lamp.colour is Colour.GREEN)
        time.sleep(0.6)
        sent = [r for r in device.byte_log.recent() if r.direction is Direction.SENT]
        assert len(sent) <= 2
    with on_cable(ScaleProfile("and_two_headers"), per_second=0) as (device, _, _):
        until(lambda: device.lamp.colour is Colour.GREEN)  # silent, so it is asked


@pytest.mark.expects_log("a listener failed")
def test_a_broken_listener_does_not_stop_the_scale() -> None:
    with on_cable(ScaleProfile("cas_22")) as (device, _, _):
        values: list[Weighed] = []

        def broken(weighed: Weighed) -> None:
            values.append(weighed)
            raise RuntimeError("broken screen")

        sound: list[Weighed] = []
        stop_listening = device.on_reading(broken)
        device.on_reading(sound.append)
        until(lambda: len(values) > 3)
        stop_listening()
        until(lambda: len(sound) > len(values) + 2)
        assert device.lamp.colour is not Colour.RED


@pytest.mark.expects_log("unexpected failure")
def test_an_unforeseen_failure_turns_red_and_is_tried_again() -> None:
    cable = MemoryCable()
    tries = []

    def make() -> object:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("driver bug")
        return cable.host

    device = ScaleDevice("Bench 1", ScaleProfile("cas_10"), make, reconnect_s=QUICK)  # type: ignore[arg-type]
    with running(device):
        until(lambda: device.lamp.colour is Colour.RED)
        until(lambda: _opened(device) == 1)


def test_it_is_tried_again_for_ever_at_growing_pauses() -> None:
    pauses: list[float] = []

    class Pauses(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            pauses.append(timeout)
            return super().wait(0.001)

    cable = MemoryCable()
    cable.unplug()
    device = ScaleDevice("Bench 1", ScaleProfile("cas_10"), lambda: cable.host)
    device._runner._stop = Pauses()
    with running(device):
        until(lambda: len(pauses) > 6)
        assert pauses[:6] == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]
        cable.plug()
        until(lambda: _opened(device) == 1)
        cable.device.write(b"   1.500\r\n")
        until(lambda: device.latest is not None)
        pauses.clear()
        cable.unplug()
        until(lambda: pauses)
        assert pauses[0] == 0.5  # it worked in between: begin anew


def test_start_and_stop_leave_no_thread() -> None:
    before = threading.active_count()
    cable = MemoryCable()
    cable.unplug()
    for _ in range(5):
        device = ScaleDevice("Bench 1", ScaleProfile("cas_10"), lambda: cable.host)
        device.start()
        device.start()
        device.stop()
        device.stop()
        assert not device.running
    assert threading.active_count() == before


def test_a_byte_log_is_replayed_as_a_scale(tmp_path: Path) -> None:
    with on_cable(ScaleProfile("yaohua_tf0")) as (device, scale, _):
        scale.put(Decimal("7.5"), time.perf_counter())
        until(steady_at(device, "7.5"))
        saved = device.byte_log.save_for_support(tmp_path / "log.txt", [("Scale", "Bench 1")])
    again = ScaleDevice(
        "Replay",
        ScaleProfile("yaohua_tf0"),
        lambda: ReplayTransport.of_file(saved, speed=3, loop=True),
    )
    with running(again):
        until(lambda: again.latest is not None and again.latest.value == Decimal("7.5"))


def test_a_device_is_built_from_its_stored_settings(tmp_path: Path) -> None:
    link = PtyLink()
    settings = {
        "transport": {"kind": "serial", "identity": f"serial:{link.path}", "line": "9600 7E1"},
        "profile": ScaleProfile("cas_10", unit="g").as_settings(),
    }
    device = ScaleDevice.from_settings("Bench 1", settings, tmp_path / "bench.log")
    with running(device):
        until(lambda: _opened(device) == 1)
        link.write(b"     500\r\n")
        until(lambda: device.latest is not None)
        assert device.latest is not None
        assert device.latest.unit == "g"
    link.close()
    assert "< 20 20 20 20 20 35 30 30 0D 0A" in (tmp_path / "bench.log").read_text(encoding="utf-8")
    for wrong in ({}, {"transport": {"kind": "serial"}}, {"transport": settings["transport"]}):
        with pytest.raises(ValueError):
            ScaleDevice.from_settings("Bench 1", wrong)


@pytest.mark.parametrize("key", ["yaohua_tf0", "cas_enq"])
def test_a_user_without_a_scale_tries_a_simulated_one(key: str) -> None:
    settings = {
        "transport": {"kind": "simulated"},
        "profile": ScaleProfile(key).as_settings(),
    }
    device = ScaleDevice.from_settings("Try-out", settings)
    assert desk.scale_on_desk("Try-out") is None
    with running(device):
        until(lambda: device.latest is not None)
        slider = desk.scale_on_desk("Try-out")
        assert slider is not None
        slider.put(Decimal("4.2"), time.perf_counter())
        until(steady_at(device, "4.2"))
        desk.pull_plug("Try-out", pulled=True)
        until(lambda: device.lamp.colour is Colour.RED)
        desk.pull_plug("Try-out", pulled=False)
        until(steady_at(device, "4.2"))
    desk.clear_desk()


def test_a_packer_weighs_three_boxes_and_each_is_counted_once() -> None:
    """Hinges of 19.2 g: 236, 100 and 99 of them, put down one after the other."""
    hinge = UnitWeight(Decimal("19.2"), Decimal("0.1"), 500)
    taken: list[Captured] = []
    capture = AutoCapture(Decimal("0.050"))

    def seen(weighed: Weighed) -> None:
        if (captured := capture.see(weighed)) is not None:
            taken.append(captured)

    profile = ScaleProfile("and_two_headers", division=Decimal("0.001"))
    with on_cable(profile, settle_s=0.2) as (device, scale, _):
        device.on_reading(seen)
        for count, load in enumerate(("4.531", "1.920", "1.901"), start=1):
            until(lambda: capture.armed)
            scale.put(Decimal(load), time.perf_counter())
            until(lambda count=count: len(taken) == count)
            time.sleep(0.1)  # it lies there a while and is not taken again
            scale.put(Decimal(0), time.perf_counter())
    estimates = [count_by_weight(grams(t.value, t.unit), hinge, Decimal(1)) for t in taken]
    assert [estimate.pieces for estimate in estimates] == [236, 100, 99]
    assert [estimate.difference(100) for estimate in estimates[1:]] == [0, -1]
    assert not any(t.manual for t in taken)


def test_a_counting_scale_sends_pieces() -> None:
    with on_cable(ScaleProfile("jcs_bcd")) as (device, scale, _):
        scale.pieces_weigh = Decimal("0.019")
        scale.put(Decimal("4.484"), time.perf_counter())
        until(steady_at(device, "236"))
        assert device.latest is not None
        assert device.latest.unit == "pcs"
