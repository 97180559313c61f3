"""A small explicit registry: unique keys, fixed order, no discovery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things declared once as data, found by key, in the order they were declared.

    Raises ValueError at construction when two entries share a key.
    """

    def __init__(self, entries: Iterable[T], key: Callable[[T], str]) -> None:
        self._entries: dict[str, T] = {}
        for entry in entries:
            name = key(entry)
            if name in self._entries:
                raise ValueError(f"two entries named {name!r}")
            self._entries[name] = entry

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> T | None:
        """The entry of that key, or None."""
        return self._entries.get(key)
