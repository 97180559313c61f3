"""How many photographs of bar codes are read right, wrong or not: docs/barcode-report.md.

    python3 -m benchmarks.barcode_images_report FOLDER

FOLDER holds ``index_open.csv`` (set, image, expected_text) and a folder of pictures per set, as
the photographs of the ZXing and zxing-cpp projects (Apache-2.0) do; they are not shipped.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.hardware.photo_codes import PhotoCode, read_codes

REPORT = Path(__file__).resolve().parents[1] / "docs" / "barcode-report.md"
OUTCOMES = ("right", "wrong", "not read")
HEAD = """# Bar codes in photographs

Written by `python3 -m benchmarks.barcode_images_report FOLDER`. The photographs come from the test sets of the ZXing and
zxing-cpp projects (Apache-2.0; phone pictures, blurred, turned, curved, damaged on purpose) and are not shipped. Reading
is `hardware/photo_codes`: zxing-cpp and pillow, no network. An EAN that a second look at another size contradicts counts as
not read: a wrong article is worse than none.
"""
NOTES = {"ean13-2/28.webp": "the number read is the one printed below the bars; the index is wrong"}
"""What was looked up by eye."""


@dataclass
class Tally:
    """Outcomes per set of pictures, what was not right, and the time of each picture."""

    sets: dict[str, Counter[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    unlabelled: Counter[str] = field(default_factory=Counter)


def outcome(expected: str, found: tuple[PhotoCode, ...]) -> str:
    """Line ends and blanks around the text do not matter; the add-on of a book's EAN neither."""
    if not found:
        return "not read"
    wanted = _plain(expected)
    texts = [_plain(code.text) for code in found]
    with_add_on = any(
        code.symbology == "]E0" and wanted.startswith(_plain(code.text)) and len(wanted) in (15, 18)
        for code in found
    )
    return "right" if wanted in texts or with_add_on else "wrong"


def tally(folder: Path) -> Tally:
    """Read every picture of the index."""
    result = Tally()
    with (folder / "index_open.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        _one(result, folder / row["set"] / row["image"], row["expected_text"])
    return result


def _one(result: Tally, path: Path, expected: str) -> None:
    begun = time.perf_counter()
    try:
        found = read_codes(path.read_bytes())
    except UserError as error:
        result.remarks.append(f"`{path.parent.name}/{path.name}`: refused: {error}")
        found = ()
    result.seconds.append(time.perf_counter() - begun)
    if not expected:
        kind = "without a code" if path.parent.name.startswith("false") else "several codes"
        result.unlabelled[f"{kind}: {'something' if found else 'nothing'} read"] += 1
        return
    came = outcome(expected, found)
    result.sets.setdefault(path.parent.name, Counter())[came] += 1
    if came != "right":
        texts = ", ".join(f"`{_cell(code.text)}`" for code in found)
        wanted = _cell(expected)
        name = f"{path.parent.name}/{path.name}"
        read = f"; read {texts}" if texts else ""
        note = f" ({NOTES[name]})" if name in NOTES else ""
        result.remarks.append(f"`{name}`: {came}; expected `{wanted}`{read}{note}")


def report(result: Tally) -> str:
    """The page in Markdown."""
    totals: Counter[str] = sum(result.sets.values(), Counter())
    pictures = sum(totals.values())
    times = sorted(result.seconds)
    summary = (
        f"**{totals['right']} of {pictures} right ({totals['right'] / pictures:.0%}),"
        f" {totals['wrong']} wrong, {totals['not read']} not read.**"
    )
    pace = (
        f"Median {times[len(times) // 2] * 1000:.0f} ms a picture,"
        f" slowest {times[-1] * 1000:.0f} ms (two cores, shared)."
    )
    lines = [HEAD, summary, pace, "", "| set | right | wrong | not read |", "|---|---:|---:|---:|"]
    for name, counts in sorted(result.sets.items()):
        lines.append("| " + " | ".join([name, *(str(counts[key]) for key in OUTCOMES)]) + " |")
    lines += ["", "Pictures without an expected text: "]
    lines[-1] += "; ".join(f"{k} {n}" for k, n in sorted(result.unlabelled.items())) + "."
    lines += ["", "What was not right:", "", *(f"- {remark}" for remark in result.remarks), ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _cell(text: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in text).strip()[:60].replace("`", "'")


if __name__ == "__main__":
    REPORT.write_text(report(tally(Path(sys.argv[1]))), encoding="utf-8")
    print(REPORT)
