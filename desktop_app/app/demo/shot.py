"""One picture of the tour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from desktop_app.app.demo.screen import Screen


@dataclass(frozen=True)
class Shot:
    """One picture: the screen, what it is given, and what is done there before."""

    name: str
    page_id: str
    params: dict[str, Any] = field(default_factory=dict)
    drive: Callable[[Screen, Any], None] | None = None
