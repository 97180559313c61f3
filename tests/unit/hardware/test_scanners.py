"""Scanners learned from four codes; serial and HID-POS bytes cut into codes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from desktop_app.core import clock
from desktop_app.domain.scan_codes import ScanKind, parse_scan
from desktop_app.hardware.lamp import Colour
from desktop_app.hardware.runner import DeviceRunner
from desktop_app.hardware.scanners.conversation import ScannerConversation
from desktop_app.hardware.scanners.hid_pos import HidPosAssembly, HidPosFraming, reports
from desktop_app.hardware.scanners.profile import GS, ScannerProfile
from desktop_app.hardware.scanners.serial_framing import MAX_BUFFER, SerialFraming
from desktop_app.hardware.scanners.teaching import TEACH_CODES, Key, Learned, learn
from desktop_app.hardware.simulators.scanner_pad import PAD_CODES, pad_codes
from desktop_app.hardware.transports.hid_scale import (
    HidScannerTransport,
    list_hid_scales,
    list_hid_scanners,
)
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.registry import transport_from
from desktop_app.runtime.serial_scanner import serial_scanner
from desktop_app.services.devices import Device


def typed(text: str | list[str], gap: int = 5, times: int = 1) -> list[Key]:
    return [Key(c, n * gap) for n, c in enumerate(c for c in text for _ in range(times))]


def taught(**change: object) -> Learned:
    """A good scanner, but for ``change``: what arrives per code."""
    arrived: dict[str, object] = {code.id: code.text + "\r" for code in TEACH_CODES}
    arrived |= change
    return learn({name: typed(text) for name, text in arrived.items()})  # type: ignore[arg-type]


def said(learned: Learned, code_id: str) -> str:
    return " ".join(str(f.sentence) for f in learned.findings if f.code_id == code_id)


SUFFIX, SEPARATOR, CASE, CHINESE = (code.text for code in TEACH_CODES)


def test_a_good_scanner_needs_nothing() -> None:
    learned = taught()
    assert learned.profile == ScannerProfile() and learned.usable
    assert all(finding.good for finding in learned.findings)
    assert "Enter" in said(learned, "suffix")


@pytest.mark.parametrize("suffix", ["", "\n", "\r\n", "\t"])
def test_what_comes_after_a_code(suffix: str) -> None:
    learned = taught(suffix=SUFFIX + suffix)
    assert learned.profile.suffix == suffix and learned.usable


def test_prefix_and_symbology() -> None:
    learned = taught(suffix=f"#{SUFFIX}\r", separator=f"#{SEPARATOR}\r", case=f"#{CASE}\r")
    assert learned.profile.prefix == "#"
    assert learned.profile.undo("#B.A-01\r") == "B.A-01"
    announced = taught(suffix=f"]C0{SUFFIX}\r", separator=f"]C1{SEPARATOR}\r", case=f"]C0{CASE}\r")
    assert announced.profile.sends_symbology and not announced.profile.prefix
    assert said(announced, "separator") == "The separator arrives."


@pytest.mark.parametrize("key", ["F8", "Ctrl+]", "Alt+029"])
def test_the_separator_as_a_key_is_understood(key: str) -> None:
    before, after = SEPARATOR.split(GS)
    learned = taught(separator=[*before, key, *after, "\r"])
    assert said(learned, "separator") == "The separator arrives."
    assert learned.profile.separators == ""


def test_a_replaced_or_lost_separator() -> None:
    replaced = taught(separator=SEPARATOR.replace(GS, "|") + "\r")
    assert replaced.profile.separators == "|"
    scan = parse_scan("]C1" + replaced.profile.undo("0106921111111116" + "10A7|3712\r"))
    assert (scan.lot, scan.qty) == ("A7", 12)
    lost = taught(separator=SEPARATOR.replace(GS, "") + "\r")
    assert lost.profile.loses_separator and "loses the separator" in said(lost, "separator")


def test_caps_lock_is_undone() -> None:
    learned = learn({code.id: typed(code.text.swapcase() + "\r") for code in TEACH_CODES})
    assert learned.profile.case_swapped
    assert learned.profile.undo("b.a-01\r") == "B.A-01"
    assert learned.profile.undo("SERIAL") == "serial"
    pressed_between = taught(case=CASE.swapcase() + "\r")
    assert pressed_between.profile.case_swapped


def test_one_case_and_a_foreign_layout_are_said() -> None:
    assert "same size" in said(taught(case=CASE.upper() + "\r"), "case")
    layout = taught(case="ABCabcß-+&\r")
    assert "US English" in said(layout, "case") and "ABCabcß-+&" in said(layout, "case")


def test_chinese_that_does_not_arrive() -> None:
    assert "serial mode" in said(taught(chinese="???-12.5\r"), "chinese")


def test_doubled_keys_are_taken_once() -> None:
    learned = learn({code.id: typed(code.text + "\r", times=2) for code in TEACH_CODES})
    assert learned.profile.doubled and learned.usable
    assert learned.profile.undo("BB..AA--0011\r\r") == "B.A-01"
    assert said(learned, "separator") == "The separator arrives."
    assert learned.profile.undo("11\r") == "11", "a code that is not doubled stays"


def test_a_slow_radio_scanner_gets_more_time() -> None:
    learned = learn({"suffix": typed(SUFFIX + "\r", gap=60)})
    assert (learned.profile.max_gap_ms, learned.profile.idle_ms) == (90, 120)
    assert "was not scanned" in said(learned, "case")


def test_another_code_is_not_learned_from() -> None:
    learned = taught(suffix="6901234567892\r")
    assert not learned.usable and "6901234567892" in said(learned, "suffix")


@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_keys_can_be_learned_from(texts: list[str]) -> None:
    ids = [code.id for code in TEACH_CODES]
    learned = learn({i: typed(t) for i, t in zip(ids, texts, strict=True)})
    assert ScannerProfile.from_json(learned.profile.to_json()) == learned.profile
    for text in texts:
        learned.profile.undo(text)


def test_a_profile_of_another_version_is_read_as_far_as_it_goes() -> None:
    stored = {"prefix": "#", "suffix": 7, "max_gap_ms": "90", "new": True}
    assert ScannerProfile.from_json(stored) == ScannerProfile(prefix="#")


# ---------------------------------------------------------------- serial


def test_serial_codes_whatever_ends_them() -> None:
    framing = SerialFraming()
    data = b"\x02]C1010692111111111610A\x1d3712\x03]E06921111111116\r\n\r\nB.A-01\n"
    codes = framing.feed(data, 1.0)
    assert [code.symbology for code in codes] == ["]C1", "]E0", ""]
    assert parse_scan(codes[0].announced).lot == "A"
    assert [code.text for code in codes[1:]] == ["6921111111116", "B.A-01"]
    assert framing.pending == 0


def test_a_pause_ends_a_code_without_terminator() -> None:
    framing = SerialFraming(idle_s=0.05)
    assert framing.feed(b"69211", 1.0) == [] and framing.feed(b"11111116", 1.02) == []
    assert framing.idle(1.05) == []
    assert [code.text for code in framing.idle(1.08)] == ["6921111111116"]
    assert framing.idle(9.0) == []
    framing.feed(b"first", 10.0)
    assert [code.text for code in framing.feed(b"second\r", 10.2)] == ["first", "second"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_in_either_encoding(encoding: str) -> None:
    (code,) = SerialFraming().feed("账实通-12.5\r".encode(encoding), 0)
    assert code.text == "账实通-12.5"
    (odd,) = SerialFraming().feed(b"A\xff\r", 0)
    assert odd.text == "A\xff"


def test_noise_is_thrown_away_and_the_next_code_is_read() -> None:
    framing = SerialFraming()
    assert framing.feed(b"\x80" * 3 * MAX_BUFFER, 0) == []
    assert framing.pending <= MAX_BUFFER and framing.dropped == 3 * MAX_BUFFER
    assert [code.text for code in framing.feed(b"xx\rB.A-01\r", 0.01)] == ["B.A-01"]


@given(st.lists(st.tuples(st.binary(max_size=6000), st.floats(0, 0.2)), max_size=12))
def test_random_bytes_never_raise_and_never_grow(pieces: list[tuple[bytes, float]]) -> None:
    framing, now = SerialFraming(), 0.0
    for data, pause in pieces:
        now += pause
        for code in [*framing.feed(data, now), *framing.idle(now + pause)]:
            parse_scan(code.announced)
        assert framing.pending <= MAX_BUFFER


@given(st.lists(st.integers(1, 9), max_size=30))
def test_however_the_line_cuts_them_the_codes_are_the_same(cuts: list[int]) -> None:
    data = b"".join(code.as_bytes() for code in PAD_CODES)
    framing, place, codes = SerialFraming(), 0, []
    for cut in cuts:
        codes += framing.feed(data[place : place + cut], 0)
        place += cut
    codes += framing.feed(data[place:], 0)
    assert [code.text for code in codes] == [code.text for code in PAD_CODES]


def test_hid_pos_codes_in_one_and_several_reports() -> None:
    assembly = HidPosAssembly()
    for text in ("6921111111116", "]Q1" + "账实通" * 30):
        found = [assembly.feed(report) for report in reports(text.encode())]
        assert found[:-1] == [None] * (len(found) - 1)
        assert found[-1] is not None and found[-1].announced == text
    assert assembly.feed(b"\x02\xff" + b"\0" * 62) is None
    assert assembly.feed(b"short") is None


@given(st.lists(st.binary(max_size=70), max_size=50))
def test_random_reports_never_raise(pieces: list[bytes]) -> None:
    assembly = HidPosAssembly()
    for piece in pieces:
        assembly.feed(piece)
        assembly.feed(b"\x02" + piece[:63].ljust(63, b"\1"))


def test_a_scanner_in_hid_pos_mode_is_plugged_in_and_scans(tmp_path: Path) -> None:
    """No focus, no input method: reports by the kernel's hidraw file, codes on the one signal."""
    system, devices = tmp_path / "sys", tmp_path / "dev"
    for folder in (devices, system / "hidraw3" / "device"):
        folder.mkdir(parents=True)
    (system / "hidraw3" / "device" / "report_descriptor").write_bytes(b"\x05\x8c\x09\x02")
    facts = "HID_ID=0003:00001EAB:00001303\nHID_NAME=Newland FM420\nHID_UNIQ=A7\n"
    (system / "hidraw3" / "device" / "uevent").write_text(facts, encoding="utf-8")
    os.mkfifo(devices / "hidraw3")
    (found,) = list_hid_scanners(devices, system)
    assert (found.identity, found.title) == ("hid:1EAB:1303:A7", "Newland FM420")
    assert list_hid_scales(devices, system) == []
    settings = {"transport": {"kind": "hid_pos", "identity": found.identity}}
    assert isinstance(transport_from(settings["transport"]), HidScannerTransport)
    codes: list[tuple[str, str, bytes]] = []
    scanner = serial_scanner(
        Device(1, "scanner", "FM420", "PC-1", found.identity, settings, True, 1),
        lambda: HidScannerTransport(found.identity, devices=devices, system=system),
        lambda _lamp: None,
        lambda *code: codes.append(code),
    )
    scanner.start()
    try:
        _until(lambda: scanner.lamp.colour is Colour.GREEN)
        long = "]d201069012345678921727123110L7\x1d21" + "9" * 60
        with open(devices / "hidraw3", "wb", buffering=0) as gun:
            for report in (*reports(b"6901234567892\r\n"), *reports(long.encode())):
                gun.write(report)
            _until(lambda: len(codes) == 2)
        assert [code[0] for code in codes] == ["6901234567892", long[3:]]
        assert codes[1][1] == "]d2"
    finally:
        scanner.stop()


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_random_bytes_of_a_hid_scanner_never_raise_and_never_pile_up(pieces: list[bytes]) -> None:
    framing = HidPosFraming()
    for piece in pieces:
        framing.feed(piece, 0.0)
        assert len(framing._rest) < 64
    framing.reset()
    (code,) = framing.feed(reports(b"B.A-01")[0], 0.0)
    assert code.text == "B.A-01"


def test_a_running_serial_scanner_survives_the_pulled_plug() -> None:
    cable = MemoryCable("pad")
    codes: list[tuple[str, str, bytes]] = []
    talk = ScannerConversation(lambda *code: codes.append(code), ScannerProfile(separators="|"))
    runner = DeviceRunner("gun", lambda: cable.host, talk, reconnect_s=(0.01,), tick_s=0.01)
    runner.start()
    try:
        _until(lambda: runner.lamp.colour is Colour.GREEN)
        cable.device.write(b"]C1010692111111111610A|3712\r")
        _until(lambda: len(codes) == 1)
        assert codes[0][:2] == ("010692111111111610A\x1d3712", "]C1")
        cable.device.write(b"B.A-")
        cable.unplug()
        _until(lambda: runner.lamp.colour is Colour.RED)
        cable.plug()
        _until(lambda: runner.lamp.colour is Colour.GREEN)
        cable.device.write(b"B.A-02\r")
        _until(lambda: len(codes) == 2)
        assert codes[1][0] == "B.A-02", "half a code before the plug was pulled is not kept"
    finally:
        runner.stop()


def _until(done: object) -> None:
    limit = clock.monotonic() + 5
    while not done():  # type: ignore[operator]
        assert clock.monotonic() < limit, "it never happened"
        time.sleep(0.005)


def test_the_pad_offers_every_kind_of_code() -> None:
    kinds = {parse_scan(code.symbology + code.text).kind for code in PAD_CODES}
    assert {ScanKind.GS1, ScanKind.BIN, ScanKind.BOX, ScanKind.PERSON, ScanKind.CODE} <= kinds
    problems = [code.title for code in PAD_CODES if parse_scan(code.symbology + code.text).problem]
    assert problems == ["Wrong check digit"]
    first = pad_codes((("Hinge", "I.HINGE"),))[0]
    assert "".join(key.text for key in first.as_keys()) == "I.HINGE\r"
