"""What a station for acts is made of: steps with their fields, declared as data.

One page (:mod:`desktop_app.views.base.act_station`) reads these; a transfer, a work order
and an outsourcing order differ only in what they declare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from desktop_app.core.i18n import Message
from desktop_app.domain.scan_codes import ScanKind
from desktop_app.services.documents import DocumentRef
from desktop_app.views.base.station_table import StationColumn

PLACE_SCANS = (ScanKind.BIN,)
GOODS_SCANS = (ScanKind.ITEM, ScanKind.LOT, ScanKind.GS1, ScanKind.CODE)


@dataclass(frozen=True)
class StationField:
    """One thing a step asks for.

    ``kind`` text, number (a Decimal or None when empty), quantity (a text in any unit of the
    goods scanned; F2 goes to the next unit) or choice. ``scans`` are the kinds
    of codes that fill it from wherever the cursor stands. ``hint`` stands in the empty field.
    """

    name: str
    title: str
    kind: str = "text"
    scans: tuple[ScanKind, ...] = ()
    weighs: bool = False
    """F4 takes the steady weight of this PC's scale, in grams."""
    counts: str = ""
    """The unit of pieces a scale in counting mode may fill in here; "": it may not."""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    stretch: int = 1


@dataclass(frozen=True)
class Said:
    """What came of an act: a sentence, and whether it is good news (``kind`` ok or wrong).

    ``done`` is the document whose step it was, for photos of it; None: none are taken of this step.
    """

    message: Message
    kind: str = "ok"
    done: DocumentRef | None = None


@dataclass(frozen=True)
class Request:
    """What a step is carried out with; ``uuid`` stays the same until it went through."""

    document_id: int
    values: Mapping[str, Any]
    uuid: UUID
    confirmed: frozenset[str] = frozenset()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What the station saw while it was entered (weights of the scale)."""

    def text(self, name: str) -> str:
        """A typed text, "" when empty."""
        return str(self.values.get(name) or "")


Fields = Callable[[Any], tuple[StationField, ...]]
Columns = Callable[[], tuple[StationColumn, ...]]


@dataclass(frozen=True)
class ActStep:
    """One thing to do with the document that is open.

    ``run(uow, request)`` is a service call and returns what is said. ``fill(view, row)``
    proposes values when a row is chosen. ``rows(view)`` are the rows of the table.
    """

    id: str
    title: str
    kinds: tuple[str, ...]
    states: tuple[str, ...]
    permission: str
    fields: Fields
    columns: Columns
    rows: Callable[[Any], tuple[Any, ...]]
    run: Callable[[Any, Request], Said]
    fill: Callable[[Any, Any], Mapping[str, str]] = lambda _view, _row: {}
    prompt: str = ""

    def fits(self, view: Any) -> bool:
        """True when the document's kind and state allow this step."""
        return view.kind in self.kinds and view.state in self.states


@dataclass(frozen=True)
class ActStationSpec:
    """A station: how documents are found and which steps it offers.

    ``open(uow, code)`` takes a number or an id and returns a view with ``id``, ``kind``,
    ``number``, ``state``; ``waiting(uow)`` are rows with ``id``, shown while nothing is open.
    """

    id: str
    title: str
    ask: str
    nothing: str
    open: Callable[..., Any]
    waiting: Callable[..., Any]
    waiting_columns: Columns
    describe: Callable[[Any], str]
    steps: tuple[ActStep, ...]
    topics: frozenset[str] = field(default_factory=frozenset)
