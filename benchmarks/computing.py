"""Work of this PC alone: a large bill of materials, and an export to Excel."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from openpyxl import Workbook

from benchmarks.result import Bench, Section, milliseconds
from desktop_app.domain.bom import BillOfMaterials, BOMLine, explode
from desktop_app.exchange.xlsx import XlsxColumn, XlsxKind, write_table

LEVELS = 9
BOM_LINES = 10_000
PER_BOM = 8
_COLUMNS = (
    XlsxColumn("Number", XlsxKind.CODE, 20, "number"),
    XlsxColumn("Date", XlsxKind.DATE, 11, "date"),
    XlsxColumn("Partner", XlsxKind.TEXT, 24, "party"),
    XlsxColumn("Item", XlsxKind.CODE, 16, "item"),
    XlsxColumn("Quantity", XlsxKind.QUANTITY, 10, "qty"),
    XlsxColumn("Price", XlsxKind.PRICE, 10, "price"),
    XlsxColumn("Amount", XlsxKind.MONEY, 12, "gross"),
    XlsxColumn("Remark", XlsxKind.TEXT, 24, "remark"),
)


def run(bench: Bench) -> Section:
    """Milliseconds of an explosion, and the export's speed over bare openpyxl."""
    section = Section()
    _explode(section, bench.size(9, 3))
    _export(bench, section)
    return section


def product_structure(lines: int = BOM_LINES, levels: int = LEVELS) -> dict[int, BillOfMaterials]:
    """BOMs with ``lines`` lines together; the way from item 0 down has ``levels`` levels.

    Parts are shared: every BOM takes components from the level below, so the number of ways
    down is far larger than the number of lines.
    """
    chance = random.Random(20260101)
    boms = -(-lines // PER_BOM)
    per_level = [1, *_spread(boms - 1, levels - 1)]
    starts = [sum(per_level[:n]) for n in range(levels)]
    bought = sum(per_level)
    found = {}
    left = lines
    for level in range(levels):
        for item in range(starts[level], starts[level] + per_level[level]):
            below = (
                range(starts[level + 1], starts[level + 1] + per_level[level + 1])
                if level + 1 < levels
                else range(bought, bought + 2_000)
            )
            count = min(PER_BOM, left, len(below))
            left -= count
            chosen = chance.sample(below, count)
            found[item] = BillOfMaterials(
                item,
                tuple(
                    BOMLine(
                        part,
                        Decimal(chance.randint(1, 4)),
                        Decimal("0.02") if chance.random() < 0.3 else Decimal(0),
                    )
                    for part in chosen
                ),
            )
    return found


def _spread(total: int, parts: int) -> list[int]:
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]


def _explode(section: Section, times: int) -> None:
    boms = product_structure()
    lines = sum(len(bom.lines) for bom in boms.values())
    taken = [_timed(lambda: explode(boms, 0, Decimal(10))) for _ in range(times)]
    needs = explode(boms, 0, Decimal(10))
    section.figures["computing.bom"] = median(taken) * 1000
    section.say(
        f"explosion of {lines:,} BOM lines, {max(n.level for n in needs)} levels,"
        f" {len(needs):,} items: {milliseconds(median(taken))}"
    )


def _export(bench: Bench, section: Section) -> None:
    rows = _rows(bench.size(50_000, 5_000))
    file = bench.server.folder / "export.xlsx"
    ours, bare = [], []
    for _ in range(bench.size(5, 3)):
        bare.append(_timed(lambda: _bare(file, rows)))
        ours.append(_timed(lambda: write_table(file, "Orders", _COLUMNS, rows)))
    section.figures["computing.xlsx"] = median(bare) / median(ours)
    section.data["computing.xlsx"] = {"bare_s": bare, "ours_s": ours, "rows": len(rows)}
    section.say(
        f"export of {len(rows):,} rows: {len(rows) / median(ours):,.0f} rows/s, bare openpyxl"
        f" {len(rows) / median(bare):,.0f} rows/s"
    )


def _bare(file: Path, rows: list[tuple[Any, ...]]) -> None:
    """openpyxl's write-only mode as its documentation shows it: no styles, no safety."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    sheet.append([column.title for column in _COLUMNS])
    for row in rows:
        sheet.append(row)
    book.save(file)


def _rows(count: int) -> list[tuple[Any, ...]]:
    first = date(2026, 1, 1)
    return [
        (
            f"XSD-20260101-{n:06d}",
            first + timedelta(days=n % 365),
            f"Partner {n % 900}",
            f"{n % 5000:08d}",
            Decimal(n % 97 + 1),
            Decimal(n % 997) / 100 + 1,
            Decimal(n % 99_991) / 100,
            "" if n % 3 else "asked for an early delivery",
        )
        for n in range(count)
    ]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
