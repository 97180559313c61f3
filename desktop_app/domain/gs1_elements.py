"""GS1 element strings taken apart and checked against the official table.

Our own reading: every failure names the application identifier and what is wrong, so that
the person who scanned knows whether to scan again or to send the label back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from desktop_app.core.i18n import N_, Message
from desktop_app.domain import gs1_rules
from desktop_app.domain.gs1_table import Component, Identifier, identifier_at, identifiers, matches

SEPARATOR = "\x1d"
Element = tuple[str, str]
"""Application identifier and its value."""

_EMPTY = N_("The GS1 code is incomplete or damaged. Scan again.")
_UNKNOWN = N_("The GS1 code has “{text}” where an application identifier should stand. Scan again.")
_SHORT = N_("({ai}) {title}: “{value}” is too short. Scan again.")
_LONG = N_("({ai}) {title}: “{value}” is too long; the separator behind it may be lost.")
_CHARACTERS = N_("({ai}) {title}: “{value}” has a character that is not allowed there.")
_CHECK_DIGIT = N_("The check digit of {number} in the GS1 code is wrong. Scan again.")
_VALUE = N_("({ai}) {title}: “{value}” is not possible.")
_TWICE = N_("({ai}) stands twice in the code with different values.")
_NEEDS = N_("({ai}) {title} may only stand together with {others}.")
_EXCLUDES = N_("({ai}) {title} may not stand together with ({other}).")
_BRACKET = re.compile(r"\((\d{2,4})\)")


def split(text: str) -> tuple[Element, ...] | Message:
    """The elements of a scanned text, each checked; or the sentence what is wrong."""
    if not text.strip(SEPARATOR):
        return Message(_EMPTY)
    found: list[Element] = []
    rest = text.lstrip(SEPARATOR)
    while rest:
        identifier = identifier_at(rest)
        if identifier is None:
            return Message(_UNKNOWN, {"text": rest[:8]})
        body = rest[len(identifier.ai) :]
        length = identifier.longest if identifier.predefined else len(body)
        value = body[:length].split(SEPARATOR, 1)[0]
        problem = check(identifier.ai, value)
        if problem is not None:
            return problem
        found.append((identifier.ai, value))
        rest = body[len(value) :].lstrip(SEPARATOR)
    return _consistent(found)


def split_printed(text: str) -> tuple[Element, ...] | Message:
    """The elements of the form printed for people: ``(01)…(10)…``."""
    starts = [m for m in _BRACKET.finditer(text) if m.group(1) in identifiers()]
    if not starts or starts[0].start() != 0:
        return Message(_UNKNOWN, {"text": text[:8]})
    ends = [*(m.start() for m in starts[1:]), len(text)]
    found = [(m.group(1), text[m.end() : end]) for m, end in zip(starts, ends, strict=True)]
    for ai, value in found:
        problem = check(ai, value)
        if problem is not None:
            return problem
    return _consistent(found)


def joined(elements: Iterable[Element]) -> str:
    """The element string as it is encoded, separators where they are needed."""
    parts = list(elements)
    text = ""
    for place, (ai, value) in enumerate(parts):
        last = place == len(parts) - 1
        text += ai + value + ("" if last or identifiers()[ai].predefined else SEPARATOR)
    return text


def check(ai: str, value: str) -> Message | None:
    """What is wrong with the value of an identifier of the table, or None."""
    identifier = identifiers()[ai]
    rest = value
    for component in identifier.components:
        if component.optional and not rest:
            break
        part, rest = rest[: component.longest], rest[component.longest :]
        problem = _check_part(identifier, component, part, value)
        if problem is not None:
            return problem
    if rest:
        return _said(_LONG, identifier, value)
    return None


def association_problems(elements: Sequence[Element]) -> tuple[Message, ...]:
    """Which demanded companions are missing and which elements exclude each other.

    To be judged over everything that marks one thing: several symbols on one box may share
    their elements, so a scan alone is not refused for this.
    """
    present = [ai for ai, _ in elements]
    problems: list[Message] = []
    for identifier in (identifiers()[ai] for ai in dict.fromkeys(present)):
        others = [ai for ai in present if ai != identifier.ai]
        for demand in identifier.needs:
            if not any(all(_has(others, p) for p in group) for group in demand):
                words = " / ".join("+".join(f"({ai})" for ai in group) for group in demand)
                facts = {"ai": identifier.ai, "title": identifier.title, "others": words}
                problems.append(Message(_NEEDS, facts))
        for other in dict.fromkeys(others):
            if any(matches(pattern, other) for pattern in identifier.excludes):
                facts = {"ai": identifier.ai, "title": identifier.title, "other": other}
                problems.append(Message(_EXCLUDES, facts))
    return tuple(problems)


def _has(present: Sequence[str], pattern: str) -> bool:
    return any(matches(pattern, ai) for ai in present)


def _check_part(
    identifier: Identifier, component: Component, part: str, value: str
) -> Message | None:
    if len(part) < component.shortest:
        return _said(_SHORT, identifier, value)
    if not set(part) <= set(gs1_rules.CHARSETS[component.charset]):
        return _said(_CHARACTERS, identifier, value)
    for name in component.checks:
        if not gs1_rules.passes(name, part):
            if name == "csum":
                return Message(_CHECK_DIGIT, {"number": part})
            return _said(_VALUE, identifier, value)
    return None


def _said(sentence: str, identifier: Identifier, value: str) -> Message:
    facts = {"ai": identifier.ai, "title": identifier.title, "value": value[:40]}
    return Message(sentence, facts)


def _consistent(elements: Sequence[Element]) -> tuple[Element, ...] | Message:
    seen: dict[str, str] = {}
    for ai, value in elements:
        if seen.setdefault(ai, value) != value:
            return Message(_TWICE, {"ai": ai})
    return tuple(seen.items())
