"""The byte log: exact, bounded, readable by a person and by the replay."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.hardware.byte_log import (
    ByteLog,
    Direction,
    Record,
    hex_view,
    parse_line,
    read_log,
)
from desktop_app.hardware.simulators.replay import ReplayTransport
from desktop_app.hardware.transports.failures import Unplugged


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=64), st.sampled_from([Direction.RECEIVED, Direction.SENT]))
def test_a_line_is_byte_exact(data: bytes, direction: Direction) -> None:
    record = Record(1.25, direction, data)
    assert parse_line(record.as_line()) == record


@pytest.mark.parametrize("line", ["", "x", "1 < zz", "a < 00", "1.0 ? 00", "1.0 <"])
def test_other_lines_are_left_out(line: str) -> None:
    assert parse_line(line) is None


def test_it_stays_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    log = ByteLog(tmp_path / "scale.log", max_bytes=20_000)
    for number in range(3000):
        log.add(Direction.RECEIVED, b"%08d" % number)
    log.close()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    saved = log.save_for_support(tmp_path / "support.txt", [("Scale", "Bench 1")])
    kept = [r.data for r in read_log(saved) if r.direction is Direction.RECEIVED]
    assert kept[-1] == b"00002999"
    assert kept == [b"%08d" % n for n in range(3000 - len(kept), 3000)]
    assert "Scale: Bench 1" in saved.read_text(encoding="utf-8")
    assert len(log.recent()) == 500


def test_long_pieces_are_cut_and_closing_loses_nothing(tmp_path: Path) -> None:
    log = ByteLog(tmp_path / "scale.log")
    log.add(Direction.SENT, bytes(range(256)) * 3)
    log.close()
    log.note("open COM5\n")
    log.close()
    records = read_log(tmp_path / "scale.log")
    sent = [r.data for r in records if r.direction is Direction.SENT]
    assert b"".join(sent) == bytes(range(256)) * 3
    assert records[-1].data == b"open COM5"


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    log = ByteLog(blocked / "scale.log")
    log.add(Direction.RECEIVED, b"1")
    assert [r.data for r in log.recent()] == [b"1"]


def test_many_threads_write_whole_lines(tmp_path: Path) -> None:
    log = ByteLog(tmp_path / "scale.log")
    threads = [
        threading.Thread(target=lambda: [log.add(Direction.RECEIVED, b"abc") for _ in range(200)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert sum(r.data == b"abc" for r in read_log(tmp_path / "scale.log")) == 800


def test_the_hex_view() -> None:
    lines = hex_view(Record(12.345, Direction.RECEIVED, b"\x02-00032521B\x03ABCDE\xff"))
    assert lines == [
        "    12.345 <  02 2D 30 30 30 33 32 35 32 31 42 03 41 42 43 44  .-00032521B.ABCD",
        "              45 FF                                            E.",
    ]
    assert hex_view(Record(1.0, Direction.NOTE, b"open COM5")) == ["1.000 # open COM5"]


def test_a_replay_keeps_the_pace_and_begins_again() -> None:
    now = [0.0]
    records = [
        Record(5.0, Direction.RECEIVED, b"a"),
        Record(5.1, Direction.SENT, b"?"),
        Record(6.0, Direction.RECEIVED, b"b"),
    ]
    replay = ReplayTransport(records, speed=2, loop=True, now=lambda: now[0])
    with pytest.raises(Unplugged):
        replay.read(0)
    with replay:
        assert replay.read(0) == b"a"
        assert replay.read(0) == b""
        now[0] = 0.5
        assert replay.read(0) == b"b"
        assert replay.finished
        replay.write(b"ignored")
        assert replay.read(0) == b"a"
    with ReplayTransport(records, now=lambda: 99.0) as once:
        assert once.read(0) == b"a"
    with pytest.raises(ValueError):
        ReplayTransport(records, speed=0)
