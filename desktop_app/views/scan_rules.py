"""The company's patterns for codes of its own scale, brought to the reader of codes.

The shell asks at the start and whenever somebody changed a rule; without an answer the last
known patterns stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.domain import in_store_codes
from desktop_app.runtime.context import AppContext

TOPIC = "company_rules"


def ask(context: AppContext) -> None:
    """Ask the server in the background."""
    from desktop_app.services import company_rules

    context.operations.query(company_rules.load, on_done=take, on_error=_keep)


def take(values: Mapping[str, Any]) -> None:
    """Read scans by these rules from now on; what cannot be read changes nothing."""
    from desktop_app.services.company_rules import IN_STORE_CODES

    text = str(values.get(IN_STORE_CODES.key, ""))
    try:
        in_store_codes.use(in_store_codes.parse_patterns(text))
    except in_store_codes.PatternNotPossible:  # written by hand or another version
        return


def _keep(_error: Exception) -> None:
    """The lamp in the status bar already says that the server is away."""
