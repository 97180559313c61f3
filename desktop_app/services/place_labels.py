"""Labels for the places of a warehouse: all of them, a zone or a stretch; docks and the exit."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bin_patterns import bins_of_pattern
from desktop_app.domain.locations import TITLES, LocationKind
from desktop_app.domain.scan_codes import bin_code, exit_code
from desktop_app.reporting import registry
from desktop_app.reporting.snapshots import BinLabel, BinLabelsSnapshot

DOCKS = ("receiving", "staging")


@dataclass(frozen=True)
class PlaceLabels:
    """Which labels: ``wanted`` is a zone or a pattern of bins, empty for all of them with docks
    and exit. ``start`` is the first free label of a used sheet, from 1; ``size`` a label grid.
    """

    wanted: str = ""
    start: int = 1
    size: str = "cut"


@dataclass(frozen=True)
class _Place:
    code: str
    kind: str
    zone: str


def render(uow: UnitOfWork, warehouse_id: int, wish: PlaceLabels | None = None) -> bytes:
    """The PDF of the labels wished for. Raises NotFound, InvalidInput at ``wanted``."""
    return registry.render("bin_labels", snapshot(uow, warehouse_id, wish or PlaceLabels()))


def snapshot(uow: UnitOfWork, warehouse_id: int, wish: PlaceLabels) -> BinLabelsSnapshot:
    """The labels in walking order; without a wish docks and the exit follow."""
    row = uow.execute(
        "SELECT name, code, exit_code FROM warehouse WHERE id = %s", (warehouse_id,)
    ).fetchone()
    if row is None:
        raise NotFound(N_("This warehouse does not exist."))
    name, code, door = row
    places = uow.all(
        _Place,
        "SELECT code, kind, zone FROM location WHERE warehouse_id = %s AND is_active"
        " ORDER BY kind IN ('receiving', 'staging'), route_seq, code",
        (warehouse_id,),
    )
    labels = [
        BinLabel(
            bin_code(place.code),
            place.code,
            f"{name} · {tr(TITLES[LocationKind(place.kind)])}" if place.kind in DOCKS else name,
        )
        for place in _chosen(places, wish.wanted, code)
    ]
    if not wish.wanted.strip():
        labels.append(
            BinLabel(
                exit_code(door),
                tr("Exit"),
                tr("{warehouse}: scan before goods leave", warehouse=name),
            )
        )
    title = tr("Bin labels of {warehouse}", warehouse=name)
    return BinLabelsSnapshot(tuple(labels), title, wish.size, wish.start - 1)


def _chosen(places: list[_Place], wanted: str, warehouse_code: str) -> list[_Place]:
    """Places of the zone or pattern. Raises InvalidInput when there are none."""
    text = wanted.strip()
    if not text:
        return places
    of_zone = [place for place in places if place.zone.casefold() == text.casefold()]
    if of_zone:
        return of_zone
    codes = {spec.code.upper() for spec in bins_of_pattern(text, warehouse_code)}
    found = [place for place in places if place.code.upper() in codes]
    if not found:
        problem = Message(N_("No zone and no bin here is called {wanted}."), {"wanted": text})
        raise InvalidInput((FieldProblem("wanted", problem),))
    return found
