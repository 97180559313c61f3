"""Photos bound to acts: added right after the act, kept as small pictures, never changed."""

from __future__ import annotations

from desktop_app.core.errors import NotFound, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.exchange.pictures import Picture, prepared

MOST_PER_ACT = 12
_OWN_ACT = (  # the PC as act_guard stamps it
    "SELECT max(id) FROM act WHERE document_id = %s AND actor = session_user::text"
    " AND workstation = coalesce(nullif(current_setting('stockproof.workstation', true), ''),"
    " host(inet_client_addr()), 'local')"
)


def add(uow: UnitOfWork, act_id: int, name: str, content: bytes | Picture) -> int:
    """Bind a photo to an act; the same photo is kept once. Returns its id.

    Pictures are made upright, at most 1600 dots long and written anew (``exchange.pictures``).
    Raises UserError for what is no picture, too large or one too many, NotFound without the
    act, PermissionDenied when the login neither did the act nor may do such a step.
    """
    made = content if isinstance(content, Picture) else prepared(content)
    document_id = uow.scalar("SELECT document_id FROM act WHERE id = %s", (act_id,))
    if document_id is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    count, same = uow.execute(
        "SELECT count(*), max(id) FILTER (WHERE sha256 = %s) FROM attachment WHERE act_id = %s",
        (made.sha256, act_id),
    ).fetchall()[0]
    if same is not None:
        return int(same)
    if count >= MOST_PER_ACT:
        raise UserError(N_("An act has at most {most} photos."), most=MOST_PER_ACT)
    added = uow.scalar(
        "INSERT INTO attachment (act_id, name, media_type, sha256, content)"
        " VALUES (%s, %s, %s, %s, %s) RETURNING id",
        (act_id, name.strip()[:200] or "photo", made.media_type, made.sha256, made.content),
    )
    uow.touch(f"document:{document_id}")
    return int(added)


def add_to_last_act(uow: UnitOfWork, document_id: int, name: str, content: bytes | Picture) -> int:
    """Bind a photo to the newest act of a document. Raises as :func:`add`."""
    newest = "SELECT max(id) FROM act WHERE document_id = %s"
    return _add_to(uow, uow.scalar(newest, (document_id,)), name, content)


def add_to_own_act(uow: UnitOfWork, document_id: int, name: str, content: bytes | Picture) -> int:
    """Bind a photo to the newest act that this login took at a document on this PC: somebody may
    have gone on with it elsewhere meanwhile. Raises as :func:`add`.
    """
    return _add_to(uow, uow.scalar(_OWN_ACT, (document_id,)), name, content)


def _add_to(uow: UnitOfWork, act_id: int | None, name: str, content: bytes | Picture) -> int:
    if act_id is None:
        raise UserError(N_("Photos belong to a step: take a step of this document first."))
    return add(uow, act_id, name, content)
