"""Labels per minute: designed, drawn with Chinese and a symbol, and encoded for the printer."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks.result import Bench, Section, milliseconds
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import LABEL_SIZES, LabelKind
from desktop_app.domain.label_fields import examples
from desktop_app.domain.label_presets import default_design
from desktop_app.domain.scan_codes import lot_code
from desktop_app.hardware.labels.language import LabelJob
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.reporting.labels.render import render

DPI = 203
LABELS = 1_000
_NAMES = ("不锈钢液压合页", "三节静音滑轨", "铝合金拉手", "锌合金脚轮", "自攻螺丝")
_FINISHES = ("镀镍", "镀铬", "哑光黑", "电泳")


def run(bench: Bench) -> Section:
    """Labels per minute in TSPL, none of them alike, and milliseconds of the other languages."""
    section = Section()
    count = bench.size(LABELS, 200)
    _printed("tspl", range(20))  # the fonts are read once, at the first label
    taken = _printed("tspl", range(20, 20 + count))
    per_minute = 60 * count / sum(taken)
    section.figures["labels.per_minute"] = per_minute
    section.data["labels.per_minute"] = {"ms": [round(t * 1000, 3) for t in taken]}
    section.say(
        f"label 60×40 at {DPI} dpi, Chinese, EAN-13 and QR, to TSPL: {milliseconds(median(taken))}"
        f" each, {per_minute:,.0f} a minute"
    )
    for language in LANGUAGES:
        each = median(_printed(language.id, range(9_000, 9_000 + bench.size(100, 30))))
        section.say(f"  {language.id}: {milliseconds(each)}")
    return section


def _printed(language: str, numbers: range) -> list[float]:
    """Seconds of each label; every one has another item, lot and code."""
    design = default_design(LabelKind.ITEM, LABEL_SIZES[1])
    assert any(getattr(element, "symbology", None) is Symbology.QR for element in design.elements)
    profile = PrinterProfile(language, DPI, design.width_mm, design.height_mm)

    def work(number: int) -> Callable[[], object]:
        return lambda: LANGUAGES[language].encode(
            LabelJob(render(design, _fields(number), dpi=DPI).bitmap, profile)
        )

    return [_timed(work(number)) for number in numbers]


def _fields(number: int) -> dict[str, str]:
    code, lot = f"JL-{number:05d}", f"2601{number % 100:02d}"
    return {
        **examples(LabelKind.ITEM),
        "item_code": code,
        "name": f"{_NAMES[number % len(_NAMES)]} {number}",
        "finish": _FINISHES[number % len(_FINISHES)],
        "lot": lot,
        "qty": str(number % 500 + 1),
        "scan_code": lot_code(code, lot),
    }


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
