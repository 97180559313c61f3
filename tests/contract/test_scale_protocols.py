"""Every scale protocol in the registry keeps what the runner, wizard and simulator rely on."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from desktop_app.core.errors import InvalidInput
from desktop_app.hardware import detection
from desktop_app.hardware.scales.protocol import ScaleProfile, ScaleProtocol, Told
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.registry import TRANSPORTS, transport_from

ALL = pytest.mark.parametrize("protocol", list(PROTOCOLS), ids=[p.key for p in PROTOCOLS])


@ALL
def test_its_samples_mean_what_they_say(protocol: ScaleProtocol) -> None:
    assert protocol.samples
    for sample in protocol.samples:
        (reading,) = protocol.new_parser().feed(sample.frame)
        assert (reading.value, reading.unit, reading.mode) == (
            sample.value,
            sample.unit,
            sample.mode,
        )
        assert reading.stable == sample.stable


@ALL
def test_it_tells_stability_and_unit_exactly_when_it_says_so(protocol: ScaleProtocol) -> None:
    numbers = [s for s in protocol.samples if s.value is not None]
    if protocol.key != "pattern":
        assert all((s.unit is None) == (protocol.unit is Told.PROFILE) for s in numbers) or (
            protocol.key == "sartorius_sbi"  # a blank unit means moving
        )
    assert all((s.stable is None) == (protocol.stable is Told.PROFILE) for s in numbers)


@ALL
def test_its_simulator_is_understood_by_its_parser(protocol: ScaleProtocol) -> None:
    scale = SimulatedScale(ScaleProfile(protocol.key))
    scale.put(Decimal("12.345"), 0.0)
    (reading,) = protocol.new_parser().feed(scale.frame(10.0))
    assert reading.value == Decimal("12.345")


@ALL
def test_its_commands_can_be_confirmed(protocol: ScaleProtocol) -> None:
    for command in (protocol.tare, protocol.zero):
        if command is None:
            continue
        assert command.send
        if command.done:
            assert re.search(command.done, command.reply)
            assert re.search(command.refused, command.reply_refused)
            assert not re.search(command.done, command.reply_refused)
            assert not re.search(command.refused, command.reply)
        readings = protocol.new_parser().feed(command.reply + command.reply_refused)
        assert readings == []  # an answer to a command is no weight


@ALL
def test_a_silent_scale_can_be_asked(protocol: ScaleProtocol) -> None:
    assert protocol.sends_by_itself or protocol.question({})


@ALL
def test_options_have_defaults_among_their_values(protocol: ScaleProtocol) -> None:
    for option in protocol.options:
        assert not option.values or option.default in option.values
    for options in protocol.detect_with:
        assert set(options) <= {option.key for option in protocol.options}


def test_detection_never_tares_or_zeroes() -> None:
    """No question asked while guessing is a command of any scale, alone or run together."""
    commands = {c.send for p in PROTOCOLS for c in (p.tare, p.zero) if c is not None}
    commands |= {b"T\r\n", b"Z\r\n", b"TI\r\n", b"ZI\r\n", b"TAC\r\n", b"C", b"T", b"Z", b"R\r\n"}
    asked = [(line, q) for line, qs in detection._questions(detection.LINES) for q in qs]
    assert {question for _, question in asked}.isdisjoint(commands)
    assert asked[-1][1] == b"R"
    assert sum(question == b"R" for _, question in asked) == 1
    # some obey single letters wherever they stand: tare, zero, clear or calibrate, off;
    # and escape with R resets an old Ohaus to its factory settings
    assert not any(letter in question for letter in b"TZCLX" for _, question in asked)
    assert not any(b"\x1bR" in question or question.endswith(b"\x1b") for _, question in asked)


def test_ambiguity_is_mutual() -> None:
    for protocol in PROTOCOLS:
        for other in protocol.ambiguous_with:
            assert protocol.key in PROTOCOLS[other].ambiguous_with


def test_profiles_survive_json() -> None:
    for protocol in PROTOCOLS:
        profile = ScaleProfile(protocol.key, unit="lb", options=protocol.filled({}))
        assert ScaleProfile.from_settings(profile.as_settings()) == profile


@pytest.mark.parametrize("given", [{}, {"protocol": ""}, {"protocol": "x", "division": "many"}])
def test_wrong_profiles_are_told(given: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ScaleProfile.from_settings(given)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(?P<value>\\d+",
        "kg",
        "(?P<value>(\\d+)+)",
        "(?P<value>\\d)(a|a)*",
        "(?P<value>\\d)(?=x)",
        "(?P<value>\\d)\\1",
        "(?P<other>\\d)(?P<value>\\d)",
        "\\d*\\d*\\d*\\d*\\d*\\d*\\d*(?P<value>\\d)",
        "(?P<value>x{1,9999})" + "y{1,9999}" * 3,
        "(?P<value>\\d)" + "a" * 200,
    ],
)
def test_dangerous_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput):
        PROTOCOLS["pattern"].new_parser({"pattern": pattern})


def test_every_connection_is_built_from_its_settings() -> None:
    settings = {
        "serial": {"identity": "serial:0403:6001:AB12", "line": "4800 7E1"},
        "tcp": {"host": "192.0.2.1", "port": 4001},
        "hid": {"identity": "hid:0922:8003:1"},
        "hid_pos": {"identity": "hid:1EAB:1303:A7"},
        "usb_printer": {"identity": "usblp:TSC:TTP-244:1"},
        "cups": {"queue": "Labels"},
        "windows": {"printer": "TSC TTP-244"},
        "file": {"path": "labels.bin"},
    }
    assert {kind.key for kind in TRANSPORTS} == set(settings)
    for key, given in settings.items():
        assert transport_from({"kind": key, **given}).address
        assert set(given) <= set(TRANSPORTS[key].fields)
        with pytest.raises(ValueError):
            transport_from({"kind": key})
    with pytest.raises(ValueError):
        transport_from({"kind": "smoke signals"})
