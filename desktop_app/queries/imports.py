"""Imports of before: which file, how many rows, by whom, taken back or not."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec, person_name

STATES = {"done": N_("Taken in"), "undone": N_("Taken back")}


def _count(name: str, title: str) -> Column:
    return Column(name, title, f"(r.counts->>'{name}')::bigint", Editor.INTEGER, width=10)


IMPORTS = ListSpec(
    id="list:import",
    title=N_("Imports"),
    columns=(
        Column("at", N_("When"), "r.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("kind", N_("What"), "r.kind", Editor.CHOICE, width=16),
        Column("file_name", N_("File"), "r.file_name", width=34),
        _count("new", N_("New")),
        _count("changed", N_("Changed")),
        _count("same", N_("Unchanged")),
        _count("refused", N_("Refused")),
        Column("state", N_("State"), "r.state", Editor.CHOICE, width=12, labels=STATES),
        Column("imported_by", N_("Who"), person_name("r.imported_by"), width=12),
    ),
    source="import_run r",
    key="r.id",
    opens="import_run",
    search=("r.file_name", person_name("r.imported_by")),
    topics=("import",),
    descending=True,
)
