"""Every string a person can see has its Chinese, with the same places to fill."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from desktop_app.core import errors as failures

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "resources" / "translations" / "zh_CN"
MARKERS = {"tr", "N_", "Message"}
FAILURES = {
    name
    for name, c in vars(failures).items()
    if isinstance(c, type) and issubclass(c, failures.AppError)
}
PLACE = re.compile(r"\{(\w+)\}")


def _strings() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "desktop_app").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = (
                    node.args[1]
                    if name == "ConfirmationRequired" and len(node.args) > 1
                    else node.args[0]
                )
                if name in MARKERS | FAILURES and isinstance(first, ast.Constant):
                    if isinstance(first.value, str):
                        yield first.value, f"{file.relative_to(ROOT)}:{node.lineno}"


def _catalogue() -> dict[str, str]:
    merged: dict[str, str] = {}
    for file in sorted(CATALOGUE.glob("*.json")):
        for source, target in json.loads(file.read_text(encoding="utf-8")).items():
            assert merged.setdefault(source, target) == target, f"two translations of {source!r}"
    return merged


def test_every_string_has_its_translation() -> None:
    known = _catalogue()
    missing = {text: place for text, place in _strings() if text and text not in known}
    assert missing == {}


def test_translations_keep_the_places_to_fill() -> None:
    wrong = {
        source: target
        for source, target in _catalogue().items()
        if set(PLACE.findall(source)) != set(PLACE.findall(target))
    }
    assert wrong == {}


def test_no_fstring_inside_tr() -> None:
    found = []
    for file in sorted((ROOT / "desktop_app").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKERS and node.args:
                if isinstance(node.args[0], ast.JoinedStr):
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert found == []
