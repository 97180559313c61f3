"""The sheet of a sealed day: its digest on paper, out of reach of any later change."""

from __future__ import annotations

from datetime import date, timedelta

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.reporting.snapshots import DaySheetSnapshot, SealedKind
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.print_snapshots import company_head

_SEAL = """
SELECT encode(s.hash, 'hex'), encode(s.previous, 'hex'), s.sealed_at,
       coalesce(u.display_name, s.sealed_by)
FROM day_seal s LEFT JOIN app_user u ON u.login = s.sealed_by WHERE s.day = %s
"""
# The day of the seal is counted in UTC (models/sql/60_seal.sql).
_KINDS = """
SELECT d.kind, count(DISTINCT d.id), count(m.id)
FROM act a JOIN document d ON d.id = a.document_id LEFT JOIN stock_move m ON m.act_id = a.id
WHERE a.at >= %s::timestamp AT TIME ZONE 'UTC' AND a.at < %s::timestamp AT TIME ZONE 'UTC'
GROUP BY d.kind ORDER BY d.kind
"""


def day_sheet(uow: UnitOfWork, day: date) -> DaySheetSnapshot:
    """What is printed and signed when a day has been sealed. Raises NotFound before that."""
    seal = uow.execute(_SEAL, (day,)).fetchone()
    if seal is None:
        raise NotFound(N_("{day} has not been sealed yet."), day=day.isoformat())
    kinds = uow.execute(_KINDS, (day, day + timedelta(days=1))).fetchall()
    digest, previous, sealed_at, sealed_by = seal
    return DaySheetSnapshot(
        company_head(uow),
        day,
        digest,
        previous,
        sealed_at.astimezone(),
        sealed_by,
        tuple(
            SealedKind(tr(DOCUMENT_TYPES[kind].title), documents, moves)
            for kind, documents, moves in kinds
        ),
    )
