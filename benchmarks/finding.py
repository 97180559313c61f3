"""Find anything: every kind of word over 100,000 Chinese items, as the fields of the program ask."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import psycopg

from benchmarks.limits import percentile
from benchmarks.result import Bench, Section, milliseconds
from desktop_app.domain.pinyin_search import search_text
from desktop_app.services import scanning

NAME = "bench_finding"
MATERIALS = ["不锈钢", "铝合金", "锌合金", "碳钢", "黄铜", "尼龙", "硅胶", "木质"]
FINISHES = ["镀镍", "镀铬", "哑光", "镀锌", "喷塑", "发黑", "本色", "拉丝", "古铜", "电泳"]
GOODS = [
    "铰链",
    "合页",
    "滑轨",
    "拉手",
    "把手",
    "螺丝",
    "螺母",
    "垫片",
    "锁体",
    "门吸",
    "挂钩",
    "支架",
    "角码",
    "连接件",
    "导轨",
    "轮子",
    "弹簧",
    "插销",
    "门锁",
    "衣架",
    "铆钉",
    "气撑",
    "阻尼器",
    "磁吸",
    "铰杯",
]
SIZES = [
    "35mm",
    "M6×20",
    "M8×40",
    "Φ12",
    "250mm",
    "300mm",
    "350mm",
    "96孔距",
    "128孔距",
    "4寸",
    "5寸",
    "1.2厚",
    "0.8厚",
]
WORDS = {
    "one letter": ("d", "j", "8"),
    "one letter that nobody has": ("v", "q"),
    "one Chinese character": ("镍", "铰", "鑫", "龘"),
    "common word": ("yong", "jiao", "69", "mm", "an"),
    "rare word": ("鑫淼", "lfxm", "longfeng"),
    "no hit": ("zqxwv", "niaoan", "铰铰铰"),
    "initials, any order": ("dnjl", "jl dn", "jl dn bxg 35"),
    "Chinese words": ("镀镍铰链", "铰链 35mm", "黄铜 拉手"),
    "start of a code": ("hj", "hj10", "HJ10-0000"),
    "barcode": ("6900000077701", "77701"),
}
"""Kinds of words that people type."""
BATCH = 10_000


def measure(bench: Bench, section: Section) -> None:
    """p95 of the slowest kind of word; what the index costs per 10,000 new items."""
    items, times = bench.size(100_000, 5_000), bench.size(20, 5)
    database = bench.server.new_company(NAME)
    with psycopg.connect(bench.server.superuser_dsn(NAME), autocommit=True) as connection:
        rows = list(_items(items + 2 * BATCH))
        _load(connection, rows[:items])
        with_index = _load(connection, rows[items : items + BATCH])
        connection.execute("DROP INDEX ix_item_search")
        without = _load(connection, rows[items + BATCH :])
        connection.execute(
            "CREATE INDEX ix_item_search ON item USING gin (search_grams(search_text))"
        )
    bench.server.settle(NAME)
    slowest = 0.0
    for kind, words in WORDS.items():
        taken = []
        for word in words * times:
            begun = time.perf_counter()
            database.read(scanning.search, word, 20, ("item",))
            taken.append(time.perf_counter() - begun)
        found = percentile(taken, 0.95)
        slowest = max(slowest, found)
        section.data[f"reading.find.{kind}"] = taken
        section.say(f"{'find: ' + kind + ', p95':<44} {milliseconds(found):>10}")
    section.figures["reading.find"] = slowest * 1000
    section.say(
        f"{'10,000 new items with and without the index':<44} {with_index:.2f} s, {without:.2f} s"
    )
    bench.server.drop(NAME)


def _items(count: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Code, name, specification, search key, barcode; one item has rare characters."""
    chance = random.Random(3)
    for number in range(count):
        name = chance.choice(MATERIALS) + chance.choice(FINISHES) + chance.choice(GOODS)
        if number == 777:
            name = "龙凤鑫淼" + name
        spec = chance.choice(SIZES)
        code = f"{chance.choice(('HJ', 'WJ', 'DG', 'LX'))}{chance.randint(10, 99)}-{number:06d}"
        yield code, name, spec, search_text(name, code, spec), f"69{number:010d}1"


def _load(
    connection: psycopg.Connection[tuple[object, ...]], rows: list[tuple[str, str, str, str, str]]
) -> float:
    """Insert the items, then their barcodes; the seconds of the items alone."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    begun = time.perf_counter()
    connection.execute(
        "INSERT INTO item (code, name, spec, search_text) SELECT * FROM"
        " unnest(%s::text[], %s::text[], %s::text[], %s::text[])",
        columns[:4],
    )
    taken = time.perf_counter() - begun
    connection.execute(
        "INSERT INTO item_barcode (barcode, item_id) SELECT b, i.id"
        " FROM unnest(%s::text[], %s::text[]) u(b, c) JOIN item i ON i.code = u.c",
        (columns[4], columns[0]),
    )
    return taken
