"""From an exception to what a person reads: a sentence, or a crash report with an id."""

from __future__ import annotations

import logging
import platform
import traceback
import uuid
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import clock
from desktop_app.core.errors import AppError, EnvironmentFault, ServerUnreachable
from desktop_app.core.i18n import N_, tr

_log = logging.getLogger(__name__)

CONNECTION_LOST = N_(
    "Connection to the server lost. Nothing was lost or half done; what you typed is still here."
)


@dataclass(frozen=True)
class Presentation:
    """``kind`` is "warning" (the user can act), "error" (environment) or "crash" (our bug).

    ``report`` is the file written for a crash; ``lost_connection`` asks for a retry button.
    """

    kind: str
    text: str
    report: Path | None = None
    lost_connection: bool = False


class ErrorPresenter:
    """Chooses the words; writes a report file into ``folder`` for unknown exceptions."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def present(self, error: BaseException) -> Presentation:
        """What to show for ``error``. Never raises: showing an error must not fail."""
        if isinstance(error, ServerUnreachable):
            return Presentation("error", tr(CONNECTION_LOST), lost_connection=True)
        if isinstance(error, EnvironmentFault):
            return Presentation("error", str(error))
        if isinstance(error, AppError):
            return Presentation("warning", str(error))
        return self._crash(error)

    def _crash(self, error: BaseException) -> Presentation:
        crash_id = uuid.uuid4().hex[:8].upper()
        _log.error("unexpected failure %s", crash_id, exc_info=error)
        report = self._write_report(crash_id, error)
        if report is None:
            text = tr(
                "Something went wrong that should not have (report {id}). What you typed "
                "is still here.",
                id=crash_id,
            )
        else:
            text = tr(
                "Something went wrong that should not have. Report {id} was saved as "
                "{file}. What you typed is still here.",
                id=crash_id,
                file=report,
            )
        return Presentation("crash", text, report)

    def _write_report(self, crash_id: str, error: BaseException) -> Path | None:
        if self._folder is None:
            return None
        moment = clock.now()
        file = self._folder / f"crash-{moment:%Y%m%d-%H%M%S}-{crash_id}.txt"
        lines = [
            f"id: {crash_id}",
            f"time: {moment.isoformat()}",
            f"system: {platform.platform()}, Python {platform.python_version()}",
            "",
            *traceback.format_exception(error),
        ]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(lines), encoding="utf-8")
        except OSError:
            _log.warning("crash report %s could not be written", crash_id, exc_info=True)
            return None
        return file
