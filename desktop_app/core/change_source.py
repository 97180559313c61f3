"""From which screen, import or chore a change comes: told to the change log.

A context variable, because the caller of a service knows it and the service need not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_source: ContextVar[str] = ContextVar("change_source", default="")


@contextmanager
def changes_from(source: str) -> Iterator[None]:
    """Changes written inside come from ``source`` ("item", "import:stock.xlsx")."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def change_source() -> str:
    """Where changes of this thread come from now; empty when nobody said."""
    return _source.get()
