"""Reads tests/data/scales/*.txt; the format is told in the README beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.hardware.scales.reading import Mode, Reading

FOLDER = Path(__file__).parents[2] / "data" / "scales"
_ESCAPE = re.compile(r"\\(r|n|t|x[0-9A-Fa-f]{2})")
_PLAIN = {"r": "\r", "n": "\n", "t": "\t"}


@dataclass
class Part:
    """One case of a transcript."""

    title: str
    data: bytes = b""
    expected: list[str] = field(default_factory=list)


@dataclass
class Transcript:
    name: str
    protocol: str = ""
    options: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return b"".join(part.data for part in self.parts)

    @property
    def expected(self) -> list[str]:
        return [line for part in self.parts for line in part.expected]


def read_transcripts() -> list[Transcript]:
    return [_read(path) for path in sorted(FOLDER.glob("*.txt"))]


def told(reading: Reading) -> str:
    """A reading as a transcript writes it."""
    stable = {True: "stable", False: "unstable", None: "unknown"}[reading.stable]
    if reading.error:
        return f"error {reading.error}"
    if reading.overload or reading.underload:
        return f"{'overload' if reading.overload else 'underload'} {stable}"
    if reading.value is None:
        return "moving"
    mode = "" if reading.mode is Mode.SHOWN else f" {reading.mode}"
    return f"{reading.value:f} {reading.unit or '-'} {stable}{mode}"


def _read(path: Path) -> Transcript:
    transcript = Transcript(path.stem)
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(": ")
            if name == "protocol":
                transcript.protocol = value
            else:
                key, _, chosen = value.partition("=")
                transcript.options[key] = chosen
        elif kind == "!":
            transcript.parts.append(Part(rest))
        elif kind == "<":
            transcript.parts[-1].data += _bytes(rest)
        elif kind == "=":
            transcript.parts[-1].expected.append(rest)
        else:
            assert not line, f"{path.name}: {line!r}"
    return transcript


def _bytes(text: str) -> bytes:
    if not text.startswith('"'):
        return bytes.fromhex(text)
    return _ESCAPE.sub(
        lambda found: _PLAIN.get(found[1]) or chr(int(found[1][1:], 16)), text[1:-1]
    ).encode("latin-1")
