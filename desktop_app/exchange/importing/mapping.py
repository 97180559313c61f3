"""Which column means which field: proposed, corrected by the person, remembered."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message, tr
from desktop_app.exchange.importing.fields import NUMBER_DECIMALS, ImportField
from desktop_app.exchange.importing.headings import Heading, HeadingColumn
from desktop_app.exchange.importing.wording import names_of, plain, split_unit, words

SURE = 0.9
"""From here on a match is by name; below, the person should look."""
_LIKELY = 0.6
_ONE = Decimal(1)

_UNKNOWN_UNIT = N_("“{heading}” is in {unit}; {field} is not known in it. Choose yourself.")


@dataclass(frozen=True)
class ColumnMatch:
    """Column ``column`` (from 0) holds ``field``; ``key`` for a repeated one.

    ``confidence``: 1 by the very name, below SURE by likeness. ``factor`` is that of the
    heading's unit. ``date_order`` says how days are written when the file cannot ("dmy",
    "mdy", "ymd").
    """

    column: int
    field: str
    confidence: float = 1.0
    key: str = ""
    factor: Decimal = _ONE
    date_order: str = ""


@dataclass(frozen=True)
class ColumnMapping:
    """All matches in column order; ``missing`` are required fields without a column."""

    columns: tuple[ColumnMatch, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def of(self, column: int) -> ColumnMatch | None:
        """What a column holds, None when it is left out."""
        return next((match for match in self.columns if match.column == column), None)

    def changed(
        self,
        heading: Heading,
        fields: Sequence[ImportField],
        column: int,
        field: str | None,
        *,
        date_order: str = "",
    ) -> ColumnMapping:
        """The mapping after the person chose ``field`` (None: leave out) for ``column``.

        A field that is not repeated is taken from the column that had it.
        """
        chosen = next((f for f in fields if f.name == field), None)
        kept = [
            match
            for match in self.columns
            if match.column != column
            and (chosen is None or chosen.repeated or match.field != chosen.name)
        ]
        at = heading.column(column)
        if chosen is not None and at is not None:
            found = _match(at, chosen)
            factor = found.factor if found else _ONE
            key = (found.key if found else "") or (_any_key(at) if chosen.repeated else "")
            kept.append(ColumnMatch(column, chosen.name, 1.0, key, factor, date_order))
        return _mapping(kept, fields, ())

    def to_json(self, heading: Heading) -> dict[str, Any]:
        """What to remember: by heading name, so that moved columns are found again."""
        names = {column.index: column.name for column in heading.columns}
        return {
            "columns": [
                {
                    "heading": names.get(match.column, ""),
                    "field": match.field,
                    "key": match.key,
                    "factor": str(match.factor),
                    "date_order": match.date_order,
                }
                for match in self.columns
            ]
        }


def heading_key(heading: Heading) -> str:
    """The same for files with the same headings, whatever their order."""
    return "|".join(sorted(plain(column.name) for column in heading.columns if column.title))


def propose_mapping(
    heading: Heading,
    fields: Sequence[ImportField],
    remembered: Mapping[str, Any] | None = None,
) -> ColumnMapping:
    """The likeliest field of each column, each field once; ``remembered`` goes before all."""
    taken: dict[int, ColumnMatch] = {}
    used: set[str] = set()
    for match in _remembered(heading, fields, remembered or {}):
        taken[match.column] = match
        used.add(match.field)
    if not taken:
        repeated = {field.name for field in fields if field.repeated}
        for _, match in _candidates(heading, fields):
            if match.column in taken or match.field in used:
                continue
            taken[match.column] = match
            if match.field not in repeated:
                used.add(match.field)
    return _mapping(list(taken.values()), fields, _unit_notes(heading, fields, taken))


def _mapping(
    matches: list[ColumnMatch], fields: Sequence[ImportField], notes: tuple[Message, ...]
) -> ColumnMapping:
    matches.sort(key=lambda match: match.column)
    there = {match.field for match in matches}
    missing = tuple(f.name for f in fields if f.required and f.name not in there)
    return ColumnMapping(tuple(matches), missing, notes)


def _remembered(
    heading: Heading, fields: Sequence[ImportField], kept: Mapping[str, Any]
) -> list[ColumnMatch]:
    indexes = {column.name: column.index for column in heading.columns}
    known = {field.name for field in fields}
    return [
        ColumnMatch(
            indexes[entry["heading"]],
            entry["field"],
            1.0,
            entry.get("key", ""),
            Decimal(entry.get("factor", "1")),
            entry.get("date_order", ""),
        )
        for entry in kept.get("columns", ())
        if entry["heading"] in indexes and entry["field"] in known
    ]


def _candidates(heading: Heading, fields: Sequence[ImportField]) -> list[tuple[float, ColumnMatch]]:
    """All matches worth a thought, the best first."""
    found = []
    for column in heading.columns:
        for field in fields:
            match = _match(column, field) if column.title else None
            if match is not None and match.confidence >= _LIKELY:
                found.append((match.confidence, match))
    found.sort(key=lambda pair: (-pair[0], pair[1].column))
    return found


def _match(column: HeadingColumn, field: ImportField) -> ColumnMatch | None:
    if field.repeated:
        return _repeated(column, field)
    score, factor = _likeness(column.title, field)
    if column.group:
        whole, _ = _likeness(f"{column.group} {column.title}", field)
        # "Mouser / Price" is a price only when nothing else in the table is.
        score = max(whole, score - 0.15)
    return ColumnMatch(column.index, field.name, score, "", factor) if score else None


def _repeated(column: HeadingColumn, field: ImportField) -> ColumnMatch | None:
    """A column per key: the key is the group, a known key, or what a pattern finds."""
    score, factor = _likeness(column.title, field)
    if column.group and score >= SURE:
        return ColumnMatch(column.index, field.name, score, column.group, factor)
    title = plain(column.title)
    for key in field.keys:
        rest = title.replace(plain(key), "", 1)
        if plain(key) in title and (not rest or rest in map(plain, names_of(field))):
            return ColumnMatch(column.index, field.name, 1.0, key)
    for pattern in field.key_patterns:
        found = re.fullmatch(pattern, column.title.strip())
        if found:
            key = found[1] if found.re.groups else found[0]
            return ColumnMatch(column.index, field.name, 0.85, key.strip())
    return None


def _any_key(column: HeadingColumn) -> str:
    return column.group or column.title or column.name


def _likeness(title: str, field: ImportField) -> tuple[float, Decimal]:
    """How surely ``title`` means ``field``, and the factor of its unit."""
    best, factor = 0.0, _ONE
    core, unit = split_unit(title)
    # "重量" alone does not say grams or kilograms: the person should look.
    unsure = not unit and len(set(field.units.values())) > 1
    own_titles = {plain(name) for name in names_of(field)[:2]}
    scaled = _factor(unit, field)
    for order, name in enumerate(names_of(field)):
        known, known_unit = split_unit(name)
        late = min(order, 20) * 0.001
        if plain(title) == plain(name):
            # The field's own name with a unit in it means that unit.
            own = scaled if scaled is not None and field.units else _ONE
            score, with_factor = 1.0 - late, own
        elif scaled is None and unit != known_unit:
            continue
        elif plain(core) == plain(known):
            score, with_factor = 0.97 - late, scaled or _ONE
        else:
            score, with_factor = _near(core, known) - late, scaled or _ONE
        if score > best:
            best, factor = score, with_factor
    if unsure and plain(title) not in own_titles:
        best = min(best, SURE - 0.05)
    return best, factor


def _factor(unit: str, field: ImportField) -> Decimal | None:
    """What one ``unit`` is in the field's own; None when nobody knows."""
    if not unit or field.kind not in NUMBER_DECIMALS:
        return _ONE
    return {plain(name): factor for name, factor in field.units.items()}.get(plain(unit))


def _near(title: str, name: str) -> float:
    """Likeness of two headings: the same last words, one within the other, a slip of the pen."""
    if re.search(r"[\u4e00-\u9fff]", title + name):
        return _near_chinese(plain(title), plain(name))
    short, long = sorted((words(title), words(name)), key=len)
    # The last words say what an English name is: "Order notes" are notes.
    if short and long[-len(short) :] == short and len("".join(short)) > 2:
        return 0.6 + 0.3 * len("".join(short)) / len("".join(long))
    ratio = difflib.SequenceMatcher(None, plain(title), plain(name)).ratio()
    return 0.8 * ratio if ratio >= 0.85 and len(name) >= 4 else 0.0


def _near_chinese(title: str, name: str) -> float:
    short, long = sorted((title, name), key=len)
    if len(short) < 2:
        return 0.0
    if long.endswith(short):
        return 0.55 + 0.3 * len(short) / len(long)
    if long.startswith(short):
        return 0.5 + 0.3 * len(short) / len(long)
    return 0.0


def _unit_notes(
    heading: Heading, fields: Sequence[ImportField], taken: Mapping[int, ColumnMatch]
) -> tuple[Message, ...]:
    """Tell of columns that would fit but for their unit."""
    notes = []
    used = {match.field for match in taken.values()}
    for column in heading.columns:
        core, unit = split_unit(column.title)
        if not unit or column.index in taken:
            continue
        for field in fields:
            bare, _ = _likeness(core, field)
            if field.name not in used and bare >= SURE and _factor(unit, field) is None:
                facts = {"heading": column.name, "unit": unit, "field": tr(field.title)}
                notes.append(Message(_UNKNOWN_UNIT, facts))
    return tuple(notes)


def with_date_order(mapping: ColumnMapping, column: int, order: str) -> ColumnMapping:
    """The same mapping with the writing of days in one column decided by the person."""
    return replace(
        mapping,
        columns=tuple(
            replace(match, date_order=order) if match.column == column else match
            for match in mapping.columns
        ),
    )
