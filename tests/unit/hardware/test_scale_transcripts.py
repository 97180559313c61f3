"""What every scale sends, byte for byte, and what it means (tests/data/scales)."""

from __future__ import annotations

import pytest

from desktop_app.hardware.scales.registry import PROTOCOLS
from tests.unit.hardware.transcripts import Transcript, read_transcripts, told

TRANSCRIPTS = read_transcripts()
PARTS = [(t, part) for t in TRANSCRIPTS for part in t.parts]


def test_every_protocol_has_a_transcript() -> None:
    assert {protocol.key for protocol in PROTOCOLS} == {t.protocol for t in TRANSCRIPTS}


@pytest.mark.parametrize(
    ("transcript", "part"), PARTS, ids=[f"{t.name}: {p.title}" for t, p in PARTS]
)
def test_the_bytes_mean_what_the_transcript_says(transcript, part) -> None:
    parser = PROTOCOLS[transcript.protocol].new_parser(transcript.options)
    assert [told(reading) for reading in parser.feed(part.data)] == part.expected


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=[t.name for t in TRANSCRIPTS])
def test_a_whole_transcript_in_one_stream_and_byte_by_byte(transcript: Transcript) -> None:
    protocol = PROTOCOLS[transcript.protocol]
    parser = protocol.new_parser(transcript.options)
    single = [r for byte in transcript.data for r in parser.feed(bytes((byte,)))]
    whole = protocol.new_parser(transcript.options).feed(transcript.data)
    assert [told(r) for r in single] == [told(r) for r in whole]
    assert [told(r) for r in whole] == transcript.expected
    assert parser.buffered < 128
