"""Bills of materials: save a version, explode a product, find where a part is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound, StaleRecord, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bom import (
    BillOfMaterials,
    BOMLine,
    LossBasis,
    explode,
    gross_need,
    low_level_codes,
    round_up,
)
from desktop_app.domain.quantities import MAX_QUANTITY
from desktop_app.queries.bills_of_material import ItemName, boms_below, item_names

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('bom'))"


@dataclass(frozen=True)
class BOMDraft:
    """A version as typed: ``lines`` make ``output_qty`` of the item.

    ``is_active`` makes it the version that orders use; the former one stays readable.
    """

    item_id: int
    lines: tuple[BOMLine, ...]
    version: str = "1"
    output_qty: Decimal = Decimal(1)
    is_active: bool = True
    remark: str = ""


@dataclass(frozen=True)
class NeedRow:
    """Whole need of one item for a quantity of the product. ``level`` 0 is the product."""

    item_id: int
    code: str
    name: str
    uom: str
    level: int
    qty: Decimal
    made: bool


@dataclass(frozen=True)
class TreeRow:
    """One place of a component in a multi-level BOM. ``depth`` 0 is the product.

    ``per`` is the quantity per one of its parent, without loss; ``qty`` the need at this
    place, loss included and rounded up to the unit.
    """

    depth: int
    item_id: int
    code: str
    name: str
    uom: str
    per: Decimal
    loss_rate: Decimal
    loss_basis: str
    qty: Decimal
    version: str


def save_bom(
    uow: UnitOfWork, draft: BOMDraft, *, bom_id: int | None = None, stamp: str | None = None
) -> int:
    """Create or replace a version. Returns its id.

    Raises InvalidInput, StaleDocument, RuleRefused (version exists), BOMLoop with the way
    round when an item would be needed to make itself.
    """
    _check(draft)
    # Two people could each save half of a loop; they take turns here.
    uow.execute(_LOCK)
    saved = _write_head(uow, draft, bom_id, stamp)
    uow.execute("DELETE FROM bom_line WHERE bom_id = %s", (saved,))
    columns = [
        list(column)
        for column in zip(
            *(
                (number, line.item_id, line.qty_per, line.loss_rate, line.loss_basis.value)
                for number, line in enumerate(draft.lines, start=1)
            ),
            strict=True,
        )
    ]
    uow.execute(
        "INSERT INTO bom_line (bom_id, line_no, item_id, qty_per, loss_rate, loss_basis)"
        " SELECT %s, u.* FROM unnest(%s::int[], %s::bigint[], %s::numeric[], %s::numeric[],"
        " %s::text[]) AS u",
        (saved, *columns),
    )
    if draft.is_active:
        uow.execute(
            "UPDATE bom SET is_active = false WHERE item_id = %s AND id <> %s AND is_active",
            (draft.item_id, saved),
        )
    refuse_loop(uow, draft.item_id, saved)
    uow.touch("bom", "item")
    return saved


def _check(draft: BOMDraft) -> None:
    problems = []
    if not draft.version.strip():
        problems.append(FieldProblem("version", Message(N_("Give the version a name."))))
    if not 0 < draft.output_qty <= MAX_QUANTITY:
        problems.append(FieldProblem("output_qty", Message(N_("The quantity must be above zero."))))
    if not draft.lines:
        problems.append(FieldProblem("lines", Message(N_("A bill of materials has components."))))
    for number, line in enumerate(draft.lines, start=1):
        if not 0 < line.qty_per <= MAX_QUANTITY:
            problems.append(
                FieldProblem("qty_per", Message(N_("The quantity must be above zero.")), number)
            )
        if not 0 <= line.loss_rate < 1:
            problems.append(
                FieldProblem(
                    "loss_rate",
                    Message(N_("The loss rate is at least 0 % and below 100 %.")),
                    number,
                )
            )
    if problems:
        raise InvalidInput(tuple(problems))


def _write_head(uow: UnitOfWork, draft: BOMDraft, bom_id: int | None, stamp: str | None) -> int:
    values = (draft.version.strip(), draft.output_qty, draft.is_active, draft.remark)
    if bom_id is None:
        return int(
            uow.scalar(
                "INSERT INTO bom (item_id, version, output_qty, is_active, remark)"
                " VALUES (%s, %s, %s, %s, %s) RETURNING id",
                (draft.item_id, *values),
            )
        )
    # xmin, the transaction that wrote the row last, tells whether somebody saved meanwhile.
    changed = uow.scalar(
        "UPDATE bom SET version = %s, output_qty = %s, is_active = %s, remark = %s"
        " WHERE id = %s AND (%s::text IS NULL OR xmin::text = %s) RETURNING id",
        (*values, bom_id, stamp, stamp),
    )
    if changed is None:
        raise StaleRecord
    return int(changed)


def refuse_loop(uow: UnitOfWork, item_id: int, bom_id: int | None = None) -> None:
    """Raise BOMLoop when the item would be needed to make itself.

    Looks at version ``bom_id``, else at the active one.
    """
    boms = boms_below(uow, [item_id], [bom_id] if bom_id else [])
    names = item_names(uow, list(_mentioned(boms, item_id)))
    low_level_codes(boms, item_id, {id_: name.code for id_, name in names.items()})


def _mentioned(boms: Mapping[int, BillOfMaterials], item_id: int) -> set[int]:
    return {item_id, *boms, *(line.item_id for bom in boms.values() for line in bom.lines)}


def explosion(
    uow: UnitOfWork, item_id: int, qty: Decimal, bom_id: int | None = None
) -> list[NeedRow]:
    """Everything needed for ``qty`` over all levels, each item once, product first.

    Raises BOMLoop, UserError when the quantity is not above zero.
    """
    boms, names = _load(uow, item_id, qty, bom_id)
    decimals = {id_: name.decimals for id_, name in names.items()}
    codes = {id_: name.code for id_, name in names.items()}
    return [
        NeedRow(
            need.item_id,
            names[need.item_id].code,
            names[need.item_id].name,
            names[need.item_id].uom,
            need.level,
            need.qty,
            need.made,
        )
        for need in explode(boms, item_id, qty, decimals, codes)
    ]


def direct_needs(
    uow: UnitOfWork, item_id: int, qty: Decimal, bom_id: int | None = None
) -> list[NeedRow]:
    """The components of one level for ``qty``, in the order of the BOM, loss included.

    Raises NotFound when the item has no active BOM.
    """
    boms, names = _load(uow, item_id, qty, bom_id)
    bom = boms.get(item_id)
    if bom is None:
        raise NotFound(N_("{item} has no bill of materials yet."), item=names[item_id].code)
    return [
        NeedRow(
            line.item_id,
            names[line.item_id].code,
            names[line.item_id].name,
            names[line.item_id].uom,
            1,
            round_up(_gross(line, qty, bom), names[line.item_id].decimals),
            line.item_id in boms,
        )
        for line in bom.lines
    ]


def tree(uow: UnitOfWork, item_id: int, qty: Decimal, bom_id: int | None = None) -> list[TreeRow]:
    """The multi-level BOM as it is drawn: each component below its parent, in order."""
    boms, names = _load(uow, item_id, qty, bom_id)
    codes = {id_: name.code for id_, name in names.items()}
    low_level_codes(boms, item_id, codes)
    root = names[item_id]
    version = boms[item_id].version if item_id in boms else ""
    rows = [
        TreeRow(
            0, item_id, root.code, root.name, root.uom, Decimal(1), Decimal(0), "", qty, version
        )
    ]
    _branch(boms, names, item_id, qty, 1, rows)
    return rows


def _branch(
    boms: Mapping[int, BillOfMaterials],
    names: Mapping[int, ItemName],
    item_id: int,
    qty: Decimal,
    depth: int,
    rows: list[TreeRow],
) -> None:
    bom = boms.get(item_id)
    for line in bom.lines if bom else ():
        name = names[line.item_id]
        need = round_up(_gross(line, qty, bom), name.decimals) if bom else qty
        below = boms.get(line.item_id)
        rows.append(
            TreeRow(
                depth,
                line.item_id,
                name.code,
                name.name,
                name.uom,
                line.qty_per / (bom.output_qty if bom else Decimal(1)),
                line.loss_rate,
                line.loss_basis.value if line.loss_rate else "",
                need,
                below.version if below else "",
            )
        )
        _branch(boms, names, line.item_id, need, depth + 1, rows)


def _gross(line: BOMLine, qty: Decimal, bom: BillOfMaterials) -> Decimal:
    return gross_need(qty * line.qty_per / bom.output_qty, line.loss_rate, line.loss_basis)


def _load(
    uow: UnitOfWork, item_id: int, qty: Decimal, bom_id: int | None
) -> tuple[dict[int, BillOfMaterials], dict[int, ItemName]]:
    if qty <= 0:
        raise UserError(N_("Only a quantity above zero can be made."))
    boms = boms_below(uow, [item_id], [bom_id] if bom_id else [])
    names = item_names(uow, list(_mentioned(boms, item_id)))
    if item_id not in names:
        raise NotFound(N_("This item does not exist."))
    return boms, names


def lines_from(rows: Sequence[tuple[int, Decimal, Decimal, str]]) -> tuple[BOMLine, ...]:
    """BOM lines from (item id, quantity, loss rate as a fraction, basis) as a form holds them."""
    return tuple(BOMLine(item, qty, rate, LossBasis(basis)) for item, qty, rate, basis in rows)
