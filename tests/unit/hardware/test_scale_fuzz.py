"""Random bytes, split frames, garbage between frames: a parser never raises and stays small."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.hardware.scales.parsing import BUFFER_LIMIT
from desktop_app.hardware.scales.protocol import ScaleProtocol, Shown
from desktop_app.hardware.scales.reading import Mode
from desktop_app.hardware.scales.registry import PROTOCOLS
from tests.unit.hardware.transcripts import read_transcripts, told

KEYS = [protocol.key for protocol in PROTOCOLS]
TRANSCRIPTS = {t.protocol: t for t in read_transcripts()}
CASES = settings(max_examples=40, deadline=None)

# Bytes that look like frames find more than evenly spread ones do.
SPICE = b"\x02\x03\x01\x04\x05\x06\r\n=-+., 0123456789STUSGNTOLWwkglb\xff\x0d\x40?"
noise = st.binary(max_size=300) | st.lists(
    st.sampled_from([bytes((b,)) for b in SPICE]), max_size=300
).map(b"".join)


@pytest.mark.parametrize("key", KEYS)
@CASES
@given(chunks=st.lists(noise, max_size=8))
def test_random_chunks_never_raise_and_never_pile_up(key: str, chunks: list[bytes]) -> None:
    parser = PROTOCOLS[key].new_parser()
    for chunk in chunks:
        for reading in parser.feed(chunk):
            assert reading.value is None or reading.value.is_finite()
        assert parser.buffered <= BUFFER_LIMIT
    assert parser.total == sum(map(len, chunks))


@pytest.mark.parametrize("key", KEYS)
@CASES
@given(data=noise, cuts=st.lists(st.integers(0, 300), max_size=12))
def test_the_same_readings_however_the_stream_is_cut(key, data, cuts) -> None:
    data += TRANSCRIPTS[key].data + data
    options = TRANSCRIPTS[key].options
    whole = [told(r) for r in PROTOCOLS[key].new_parser(options).feed(data)]
    parser = PROTOCOLS[key].new_parser(options)
    places = [0, *sorted(cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(places)]
    assert [told(r) for piece in pieces for r in parser.feed(piece)] == whole


def _shown(protocol: ScaleProtocol, amount: int, stable: bool) -> Shown:
    return Shown(Decimal(amount).scaleb(-3), places=3, stable=stable)


# Garbage of bytes that start or belong to no frame of any protocol: it must be skipped whole.
harmless = st.lists(st.sampled_from([b"\x00", b"\x7f", b"\x80", b"#", b"&"]), max_size=40).map(
    b"".join
)


@pytest.mark.parametrize("key", KEYS)
@CASES
@given(
    amounts=st.lists(st.integers(0, 29_999), min_size=1, max_size=6),
    stable=st.booleans(),
    garbage=st.lists(harmless, min_size=6, max_size=6),
)
def test_garbage_between_frames_is_skipped(key, amounts, stable, garbage) -> None:
    protocol = PROTOCOLS[key]
    if key in ("cas_10", "pattern"):  # bare lines: garbage in the line spoils that line
        garbage = [g + b"\r\n" for g in garbage]
    stable = stable or key == "toledo_8217"  # tells no number while moving
    options = protocol.filled({})
    stream = b"".join(
        g + protocol.encode(_shown(protocol, a, stable), options)
        for g, a in zip(garbage, amounts, strict=False)
    )
    readings = protocol.new_parser().feed(stream)
    assert [r.value for r in readings] == [Decimal(a).scaleb(-3) for a in amounts]
    assert all(r.stable in (None, stable) for r in readings)
    assert all(r.unit in (None, "kg") for r in readings)


@pytest.mark.parametrize("key", KEYS)
def test_an_endless_line_without_end_stays_small(key: str) -> None:
    parser = PROTOCOLS[key].new_parser()
    for byte in (b"\x02", b"=", b" ", b"0", b"S", b"\xff", b"\x01"):
        assert len(parser.feed(byte * 20_000)) <= 1
        assert parser.buffered <= 128


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("over", [True, False])
def test_overload_is_never_a_number(key: str, over: bool) -> None:
    protocol = PROTOCOLS[key]
    shown = Shown(Decimal("99.999"), overload=over, underload=not over)
    for reading in protocol.new_parser().feed(protocol.encode(shown, protocol.filled({}))):
        assert reading.value is None
        assert (reading.overload, reading.underload) == (over, not over)


@pytest.mark.parametrize("key", ["and_standard", "and_two_headers", "jcs_bcd", "mt_sics", "ohaus"])
def test_counting_frames_are_pieces(key: str) -> None:
    protocol = PROTOCOLS[key]
    shown = Shown(Decimal(236), places=0, mode=Mode.COUNT)
    (reading,) = protocol.new_parser().feed(protocol.encode(shown, protocol.filled({})))
    assert (reading.value, reading.unit, reading.mode) == (Decimal(236), "pcs", Mode.COUNT)
