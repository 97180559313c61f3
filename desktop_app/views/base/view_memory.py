"""What a workstation remembers about its screens: columns, widths, printers, layouts.

One small JSON file beside the settings. It is read once; losing it loses nothing but comfort,
so a broken file is moved aside silently and writing happens off the GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.core.json_file import load_object, save_object
from desktop_app.core.paths import config_dir
from desktop_app.runtime.operations import Operations

FILE_NAME = "views.json"


class ViewMemory:
    """Values by key; unknown keys of other versions are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values, _ = load_object(path)

    def get(self, key: str, default: Any = None) -> Any:
        """The remembered value."""
        return self._values.get(key, default)

    def put(self, operations: Operations, key: str, value: Any) -> None:
        """Remember a plain JSON value and write the file in the background."""
        if self._values.get(key) == value:
            return
        self._values[key] = value
        operations.background(save_object, self._path, dict(self._values), on_error=_ignore)


_memories: dict[Path, ViewMemory] = {}


def view_memory() -> ViewMemory:
    """The memory of this OS user, read at first use."""
    path = config_dir() / FILE_NAME
    if path not in _memories:
        _memories[path] = ViewMemory(path)
    return _memories[path]


def _ignore(_error: Exception) -> None:
    """Comfort only: a full disk must not interrupt work because a width was not kept."""
