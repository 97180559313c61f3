"""Pictures of items: added once, ordered, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.exchange.pictures import Picture, prepared

MOST_PICTURES = 20


def add_picture(uow: UnitOfWork, item_id: int, name: str, content: bytes | Picture) -> int:
    """Keep a picture of the item behind its others; the same picture is kept once. Returns its id.

    Raises UserError when it is no picture, too large, or the item has twenty already.
    """
    made = content if isinstance(content, Picture) else prepared(content)
    there = uow.scalar(
        "SELECT id FROM item_picture WHERE item_id = %s AND sha256 = %s", (item_id, made.sha256)
    )
    if there is not None:
        return int(there)
    count, last = uow.execute(
        "SELECT count(*), coalesce(max(position), 0) FROM item_picture WHERE item_id = %s",
        (item_id,),
    ).fetchall()[0]
    if count >= MOST_PICTURES:
        raise UserError(N_("An item has at most {most} pictures."), most=MOST_PICTURES)
    picture_id = uow.scalar(
        "INSERT INTO item_picture (item_id, position, name, media_type, sha256, content)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        (item_id, last + 1, name[:200], made.media_type, made.sha256, made.content),
    )
    uow.touch("item")
    return int(picture_id)


def remove_picture(uow: UnitOfWork, picture_id: int) -> None:
    """Take a picture away; nothing happens when it is gone already."""
    uow.execute("DELETE FROM item_picture WHERE id = %s", (picture_id,))
    uow.touch("item")


def order_pictures(uow: UnitOfWork, item_id: int, picture_ids: Sequence[int]) -> None:
    """The pictures of the item in this order; the first one stands for it."""
    uow.execute(
        "UPDATE item_picture p SET position = u.n FROM unnest(%s::bigint[]) WITH ORDINALITY"
        " AS u(id, n) WHERE p.id = u.id AND p.item_id = %s",
        (list(picture_ids), item_id),
    )
    uow.touch("item")
