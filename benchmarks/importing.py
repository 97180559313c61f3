"""A list of 200,000 goods from Excel: read, checked row by row, taken in; rows a second and memory."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from benchmarks.result import Bench, Section
from desktop_app.database.unit_of_work import Database
from desktop_app.exchange.xlsx import XlsxColumn, XlsxKind, write_table
from desktop_app.services.importing import reading, runs
from desktop_app.services.importing.reading import ReadIn

ROWS = 200_000
WARM_UP = 2_000
_HEADINGS = ("货号", "名称", "规格", "类别", "单位", "条码", "安全库存", "销售价", "采购价", "提前期",
             "单重(g)", "装箱数")  # fmt: skip
_CODES = ("货号", "条码")
_WORDS = ("镀镍", "镀铬", "哑光", "铰链", "拉手", "螺丝", "合页", "滑轨", "不锈钢", "加厚", "小号",
          "大号", "4寸", "5寸")  # fmt: skip


def run(bench: Bench) -> Section:
    """Rows a second of the dry run (reading, staging, checking) and of the whole import."""
    section = Section()
    count = bench.size(ROWS, 10_000)
    database = bench.server.new_company("importing")
    try:
        with tempfile.TemporaryDirectory() as folder:
            _dry_run(database, _table(Path(folder) / "warm.xlsx", WARM_UP))
            path = _table(Path(folder) / "goods.xlsx", count)
            _measure(section, database, path, count)
    finally:
        database.close()
    return section


def _measure(section: Section, database: Database, path: Path, count: int) -> None:
    memory = _memory_mb()
    begun = time.perf_counter()
    read = _dry_run(database, path)
    checked = time.perf_counter()
    grown = _memory_mb() - memory
    database.run(runs.run, read.draft_id, uuid4())
    taken = time.perf_counter()
    section.figures["importing.dry_run"] = count / (checked - begun)
    section.figures["importing.memory"] = grown
    section.data["importing"] = {
        "rows": count,
        "dry_run_s": checked - begun,
        "run_s": taken - checked,
    }
    section.say(
        f"{count:,} goods of 12 columns from xlsx: read, staged and checked at"
        f" {count / (checked - begun):,.0f} rows/s ({read.counts.new:,} new,"
        f" {read.counts.refused:,} refused with a reason), memory grew by {grown:.0f} MB"
    )
    section.say(
        f"  taken in with barcodes, two prices, search keys and the change log:"
        f" {count / (taken - checked):,.0f} rows/s; both together"
        f" {count / (taken - begun):,.0f} rows/s"
    )


def _dry_run(database: Database, path: Path) -> ReadIn:
    seen = database.read(reading.look, "item", path)
    return database.run(reading.read_in, "item", seen, seen.mapping)


def _table(path: Path, count: int) -> Path:
    columns = [XlsxColumn(h, XlsxKind.CODE if h in _CODES else XlsxKind.TEXT) for h in _HEADINGS]
    write_table(path, "货品", columns, _rows(count, path.stem[0].upper()))
    return path


def _rows(count: int, prefix: str) -> Iterator[tuple[Any, ...]]:
    """One row in a hundred has a wrong check digit, one in ninety-seven a word for a number."""
    draw = random.Random(20260105)
    first = "690" if prefix == "G" else "691"
    for number in range(count):
        digits = f"{first}{number:09d}"
        total = sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(digits))
        check = -total % 10 if number % 100 != 7 else (1 - total) % 10
        yield (
            f"{prefix}{number:06d}", "".join(draw.sample(_WORDS, 4)), f"{number % 9}x{number % 7}",
            "五金", "个", f"{digits}{check}", Decimal(number % 50) if number % 97 else "很多",
            Decimal("12.5"), Decimal("8.25"), number % 30, Decimal("12.5"), number % 10 + 1,
        )  # fmt: skip


def _memory_mb() -> float:
    """The most this process ever held, in MB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1024**2
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux
