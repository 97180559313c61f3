"""Lots: found by number, or made with the expiry their item's shelf life gives."""

from __future__ import annotations

from datetime import datetime

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.record_writer import require


def save_lot(
    uow: UnitOfWork,
    item_id: int,
    code: str,
    *,
    expires_at: datetime | None = None,
    made_at: datetime | None = None,
) -> int:
    """The lot of that number, created when new. Returns its id.

    Without an expiry the item's shelf life counts from ``made_at`` or from now.
    Raises InvalidInput when a known lot is given another expiry.
    """
    require({"lot": code}, ("lot",))
    known = uow.execute(
        "SELECT id, expires_at FROM lot WHERE item_id = %s AND code = %s", (item_id, code)
    ).fetchone()
    if known is not None:
        if expires_at is not None and known[1] != expires_at:
            raise InvalidInput(
                (
                    FieldProblem(
                        "expires_at",
                        Message(
                            N_(
                                "Lot {lot} was received with another expiry date. Check the label, or give this"
                                " one another number."
                            ),
                            {"lot": code},
                        ),
                    ),
                )
            )
        return int(known[0])
    return int(
        uow.scalar(
            "INSERT INTO lot (item_id, code, expires_at, made_at) SELECT i.id, %s,"
            " coalesce(%s, coalesce(%s, now()) + i.shelf_life * ('1 ' || i.shelf_life_unit)::interval), %s"
            " FROM item i WHERE i.id = %s RETURNING id",
            (code, expires_at, made_at, made_at, item_id),
        )
    )
