"""What one scanner does to every code, and how that is undone. Pure; learned by ``teaching``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

GS = "\x1d"
SUFFIXES = ("", "\r", "\n", "\r\n", "\t")


@dataclass(frozen=True)
class ScannerProfile:
    """The habits of a scanner.

    ``prefix`` and ``suffix`` stand around each code. ``separators`` are characters it sends
    in place of GS; ``loses_separator``: it sends nothing there. ``case_swapped``: capitals
    and small letters are exchanged (Caps Lock). ``doubled``: every key comes twice.
    ``min_length``, ``max_gap_ms`` and ``idle_ms`` are for telling it from a person who types:
    characters, and milliseconds between keys and after the last one.
    """

    prefix: str = ""
    suffix: str = "\r"
    separators: str = ""
    loses_separator: bool = False
    case_swapped: bool = False
    doubled: bool = False
    sends_symbology: bool = False
    min_length: int = 4
    max_gap_ms: int = 50
    idle_ms: int = 80

    def undo(self, text: str) -> str:
        """The code as it is printed; a second time gives the same for a scanner without habits."""
        if self.doubled:
            text = undoubled(text)
        if self.case_swapped:
            text = text.swapcase()
        if self.prefix and text.startswith(self.prefix):
            text = text[len(self.prefix) :]
        if self.suffix and text.endswith(self.suffix):
            text = text[: -len(self.suffix)]
        for separator in self.separators:
            text = text.replace(separator, GS)
        return text

    def to_json(self) -> dict[str, Any]:
        """For the settings of a device or the workstation's file."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ScannerProfile:
        """Unknown keys and values of another type are left out: the default holds."""
        usual = cls()
        values = {
            field.name: stored[field.name]
            for field in fields(cls)
            if type(stored.get(field.name)) is type(getattr(usual, field.name))
        }
        return cls(**values)


def undoubled(text: str) -> str:
    """``text`` with every character once, when all of them come twice; else unchanged."""
    twice = len(text) % 2 == 0 and text[::2] == text[1::2]
    return text[::2] if twice else text
