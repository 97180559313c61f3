"""The company's label designs, and the ones the program brings."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.types.json import Jsonb

from desktop_app.core.errors import NotFound, StaleRecord
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_design import LABEL_SIZES, LabelDesign, LabelKind
from desktop_app.domain.label_fields import LabelField, own_field
from desktop_app.domain.label_json import from_json, to_json
from desktop_app.domain.label_presets import default_design
from desktop_app.domain.own_fields import of_scope
from desktop_app.queries.own_fields import definitions

TOPIC = "label_design"
_OWN_SCOPES = {
    LabelKind.ITEM: ("item",),
    LabelKind.LOT: ("item",),
    LabelKind.BOX: ("item",),
    LabelKind.SHIPPING: ("shipment", "sales_order"),
}


@dataclass(frozen=True)
class StoredDesign:
    """A design one may choose. ``id`` 0 is one the program brings; saving it makes a copy."""

    id: int
    design: LabelDesign
    is_default: bool = False
    version: int = 0

    @property
    def title(self) -> str:
        """Name and size, as in a list of choices."""
        return (
            f"{self.design.name}  {self.design.width_mm.normalize():f}"
            f"×{self.design.height_mm.normalize():f}"
        )


def designs(uow: UnitOfWork, kind: LabelKind) -> tuple[StoredDesign, ...]:
    """The company's designs of a kind, its default first, then those of the program."""
    rows = uow.execute(
        "SELECT id, design, is_default, version FROM label_design WHERE kind = %s AND is_active"
        " ORDER BY is_default DESC, name",
        (kind.value,),
    ).fetchall()
    own = [
        StoredDesign(id_, from_json(body), default, version) for id_, body, default, version in rows
    ]
    return (*own, *(StoredDesign(0, default_design(kind, size)) for size in LABEL_SIZES))


def get(uow: UnitOfWork, design_id: int) -> StoredDesign:
    """One of the company's designs. Raises NotFound."""
    row = uow.execute(
        "SELECT id, design, is_default, version FROM label_design WHERE id = %s", (design_id,)
    ).fetchone()
    if row is None:
        raise NotFound(N_("There is no such label design."))
    return StoredDesign(row[0], from_json(row[1]), row[2], row[3])


def save(
    uow: UnitOfWork,
    design: LabelDesign,
    *,
    design_id: int = 0,
    version: int = 0,
    is_default: bool = False,
) -> int:
    """Keep a design (``design_id`` 0: a new one). Returns its id.

    Raises RuleRefused (name taken), StaleDocument, PermissionDenied.
    """
    if is_default:
        uow.execute(
            "UPDATE label_design SET is_default = false, version = version + 1"
            " WHERE kind = %s AND is_default AND id <> %s",
            (design.kind.value, design_id),
        )
    values = (design.kind.value, design.name, Jsonb(to_json(design)), is_default)
    if design_id == 0:
        saved = uow.scalar(
            "INSERT INTO label_design (kind, name, design, is_default) VALUES (%s, %s, %s, %s)"
            " RETURNING id",
            values,
        )
    else:
        saved = uow.scalar(
            "UPDATE label_design SET kind = %s, name = %s, design = %s, is_default = %s,"
            " version = version + 1 WHERE id = %s AND version = %s RETURNING id",
            (*values, design_id, version),
        )
    if saved is None:
        raise StaleRecord
    uow.touch(TOPIC)
    return int(saved)


def retire(uow: UnitOfWork, design_id: int) -> None:
    """A design that is not offered any more; labels printed with it keep their copy."""
    uow.execute(
        "UPDATE label_design SET is_active = false, is_default = false, name = name || ' ~' || id,"
        " version = version + 1 WHERE id = %s",
        (design_id,),
    )
    uow.touch(TOPIC)


def own_fields(uow: UnitOfWork, kind: LabelKind) -> tuple[LabelField, ...]:
    """The company's own fields that a label of that kind can show."""
    known = definitions(uow)
    found = {
        field.name: own_field(field.name, field.title)
        for scope in _OWN_SCOPES.get(kind, ())
        for field in of_scope(known, scope)
    }
    return tuple(found.values())
