"""The failures this program knows by name.

``UserError``: the user can do something about it; the message says what.
``EnvironmentFault``: disk, network, server, device; nobody's mistake.
Anything else that is raised is a bug and goes to the crash report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.core.i18n import N_, Message

_STALE_RECORD = N_(
    "Somebody changed this record meanwhile. What you typed is kept: reload or apply it again."
)


class AppError(Exception):
    """Base of all failures with a message a clerk can read.

    ``code`` is permanent and language-free; ``message`` is translated when shown.
    """

    code = "app.error"

    def __init__(self, text: str, /, **values: Any) -> None:
        self.message = Message(text, values)
        super().__init__(text)

    def __str__(self) -> str:
        return str(self.message)


class UserError(AppError):
    """The request cannot be carried out as it stands; the message says what to do."""

    code = "user.error"


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong at one place: ``line_no`` is 1-based, None for the head."""

    field: str
    message: Message
    line_no: int | None = None

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(UserError):
    """Entered values are wrong; ``problems`` names each place."""

    code = "input.invalid"

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__("{problem}", problem=problems[0].message)


class NotFound(UserError):
    """What was asked for does not exist (any more)."""

    code = "not_found"


class PermissionDenied(UserError):
    """The login lacks the permission for this."""

    code = "permission.denied"


class TransitionRefused(UserError):
    """The document's life cycle has no such step from its present state."""

    code = "transition.refused"


class EvidenceMissing(UserError):
    """An act lacks the scan, waybill, weight or reason its step requires."""

    code = "evidence.missing"


class StaleDocument(UserError):
    """Somebody else changed the document since it was opened; typed values are kept."""

    code = "document.stale"


class StaleRecord(StaleDocument):
    """The same for a record of master data or settings, which has no number to name."""

    code = "record.stale"

    def __init__(self) -> None:
        super().__init__(_STALE_RECORD)


@dataclass(frozen=True)
class Shortage:
    """One line that cannot be served: quantities are in the item's base unit."""

    line_no: int | None
    item_code: str
    wanted: Any
    available: Any
    holders: tuple[str, ...] = ()


class InsufficientStock(UserError):
    """Stock is missing or held for somebody else; ``shortages`` has one entry per line."""

    code = "stock.insufficient"

    def __init__(self, text: str, /, shortages: tuple[Shortage, ...] = (), **values: Any) -> None:
        self.shortages = shortages
        super().__init__(text, **values)


class AlreadyRecorded(UserError):
    """This very act (same client uuid) was posted before; nothing was done twice."""

    code = "act.already_recorded"


class RuleRefused(UserError):
    """A rule kept by the database refused the change."""

    code = "rule.refused"


class ConfirmationRequired(UserError):
    """A soft rule: ask the person, then repeat the call with ``key`` in ``confirmed``.

    ``needs_reason``: the answer must say why; the repeated call carries it as ``reason``.
    """

    code = "confirmation.required"

    def __init__(
        self, key: str, text: str, /, *, needs_reason: bool = False, **values: Any
    ) -> None:
        self.key = key
        self.needs_reason = needs_reason
        super().__init__(text, **values)


class EnvironmentFault(AppError):
    """Disk, network, server or device failed; what was typed is kept."""

    code = "environment.fault"


class ServerUnreachable(EnvironmentFault):
    """The database server does not answer (network, stopped server, wrong address)."""

    code = "server.unreachable"


class DiskFull(EnvironmentFault):
    """No room left on the server's or this PC's disk."""

    code = "disk.full"
