"""The table of all GS1 application identifiers, read from the official dictionary.

``resources/gs1/gs1-syntax-dictionary.txt`` is GS1's own file (its header explains the
notation); nothing of it is repeated in code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop_app.core.paths import resources_dir

_ENTRY = re.compile(r"(\d{2,4})(?:-(\d{2,4}))?\s+(.*)")
_PART = re.compile(r"(\[)?([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)\Z")


@dataclass(frozen=True)
class Component:
    """A part of an identifier's value.

    ``charset`` N digits, X the 82 printable characters of GS1, Y its 39, Z base64url.
    ``checks`` name rules of ``gs1_rules``.
    """

    charset: str
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Identifier:
    """One application identifier.

    ``predefined``: needs no separator after it. ``attribute``: may stand in the query of a
    Digital Link. ``needs``: for each demand the alternatives, each a group of patterns
    (``31nn``) that must all be there. ``excludes``: patterns that must not. ``path``: None
    when it is no Digital Link key, else the orders of qualifiers that may follow it.
    """

    ai: str
    title: str
    components: tuple[Component, ...]
    predefined: bool
    attribute: bool
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    excludes: tuple[str, ...]
    path: tuple[tuple[str, ...], ...] | None

    @property
    def longest(self) -> int:
        """The longest value, in characters."""
        return sum(component.longest for component in self.components)

    @property
    def shortest(self) -> int:
        """The shortest value that is whole."""
        return sum(c.shortest for c in self.components if not c.optional)


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Every application identifier by its digits; ranges of the file are spread out."""
    return {entry.ai: entry for entry in _read(resources_dir() / "gs1" / _FILE)}


_FILE = "gs1-syntax-dictionary.txt"


def identifier_at(text: str) -> Identifier | None:
    """The application identifier that ``text`` begins with; no two can fit."""
    table = identifiers()
    for length in (2, 3, 4):
        if text[:length] in table:
            return table[text[:length]]
    return None


def matches(pattern: str, ai: str) -> bool:
    """Whether an identifier fits a pattern of the table (``31nn``: any two digits)."""
    return len(pattern) == len(ai) and all(p in {"n", d} for p, d in zip(pattern, ai, strict=True))


def _read(path: Path) -> Iterator[Identifier]:
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _ENTRY.match(line)
        if found is None:
            continue
        rule, _, title = found.group(3).partition("#")
        first, last = found.group(1), found.group(2) or found.group(1)
        for number in range(int(first), int(last) + 1):
            yield _identifier(f"{number:0{len(first)}d}", rule.split(), title.strip())


def _identifier(ai: str, words: list[str], title: str) -> Identifier:
    flags = ""
    if words and not words[0][0].isalnum() and words[0][0] != "[":
        flags = words.pop(0)
    parts = [found for word in words if (found := _PART.match(word)) is not None]
    rest = words[len(parts) :]
    path: tuple[tuple[str, ...], ...] | None = None
    if "dlpkey" in rest:
        path = ()
    needs: list[tuple[tuple[str, ...], ...]] = []
    excludes: list[str] = []
    for word in rest:
        key, _, value = word.partition("=")
        if key == "req":
            needs.append(tuple(tuple(group.split("+")) for group in value.split(",")))
        elif key == "ex":
            excludes += value.split(",")
        elif key == "dlpkey" and value:
            path = tuple(tuple(order.split(",")) for order in value.split("|"))
    return Identifier(
        ai,
        title,
        tuple(_component(part) for part in parts),
        "*" in flags,
        "?" in flags,
        tuple(needs),
        tuple(excludes),
        path,
    )


def _component(part: re.Match[str]) -> Component:
    optional, charset, varies, length, checks = part.groups()
    return Component(
        charset,
        1 if varies else int(length),
        int(length),
        bool(optional),
        tuple(name for name in checks.split(",") if name),
    )
