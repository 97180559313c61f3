"""Boxes that get a number and a label of their own."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core import clock
from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.label_values import GoodsWish
from desktop_app.services.print_snapshots import label_wishes

MOST_BOXES = 500
"""More at once is a mistake in a number, not a delivery."""
_QTY_STEP = Decimal("0.000001")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('stockproof.box'))"
_MAKE = """
INSERT INTO box (code)
SELECT %(day)s || lpad((coalesce(max(substr(code, length(%(day)s) + 1)::bigint), 0) + n)::text, 4, '0')
FROM generate_series(1, %(count)s) n LEFT JOIN box ON code ~ ('^' || %(day)s || '[0-9]+$')
GROUP BY n ORDER BY n RETURNING code
"""
_HEAD = """
SELECT d.number, coalesce(p.name, '') FROM document d LEFT JOIN party p ON p.id = d.party_id
WHERE d.id = %s
"""


def make_boxes(uow: UnitOfWork, count: int) -> tuple[str, ...]:
    """Number new boxes: BX, the day, a number counted within the day. Returns their codes.

    Raises InvalidInput, PermissionDenied.
    """
    if not 1 <= count <= MOST_BOXES:
        text = Message(N_("Between 1 and {most} boxes at once."), {"most": MOST_BOXES})
        raise InvalidInput((FieldProblem("count", text),))
    uow.execute(_LOCK)
    day = f"BX-{clock.today():%y%m%d}-"
    rows = uow.execute(_MAKE, {"day": day, "count": count}).fetchall()
    return tuple(str(code) for (code,) in rows)


def for_document(uow: UnitOfWork, document_id: int, of_each: int) -> tuple[GoodsWish, ...]:
    """New boxes for the goods of a document, ``of_each`` for every line, ready to be labelled.

    The quantity is written on the label when it divides evenly; otherwise it is left to the
    person who fills the boxes. Raises NotFound, InvalidInput.
    """
    head = uow.execute(_HEAD, (document_id,)).fetchone()
    wishes = label_wishes(uow, document_id, per_piece=False)
    if head is None or not wishes:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    codes = iter(make_boxes(uow, of_each * len(wishes)))
    number, partner = head
    return tuple(
        GoodsWish(
            wish.item_id, wish.lot_id, _share(wish.qty, of_each), next(codes), number or "", partner
        )
        for wish in wishes
        for _ in range(of_each)
    )


def _share(qty: Decimal | None, boxes: int) -> Decimal | None:
    if qty is None:
        return None
    part = (qty / boxes).quantize(_QTY_STEP)
    return (
        part if part * boxes == qty and (boxes == 1 or part == part.to_integral_value()) else None
    )
