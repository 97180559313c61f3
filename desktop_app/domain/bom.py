"""Bills of materials: explosion over several levels, loss rates, versions, loops.

A component's need is computed level by level, from the finished product down, so that
an item used at several places is rounded once, on its whole need (low-level coding).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from enum import StrEnum

from desktop_app.core.errors import UserError

_ONE = Decimal(1)
_GUARD = Context(prec=40)
_NOISE = Decimal("1e-12")


class LossBasis(StrEnum):
    """What a loss rate p refers to."""

    OF_ISSUE = "of_issue"
    """Loss of what is issued: issue = net ÷ (1 − p)."""
    ON_TOP = "on_top"
    """Extra on top of the net need: issue = net × (1 + p)."""


@dataclass(frozen=True, slots=True)
class BOMLine:
    """``qty_per`` base units of a component for the BOM's ``output_qty``.

    ``loss_rate`` is a fraction, 0 <= p < 1.
    """

    item_id: int
    qty_per: Decimal
    loss_rate: Decimal = Decimal(0)
    loss_basis: LossBasis = LossBasis.OF_ISSUE


@dataclass(frozen=True, slots=True)
class BillOfMaterials:
    """One version of what goes into ``output_qty`` base units of ``item_id``."""

    item_id: int
    lines: tuple[BOMLine, ...]
    output_qty: Decimal = _ONE
    version: str = "1"
    active: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """Whole need of one item. ``level`` is its low-level code: 0 for the product.

    ``made`` says that it has a BOM of its own and is exploded further.
    """

    item_id: int
    level: int
    qty: Decimal
    made: bool


class BOMLoop(UserError):
    """An item would be needed to make itself; ``path`` names the loop, first = last."""

    code = "bom.loop"

    def __init__(self, path: tuple[int, ...], names: Mapping[int, str]) -> None:
        self.path = path
        shown = " → ".join(names.get(item_id, str(item_id)) for item_id in path)
        super().__init__("This bill of materials runs in a circle: {path}.", path=shown)


class BOMVersionMissing(UserError):
    """The asked version of an item's BOM does not exist."""

    code = "bom.version_missing"


def select_versions(
    boms: Iterable[BillOfMaterials], chosen: Mapping[int, str] | None = None
) -> dict[int, BillOfMaterials]:
    """One BOM per item: the chosen version, else the last active one given.

    Raises BOMVersionMissing when a chosen version is not among ``boms``.
    """
    wanted = dict(chosen or {})
    found: dict[int, BillOfMaterials] = {}
    for bom in boms:
        if bom.item_id in wanted:
            if bom.version == wanted[bom.item_id]:
                found[bom.item_id] = bom
        elif bom.active:
            found[bom.item_id] = bom
    for item_id, version in wanted.items():
        if item_id not in found:
            raise BOMVersionMissing(
                "There is no version {version} of this bill of materials.", version=version
            )
    return found


def gross_need(net: Decimal, loss_rate: Decimal, basis: LossBasis) -> Decimal:
    """Quantity to issue so that ``net`` is left after the loss; not rounded.

    Raises ValueError when the rate is not in 0 <= p < 1.
    """
    if not 0 <= loss_rate < 1:
        raise ValueError("a loss rate lies between 0 and 1")
    if basis is LossBasis.ON_TOP:
        return _GUARD.multiply(net, 1 + loss_rate)
    return _GUARD.divide(net, 1 - loss_rate)


def round_up(qty: Decimal, decimals: int) -> Decimal:
    """``qty`` up to the unit's decimals (whole pieces for 0).

    What a division left behind the 12th place is not taken for a need: 0.97 × 3 ÷ 0.97
    is 3 pieces, not 4.
    """
    step = Decimal(1).scaleb(-decimals)
    nearest = qty.quantize(step, context=_GUARD)
    if abs(qty - nearest) <= _NOISE:
        return nearest
    return qty.quantize(step, rounding=ROUND_CEILING, context=_GUARD)


def low_level_codes(
    boms: Mapping[int, BillOfMaterials], root: int, names: Mapping[int, str] | None = None
) -> dict[int, int]:
    """Longest way from ``root`` to every item below it, items in an order fit to explode.

    Raises BOMLoop with the path when an item contains itself.
    """
    order = _parents_first(boms, root, names or {})
    levels = dict.fromkeys(order, 0)
    for item_id in order:
        below = levels[item_id] + 1
        for child in _components(boms, item_id):
            levels[child] = max(levels[child], below)
    return levels


def explode(
    boms: Mapping[int, BillOfMaterials],
    item_id: int,
    qty: Decimal,
    decimals: Mapping[int, int] | None = None,
    names: Mapping[int, str] | None = None,
) -> list[Need]:
    """Everything needed for ``qty`` of ``item_id``, by level, then by item.

    ``boms``: one version per item (see :func:`select_versions`); an item without one is
    bought. ``decimals``: places of each item's unit, 0 when not given; needs are rounded
    up to them, once per item. The first entry is the product itself.
    Raises BOMLoop, and ValueError when ``qty`` is not above zero.
    """
    if qty <= 0:
        raise ValueError("only a quantity above zero can be made")
    places = decimals or {}
    levels = low_level_codes(boms, item_id, names)
    raw: dict[int, Decimal] = dict.fromkeys(levels, Decimal(0))
    raw[item_id] = qty
    needs: list[Need] = []
    for current, level in levels.items():
        need = qty if current == item_id else round_up(raw[current], places.get(current, 0))
        bom = boms.get(current)
        needs.append(Need(current, level, need, bom is not None))
        if bom is not None:
            _add_components(bom, need, raw)
    return sorted(needs, key=lambda entry: (entry.level, entry.item_id))


def _add_components(bom: BillOfMaterials, need: Decimal, raw: dict[int, Decimal]) -> None:
    for line in bom.lines:
        net = _GUARD.divide(_GUARD.multiply(need, line.qty_per), bom.output_qty)
        if line.loss_rate:
            net = gross_need(net, line.loss_rate, line.loss_basis)
        raw[line.item_id] = _GUARD.add(raw[line.item_id], net)


def _components(boms: Mapping[int, BillOfMaterials], item_id: int) -> tuple[int, ...]:
    bom = boms.get(item_id)
    return tuple(line.item_id for line in bom.lines) if bom else ()


def _parents_first(
    boms: Mapping[int, BillOfMaterials], root: int, names: Mapping[int, str]
) -> list[int]:
    """Depth first, finished items reversed: every item after all that contain it."""
    finished: list[int] = []
    done: set[int] = set()
    path = [root]
    on_path = {root}
    rest = [iter(_components(boms, root))]
    while path:
        child = next(rest[-1], None)
        if child is None:
            rest.pop()
            last = path.pop()
            on_path.discard(last)
            done.add(last)
            finished.append(last)
        elif child in on_path:
            raise BOMLoop((*path[path.index(child) :], child), names)
        elif child not in done:
            path.append(child)
            on_path.add(child)
            rest.append(iter(_components(boms, child)))
    finished.reverse()
    return finished
