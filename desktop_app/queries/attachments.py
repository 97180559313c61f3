"""The photos of a document's acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AttachmentRow:
    """A photo without its content; ``verb`` is the step it belongs to."""

    id: int
    act_id: int
    verb: str
    name: str
    media_type: str
    added_by: str
    added_at: datetime


def of_document(uow: UnitOfWork, document_id: int) -> list[AttachmentRow]:
    """The photos of all acts of a document, newest first."""
    return uow.all(
        AttachmentRow,
        "SELECT t.id, t.act_id, a.verb, t.name, t.media_type,"
        " coalesce(u.display_name, t.added_by), t.added_at"
        " FROM attachment t JOIN act a ON a.id = t.act_id"
        " LEFT JOIN app_user u ON u.login = t.added_by"
        " WHERE a.document_id = %s ORDER BY t.id DESC",
        (document_id,),
    )


def content(uow: UnitOfWork, attachment_id: int) -> bytes:
    """The picture itself. Raises NotFound."""
    found = uow.scalar("SELECT content FROM attachment WHERE id = %s", (attachment_id,))
    if found is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    return bytes(found)
