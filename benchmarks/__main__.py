"""``python -m benchmarks [--quick] [--json FILE] [--only SECTION …] [--results]``.

Prints each limit beside its figure; exit status 1 when one is missed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine, report
from benchmarks.limits import SECTIONS, judge
from benchmarks.result import Bench, Section
from benchmarks.server import BenchServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen sections; 0 only when every limit is kept."""
    options = _parser().parse_args(arguments)
    chosen = [name for name in SECTIONS if not options.only or name in options.only]
    sections: dict[str, Section] = {}
    with BenchServer() as server:
        facts = machine.describe(server)
        print("\n".join(f"{name}: {value}" for name, value in facts.items()), flush=True)
        for name in chosen:
            print(f"\n--- {name}", flush=True)
            begun = time.perf_counter()
            sections[name] = _section(name, Bench(server, options.quick))
            print(f"({time.perf_counter() - begun:.0f} s)", flush=True)
    figures = {k: v for section in sections.values() for k, v in section.figures.items()}
    verdicts = judge(figures, chosen)
    print("\n" + "\n".join(report.table(verdicts)), flush=True)
    if options.json:
        Path(options.json).write_text(
            report.as_json(verdicts, sections, facts, quick=options.quick), encoding="utf-8"
        )
    if options.results:
        report.RESULTS.write_text(
            report.as_markdown(verdicts, sections, facts, quick=options.quick), encoding="utf-8"
        )
    return 0 if all(verdict.kept for verdict in verdicts) else 1


def _section(name: str, bench: Bench) -> Section:
    """A section that breaks misses its limits; the others are still measured."""
    try:
        result = importlib.import_module(f"benchmarks.{name}").run(bench)
    except Exception:
        traceback.print_exc()
        broken = Section()
        broken.say("this section broke off; its limits count as missed")
        return broken
    assert isinstance(result, Section)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, a few minutes")
    parser.add_argument("--json", metavar="FILE", help="write everything measured there too")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=SECTIONS,
        metavar="SECTION",
        help=f"some of: {', '.join(SECTIONS)}",
    )
    parser.add_argument(
        "--results", action="store_true", help="write benchmarks/RESULTS.md from this run"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
