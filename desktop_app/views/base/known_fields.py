"""The company's own fields as this program knows them: pages are built without asking.

The shell asks at the start and whenever somebody changed a field; a page that is open keeps
the fields it was built with until it is opened again.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain.own_fields import OwnField
from desktop_app.runtime.context import AppContext

TOPIC = "own_field"
_known: tuple[OwnField, ...] = ()


def known_own_fields() -> tuple[OwnField, ...]:
    """Every own field, as last told by the server."""
    return _known


def remember(fields: Sequence[OwnField]) -> None:
    """Take over what the server told."""
    global _known
    _known = tuple(fields)


def ask(context: AppContext) -> None:
    """Ask the server in the background; without an answer the last known ones stay."""
    from desktop_app.services import own_fields

    context.operations.query(own_fields.load, on_done=remember, on_error=_keep)


def _keep(_error: Exception) -> None:
    """The lamp in the status bar already says that the server is away."""
