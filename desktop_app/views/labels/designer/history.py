"""A design under change: what it is now, what it was, and moving things in it. Without Qt."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from desktop_app.domain.label_design import (
    MAX_SIDE,
    MIN_SIDE,
    MOST_ELEMENTS,
    Element,
    LabelDesign,
    Line,
    bounds,
)

GRID = Decimal("0.5")
FINE = Decimal("0.1")
SNAP = Decimal("0.8")
"""Edges nearer than this, in mm, pull each other."""
MOST_STEPS = 200
_LEAST = Decimal("0.5")


class History:
    """The design and the ones before it; every change goes through :meth:`change`."""

    def __init__(self, design: LabelDesign) -> None:
        self.design = design
        self._before: list[LabelDesign] = []
        self._after: list[LabelDesign] = []

    def change(self, design: LabelDesign) -> bool:
        """Take a new design over; False when it is the same."""
        if design == self.design:
            return False
        self._before = [*self._before, self.design][-MOST_STEPS:]
        self._after = []
        self.design = design
        return True

    def undo(self) -> bool:
        """One step back."""
        if not self._before:
            return False
        self._after.append(self.design)
        self.design = self._before.pop()
        return True

    def redo(self) -> bool:
        """One step forward again."""
        if not self._after:
            return False
        self._before.append(self.design)
        self.design = self._after.pop()
        return True


def moved(element: Element, right: Decimal, down: Decimal) -> Element:
    """The element at another place."""
    if isinstance(element, Line):
        return replace(
            element,
            x=element.x + right,
            y=element.y + down,
            x2=element.x2 + right,
            y2=element.y2 + down,
        )
    return replace(element, x=element.x + right, y=element.y + down)


def resized(element: Element, wider: Decimal, higher: Decimal) -> Element:
    """The element with its lower right corner moved; never smaller than half a millimetre."""
    if isinstance(element, Line):
        return replace(element, x2=element.x2 + wider, y2=element.y2 + higher)
    return replace(element, w=max(_LEAST, element.w + wider), h=max(_LEAST, element.h + higher))


def snapped(
    design: LabelDesign, index: int, right: Decimal, down: Decimal
) -> tuple[Decimal, Decimal]:
    """A move of an element pulled to the grid, or to an edge or middle of a neighbour."""
    left, top, far, bottom = bounds(design.elements[index])
    others = [bounds(e) for n, e in enumerate(design.elements) if n != index]
    xs = [Decimal(0), design.width_mm / 2, design.width_mm]
    ys = [Decimal(0), design.height_mm / 2, design.height_mm]
    xs += [edge for b in others for edge in (b[0], b[2])]
    ys += [edge for b in others for edge in (b[1], b[3])]
    return (
        _pull((left, (left + far) / 2, far), right, xs),
        _pull((top, (top + bottom) / 2, bottom), down, ys),
    )


def _pull(own: tuple[Decimal, ...], by: Decimal, edges: list[Decimal]) -> Decimal:
    """The shift nearest to ``by`` that brings one of ``own`` onto an edge, else onto the grid."""
    best = None
    for edge in edges:
        for place in own:
            gap = edge - (place + by)
            if abs(gap) <= SNAP and (best is None or abs(gap) < abs(best)):
                best = gap
    if best is not None:
        return by + best
    return round((own[0] + by) / GRID) * GRID - own[0]


def with_added(design: LabelDesign, element: Element) -> LabelDesign:
    """The design with one more element on top; the same when it is full."""
    if len(design.elements) >= MOST_ELEMENTS:
        return design
    return replace(design, elements=(*design.elements, element))


def without(design: LabelDesign, index: int) -> LabelDesign:
    """The design without an element."""
    return replace(design, elements=(*design.elements[:index], *design.elements[index + 1 :]))


def lifted(design: LabelDesign, index: int, step: int) -> tuple[LabelDesign, int]:
    """The design with an element one place further up or down, and its new index."""
    target = max(0, min(len(design.elements) - 1, index + step))
    elements = list(design.elements)
    elements.insert(target, elements.pop(index))
    return replace(design, elements=tuple(elements)), target


def with_size(design: LabelDesign, width: Decimal, height: Decimal) -> LabelDesign:
    """The design on another label, within what labels can be."""
    return replace(
        design,
        width_mm=max(MIN_SIDE, min(MAX_SIDE, width)),
        height_mm=max(MIN_SIDE, min(MAX_SIDE, height)),
    )
