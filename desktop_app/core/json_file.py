"""Small JSON files a person depends on: written whole or not at all, never a crash when broken.

A broken file is moved aside, not deleted: whoever looks after the PC can still read it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from desktop_app.core import clock
from desktop_app.core.i18n import N_, Message

PRIVATE = 0o600
_PATIENCE = 20
_PAUSE_SECONDS = 0.05
MOVED_ASIDE = N_("The file {file} could not be read and was moved aside as {aside}.")


def load_object(path: Path) -> tuple[dict[str, Any], Message | None]:
    """The JSON object kept in ``path`` and, when it was broken, what became of the file.

    A file that is not there is an empty object. Raises OSError when it cannot be opened.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, None
    except (ValueError, RecursionError):
        return {}, move_aside(path)
    if isinstance(value, dict):
        return value, None
    return {}, move_aside(path)


def move_aside(path: Path) -> Message:
    """Rename a broken file so that a fresh one can be written; tells its new name."""
    stamp = clock.now().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.broken-{stamp}")
    serial = 1
    while aside.exists():
        serial += 1
        aside = path.with_name(f"{path.name}.broken-{stamp}-{serial}")
    os.replace(path, aside)
    return Message(MOVED_ASIDE, {"file": path.name, "aside": str(aside)})


def save_object(path: Path, value: dict[str, Any]) -> None:
    """Write ``value`` so that a reader sees the old file or the new one, never a part.

    Only the owner may read the file (on Windows the user's profile folder guards it).
    """
    write_private(path, json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write ``text`` atomically to a file of mode 0600. Raises OSError (disk full, no right)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        _take_the_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _take_the_place(draft: Path, path: Path) -> None:
    """Replace ``path``. On Windows a virus scanner or a reader holds a file for a moment."""
    for _ in range(_PATIENCE if sys.platform == "win32" else 0):
        try:
            os.replace(draft, path)
            return
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
    os.replace(draft, path)
