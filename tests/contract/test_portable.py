"""What Linux forgives and Windows does not: code pages, missing modules, names of files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / "dev.py",
    *sorted(
        path
        for folder in ("desktop_app", "benchmarks", "tests")
        for path in (ROOT / folder).rglob("*.py")
    ),
]
POSIX_ONLY = frozenset(
    [
        "crypt",
        "curses",
        "fcntl",
        "grp",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "syslog",
        "termios",
        "tty",
    ]
)
# Text without "encoding" is read and written in the code page of the PC: GBK on a Chinese one.
_TEXT_CALLS = {"open": 3, "read_text": 0, "write_text": 1, "fdopen": 3, "TextIOWrapper": 1}
_RUNNERS = frozenset({"run", "Popen", "check_output", "check_call", "call"})
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[<>:\"|?*]|[ .]$", re.IGNORECASE)

IMPORT_ALL = f"""
import importlib, pkgutil, sys
import desktop_app
def import_all():
    names = [m.name for m in pkgutil.walk_packages(desktop_app.__path__, "desktop_app.")]
    for name in names:
        if not name.endswith(("__main__", "migrations.env")):  # alembic runs that one itself
            importlib.import_module(name)
    return len(names)
import_all()  # loads what others made while the platform is the true one
for name in [n for n in sys.modules if n.split(".")[0] == "desktop_app"]:
    del sys.modules[name]
for name in {sorted(POSIX_ONLY)!r}:
    sys.modules[name] = None
sys.platform = "win32"
import desktop_app
print(import_all())
"""


def _name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _owner_of(call: ast.Call) -> str:
    function = call.func
    owner = function.value if isinstance(function, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def _is_binary(call: ast.Call) -> bool:
    modes = [a.value for a in call.args if isinstance(a, ast.Constant)]
    modes += [k.value.value for k in call.keywords
              if k.arg == "mode" and isinstance(k.value, ast.Constant)]  # fmt: skip
    return any(isinstance(mode, str) and re.fullmatch(r"[rwax+]*b[rwax+]*", mode) for mode in modes)


def _opens_text(call: ast.Call, name: str) -> bool:
    """``open`` of a file, not of a page, a zip member, a picture or a device."""
    if _is_binary(call):
        return False
    if isinstance(call.func, ast.Name):
        return True
    if _owner_of(call) in ("os", "Image", "archive", "package"):
        return name == "fdopen"
    modes = [a.value for a in call.args if isinstance(a, ast.Constant)]
    return any(isinstance(mode, str) and re.fullmatch(r"[rwax]t?\+?", mode) for mode in modes)


def text_without_encoding(tree: ast.Module) -> Iterator[int]:
    """Lines of calls that would use the code page of the PC."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        name = _name_of(call)
        if "encoding" in given or None in given:
            continue
        if name in ("open", "fdopen"):
            if _opens_text(call, name) and len(call.args) <= _TEXT_CALLS[name]:
                yield call.lineno
        elif name in ("read_text", "write_text") and isinstance(call.func, ast.Attribute):
            if len(call.args) <= _TEXT_CALLS[name]:
                yield call.lineno
        elif name in _RUNNERS and any(
            isinstance(value := given.get(key), ast.Constant) and value.value is True
            for key in ("text", "universal_newlines")
        ):
            yield call.lineno


def unguarded_imports(tree: ast.Module) -> Iterator[str]:
    """POSIX modules imported whenever the file is: not in a function, an ``if`` or a ``try``."""
    for node in tree.body:
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        yield from (name for name in names if name.split(".")[0] in POSIX_ONLY)


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_all_text_names_its_encoding() -> None:
    found = [f"{name}:{line}" for name, tree in _trees() for line in text_without_encoding(tree)]
    assert found == []


def test_no_module_needs_posix_to_be_imported() -> None:
    found = [f"{name}: {module}" for name, tree in _trees() for module in unguarded_imports(tree)]
    assert found == []


def test_file_names_exist_on_windows_too() -> None:
    """No reserved names or letters, no two names that differ in case only."""
    tracked = [
        path.relative_to(ROOT).as_posix()
        for folder in ("desktop_app", "resources", "docs", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if "__pycache__" not in path.parts
    ]
    assert [name for name in tracked if any(RESERVED.search(p) for p in name.split("/"))] == []
    assert len({name.lower() for name in tracked}) == len(tracked)


def test_every_module_is_imported_as_on_windows() -> None:
    """With the POSIX modules hidden and the platform's name changed."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", IMPORT_ALL],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 300


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("open('a')", True),
        ("open('a', 'rb')", False),
        ("open('a', encoding='utf-8')", False),
        ("path.open('w')", True),
        ("path.open('ab')", False),
        ("page.open(document)", False),
        ("os.open('a', os.O_RDONLY)", False),
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text('x')", True),
        ("path.write_text('x', 'utf-8')", False),
        ("subprocess.run(a, text=True)", True),
        ("subprocess.run(a, text=True, encoding='utf-8')", False),
        ("subprocess.run(a, capture_output=True)", False),
    ],
)
def test_what_the_rule_refuses(source: str, refused: bool) -> None:
    assert bool(list(text_without_encoding(ast.parse(source)))) is refused


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("import fcntl", True),
        ("from termios import error", True),
        ("try:\n    import pwd\nexcept ImportError:\n    pwd = None", False),
        ("def f():\n    import grp", False),
        ("import json", False),
    ],
)
def test_which_imports_the_rule_refuses(source: str, refused: bool) -> None:
    assert bool(list(unguarded_imports(ast.parse(source)))) is refused


def test_no_widget_is_asked_for_its_screen() -> None:
    """PySide would destroy the real screen together with that widget (views/base/screen_room)."""
    asking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "desktop_app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "screen"
    ]
    assert asking == []
