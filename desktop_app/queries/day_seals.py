"""The days that were sealed, newest first; each opens its sheet with the seal as QR code."""

from __future__ import annotations

from datetime import date, timedelta

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec, person_name

_FIRST = date(2000, 1, 1)

DAY_SEALS = ListSpec(
    id="list:day_seal",
    title=N_("Sealed days"),
    columns=(
        Column("day", N_("Date"), "s.day", Editor.DATE, width=12, never_null=True),
        Column("acts", N_("Acts"), "s.act_count", Editor.INTEGER, width=10),
        Column("moves", N_("Stock moves"), "s.move_count", Editor.INTEGER, width=12),
        Column("sealed_at", N_("Sealed at"), "s.sealed_at", Editor.TIMESTAMP, width=18),
        Column("sealed_by", N_("Sealed by"), person_name("s.sealed_by"), width=14),
        Column("seal", N_("Seal"), "encode(s.hash, 'hex')", width=60),
    ),
    source="day_seal s",
    key=f"(s.day - DATE '{_FIRST.isoformat()}')::bigint",
    opens="day_sheet",
    search=("encode(s.hash, 'hex')",),
    topics=("seal",),
    sort="day",
    descending=True,
    permission="stock.read",
)


def day_of(key: int) -> date:
    """The day a row's key stands for."""
    return _FIRST + timedelta(days=key)
