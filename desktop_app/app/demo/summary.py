"""``summary.json``: what the ledger of the demo day holds, figure by figure."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from decimal import Decimal
from importlib import metadata
from typing import Any

import desktop_app
from desktop_app.app import company
from desktop_app.app.demo.record import Record
from desktop_app.app.demo.world import World
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services import sealing

_TABLES = (
    "item",
    "party",
    "location",
    "lot",
    "document",
    "document_line",
    "act",
    "stock_move",
    "reservation",
    "refused_attempt",
    "count_entry",
    "print_log",
)
_LIBRARIES = ("PySide6_Essentials", "psycopg", "SQLAlchemy", "reportlab", "openpyxl")
FILE = "summary.json"


def ledger_figures(uow: UnitOfWork) -> dict[str, Any]:
    """Counts and sums; quantities in base units, as text so that nothing is rounded."""
    states: dict[str, dict[str, int]] = {}
    for kind, state, count in uow.execute(
        "SELECT kind, state, count(*) FROM document GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall():
        states.setdefault(kind, {})[state] = count
    return {
        "rows": {table: uow.scalar(f"SELECT count(*) FROM {table}") for table in _TABLES},
        "documents": states,
        "acts_by_verb": dict(
            uow.execute("SELECT verb, count(*) FROM act GROUP BY 1 ORDER BY 1").fetchall()
        ),
        "acts_by_person": dict(
            uow.execute("SELECT actor, count(*) FROM act GROUP BY 1 ORDER BY 1").fetchall()
        ),
        "moved": _moved(uow),
        "on_hand": str(uow.scalar("SELECT coalesce(sum(on_hand), 0) FROM stock_balance")),
        "reserved_open": str(uow.scalar("SELECT coalesce(sum(qty_open), 0) FROM reservation")),
        "ledger_differences": [str(found.message) for found in sealing.check_ledger(uow)],
    }


def _moved(uow: UnitOfWork) -> dict[str, dict[str, str]]:
    """Σ in, Σ out and what that leaves, per kind of place."""
    rows = uow.execute(
        "SELECT l.kind, sum(m.into), sum(m.out_of) FROM (SELECT to_location_id AS id, qty AS into,"
        " 0 AS out_of FROM stock_move UNION ALL SELECT from_location_id, 0, qty FROM stock_move) m"
        " JOIN location l ON l.id = m.id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {
        kind: {"in": _plain(into), "out": _plain(out), "left": _plain(into - out)}
        for kind, into, out in rows
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def conserved(figures: dict[str, Any]) -> bool:
    """Nothing appears or disappears: every move has two ends."""
    return sum((Decimal(kind["left"]) for kind in figures["moved"].values()), Decimal(0)) == 0


def versions(world: World) -> dict[str, str]:
    """What the figures were made with."""
    server = world.read(company.OWNER, lambda uow: uow.scalar("SHOW server_version"))
    return {
        "stockproof": desktop_app.__version__,
        "python": platform.python_version(),
        "postgresql": str(server),
        "system": platform.platform(),
        **{name: metadata.version(name) for name in _LIBRARIES},
    }


def write(record: Record, figures: dict[str, Any], made_with: dict[str, str]) -> None:
    """Write the summary; ``result`` is "ok" or says what went wrong."""
    content = {
        "result": "ok" if not record.problems else "failed",
        "problems": record.problems,
        "versions": made_with,
        "seconds": round(sum(step.seconds for step in record.steps), 3),
        "steps": [asdict(step) for step in record.steps],
        "ledger": figures,
        "refused": [asdict(refusal) for refusal in record.refusals],
        "files": sorted(record.files),
    }
    path = record.out / FILE
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
