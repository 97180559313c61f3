"""Lists as data: what a list shows, and one engine that pages, filters and totals it.

A :class:`ListSpec` names columns with the SQL expression behind each. Screens, Excel
export and totals all read the same spec, so they cannot disagree. Paging is by key
(value of the sort column, id), so page 1,000 costs as much as page 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.document_type import Editor


def spoken(title: str | Message) -> str:
    """A title in the reader's language."""
    return str(title) if isinstance(title, Message) else tr(title)


@dataclass(frozen=True)
class Column:
    """One column: ``sql`` is its expression over the spec's ``source``."""

    name: str
    title: str
    sql: str
    kind: Editor = Editor.TEXT
    width: int = 14  # characters
    total: bool = False
    visible: bool = True
    permission: str | None = None
    never_null: bool = False  # lets key paging walk an index
    labels: Mapping[str, str | Message] = field(default_factory=dict)
    """Code to title: of every value of a CHOICE column, of some values of a TEXT column."""

    def label(self, value: Any) -> str | None:
        """The words for a stored code, or for several joined by ", "; None when it has none."""
        if not self.labels or not isinstance(value, str):
            return None
        codes = [value] if value in self.labels else value.split(", ")
        if any(code not in self.labels for code in codes):
            return None
        return ", ".join(spoken(self.labels[code]) for code in codes)


def person_name(login: str) -> str:
    """SQL of a person's name for the login in the expression ``login``; the login itself when
    nobody of that login works here any more.
    """
    return (
        f"coalesce((SELECT nullif(u.display_name, '') FROM app_user u WHERE u.login = {login}),"
        f" {login})"
    )


@dataclass(frozen=True)
class ListSpec:
    """A list page. ``opens`` names what a row leads to: "document", "item", "party" …

    ``key`` is the unique bigint expression; ``search`` lists the SQL text expressions
    that the one search field matches; ``topics`` are the change topics that stale it.
    ``sort``/``descending`` are the default order. Every column may be filtered.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    source: str
    key: str
    opens: str
    search: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False
    where: str = ""
    permission: str | None = None
    document_kind: str | None = None
    nothing: str = N_("Nothing here yet.")  # said where rows would be


@dataclass(frozen=True)
class Filter:
    """``operator`` is one of contains, =, <>, >=, <=, between, in, empty, not_empty."""

    column: str
    operator: str
    value: Any = None
    value_to: Any = None


@dataclass(frozen=True)
class ListRequest:
    """What the user asked of a list: search text, filters, order, place.

    ``after`` is the ``cursor`` of the page before, or None for the first page.
    """

    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False
    after: tuple[Any, int] | None = None
    limit: int = 100


@dataclass(frozen=True)
class ListPage:
    """One page: ``rows`` are tuples in the order of ``columns``; ``ids`` their keys."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    ids: tuple[int, ...]
    cursor: tuple[Any, int] | None


@dataclass(frozen=True)
class ListTotals:
    """Number of matching rows (``capped`` when counting stopped early) and sums."""

    count: int
    capped: bool = False
    sums: Mapping[str, Any] = field(default_factory=dict)
