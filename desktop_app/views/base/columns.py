"""Which columns a person sees, in which order and how wide: remembered per list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.queries.listing import Column

MIN_WIDTH = 40


@dataclass
class ColumnLayout:
    """Order, hidden columns and widths (pixels) of one list or line table."""

    order: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    widths: dict[str, int] = field(default_factory=dict)

    @classmethod
    def default(cls, columns: Iterable[Column]) -> ColumnLayout:
        """The layout the list was declared with."""
        known = tuple(columns)
        return cls([c.name for c in known], {c.name for c in known if not c.visible}, {})

    @classmethod
    def from_json(cls, stored: Any, columns: Iterable[Column]) -> ColumnLayout:
        """A stored layout made to fit the columns that exist today.

        Unknown names are dropped, new columns go to their declared place; anything
        unreadable (a corrupt settings file) gives the default.
        """
        known = tuple(columns)
        layout = cls.default(known)
        if not isinstance(stored, Mapping):
            return layout
        names = [c.name for c in known]
        order = [name for name in _strings(stored.get("order")) if name in names]
        for position, name in enumerate(names):
            if name not in order:
                order.insert(min(position, len(order)), name)
        seen = set(_strings(stored.get("order")))
        hidden = {name for name in _strings(stored.get("hidden")) if name in names}
        hidden |= {c.name for c in known if not c.visible and c.name not in seen}
        widths = stored.get("widths")
        usable = widths if isinstance(widths, Mapping) else {}
        return cls(
            order,
            hidden,
            {
                name: max(MIN_WIDTH, width)
                for name, width in usable.items()
                if name in names and isinstance(width, int)
            },
        )

    def to_json(self) -> dict[str, Any]:
        """A plain value for the settings file."""
        return {
            "order": list(self.order),
            "hidden": sorted(self.hidden),
            "widths": dict(self.widths),
        }

    def visible(self, columns: Iterable[Column]) -> tuple[Column, ...]:
        """The shown columns in the shown order."""
        by_name = {c.name: c for c in columns}
        return tuple(by_name[name] for name in self.order if name not in self.hidden)


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
