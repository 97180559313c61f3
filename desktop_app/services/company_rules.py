"""Rules that bind everybody in the company: one page, plain words, who changed what when (N5).

Declared like a workstation's settings; kept in the table ``setting``, where the guards read
them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.core.registry import Registry
from desktop_app.core.settings import Setting, Value
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.in_store_codes import PatternNotPossible, parse_patterns
from desktop_app.queries.receiving import TOLERANCE_KEY

OVER_RECEIPT = Setting(
    TOLERANCE_KEY,
    Decimal,
    Decimal(0),
    N_("Receiving asks when more than ordered comes than this share, in per cent"),
    minimum=Decimal(0),
    maximum=Decimal(100),
)
IN_STORE_CODES = Setting(
    "scan.in_store_codes",
    str,
    "",
    N_("Codes of the shop's own scale, e.g. 22IIIIIWWWWWC; 26IIIIIPPPPPC P2 (empty: none is read)"),
)
RULES: Registry[Setting] = Registry((OVER_RECEIPT, IN_STORE_CODES), key=lambda rule: rule.key)


def load(uow: UnitOfWork) -> Mapping[str, Value]:
    """The value of every rule, by key."""
    kept: dict[str, Any] = dict(uow.execute("SELECT key, value FROM setting").fetchall())
    found: dict[str, Value] = {}
    for rule in RULES:
        value = rule.from_json(kept[rule.key]) if rule.key in kept else rule.default_value()
        found[rule.key] = value if rule.accepts(value) else rule.default_value()
    return found


def save(uow: UnitOfWork, key: str, value: Value) -> None:
    """Change a rule for everybody. Raises InvalidInput, PermissionDenied."""
    rule = RULES[key]
    if not rule.accepts(value):
        text = Message(N_("This value is not possible here."))
        raise InvalidInput((FieldProblem(key, text),))
    if rule is IN_STORE_CODES:
        _refuse_impossible_patterns(str(value))
    uow.execute(
        "INSERT INTO setting (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE"
        " SET value = excluded.value, changed_by = session_user, changed_at = now()",
        (key, Jsonb(str(value) if isinstance(value, Decimal) else value)),
    )
    uow.touch("company_rules")


def _refuse_impossible_patterns(text: str) -> None:
    try:
        parse_patterns(text)
    except PatternNotPossible as error:
        raise InvalidInput((FieldProblem(IN_STORE_CODES.key, error.message),)) from error
