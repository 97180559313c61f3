"""The verdicts as a table on the screen, as JSON and as ``RESULTS.md``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.limits import Verdict
from benchmarks.result import Section

RESULTS = Path(__file__).with_name("RESULTS.md")
_SIZES = {True: "quick (small data, few repetitions)", False: "full"}


def shown(figure: float | None, unit: str) -> str:
    """A figure with its unit; "not measured" when there is none."""
    if figure is None:
        return "not measured"
    text = f"{figure:.2f}" if unit in ("x", "s", "ms") else f"{figure:g}"
    return f"{text} {unit}"


def table(verdicts: Sequence[Verdict]) -> list[str]:
    """One line per limit."""
    lines = [f"{'':<62} {'figure':>16} {'limit':>17}"]
    for verdict in verdicts:
        limit = verdict.limit
        bound = f"{limit.kind} {limit.limit:g} {limit.unit}"
        lines.append(
            f"{limit.title:<62} {shown(verdict.figure, limit.unit):>16} {bound:>22}  {verdict.word}"
        )
    kept = sum(verdict.kept for verdict in verdicts)
    return [*lines, f"{kept} of {len(verdicts)} limits kept"]


def as_json(
    verdicts: Sequence[Verdict],
    sections: Mapping[str, Section],
    machine: Mapping[str, str],
    *,
    quick: bool,
) -> str:
    """Everything that was measured."""
    found: dict[str, Any] = {
        "quick": quick,
        "machine": dict(machine),
        "ok": all(verdict.kept for verdict in verdicts),
        "limits": [
            {
                "name": v.limit.name,
                "title": v.limit.title,
                "figure": v.figure,
                "limit": v.limit.limit,
                "unit": v.limit.unit,
                "kind": v.limit.kind,
                "ok": v.kept,
            }
            for v in verdicts
        ],
        "sections": {
            name: {"figures": section.figures, "lines": section.lines, "data": section.data}
            for name, section in sections.items()
        },
    }
    return json.dumps(found, indent=1, default=str)


def as_markdown(
    verdicts: Sequence[Verdict],
    sections: Mapping[str, Section],
    machine: Mapping[str, str],
    *,
    quick: bool,
) -> str:
    """The page that stands in the repository."""
    lines = [
        "# Results of the last run of `dev.py bench`",
        "",
        "Written by `dev.py bench --results`; see `docs/adr/0007-bench.md` for floor and ratios.",
        "",
        f"Run: {_SIZES[quick]}.",
        "",
        "| machine | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in machine.items()),
        "",
        "| limit | figure | must be | |",
        "|---|---:|---:|---|",
        *(
            f"| {v.limit.title} | {shown(v.figure, v.limit.unit)} | {v.limit.kind}"
            f" {v.limit.limit:g} {v.limit.unit} | {v.word} |"
            for v in verdicts
        ),
        "",
    ]
    for name, section in sections.items():
        lines += [f"## {name}", "", "```", *section.lines, "```", ""]
    return "\n".join(lines)
