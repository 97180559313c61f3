"""Families of items: axes changed without losing a variant, variants made in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.variants import blank_of, combinations, read_options, renamed_options
from desktop_app.queries.families import axes_of
from desktop_app.services.items import save_item
from desktop_app.services.record_writer import require, save_record

FAMILY_FIELDS = ("code", "name", "code_pattern", "name_pattern", "remark")
_TAKEN_OVER = (
    "spec",
    "uom",
    "uom_decimals",
    "tracking",
    "category",
    "shelf_life",
    "shelf_life_unit",
    "safety_stock",
    "lead_time_days",
    "pack_size",
    "tax_code",
    "abc_class",
    "weight_tolerance_pct",
)
"""What a new variant has from its nearest relative; never weight (plating adds to it) or bins."""


@dataclass(frozen=True)
class VariantDraft:
    """A combination to be made, or an existing one to be told a price or a blank."""

    variant: Mapping[str, str]
    code: str
    name: str
    barcode: str = ""
    sales_price: Decimal | None = None
    blank_item_id: int | None = None


@dataclass(frozen=True)
class MadeVariants:
    """Ids of new items, of items that joined by their code, and of those that were there."""

    made: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)


def save_family(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    family_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change a family; ``axes`` are rows ``id, name, options (as typed), is_finish``.

    Renaming an axis or a value renames it in all variants. Returns the id. Raises InvalidInput
    (a value that a variant has cannot go), StaleDocument, RuleRefused (code taken).
    """
    require(values, ("code", "name"))
    known = {
        name: values[name]
        for name in FAMILY_FIELDS
        if values.get(name) is not None and (values[name] != "" or name == "remark")
    }
    saved = save_record(uow, "item_family", known, family_id, version)
    if values.get("axes") is not None:
        _save_axes(uow, saved, values["axes"])
    uow.touch("family", "item")
    return saved


def make_variants(uow: UnitOfWork, family_id: int, drafts: Sequence[VariantDraft]) -> MadeVariants:
    """Make these variants, all or none; what exists already is not made again.

    An item of that code without a family joins it. A finish without a named blank gets the
    blank of the family. Raises InvalidInput by line (1 is the first draft).
    """
    axes = axes_of(uow, family_id)
    uow.execute("SELECT 1 FROM item_family WHERE id = %s FOR NO KEY UPDATE", (family_id,))
    _judge(uow, family_id, drafts, [dict(c) for c in combinations(axes)])
    base = _relative(uow, family_id)
    result = MadeVariants()
    blanks_first = sorted(drafts, key=lambda d: blank_of(axes, d.variant) is not None)
    for draft in blanks_first:
        of = blank_of(axes, draft.variant)
        blank = draft.blank_item_id or (_find(uow, family_id, of) if of is not None else None)
        there = _find(uow, family_id, draft.variant)
        if there is not None:
            _tell(uow, there, draft, blank)
            result.kept.append(there)
            continue
        joining = uow.scalar("SELECT id FROM item WHERE code = %s", (draft.code,))
        if joining is None:
            given = {**base, "blank_item_id": blank, "code": draft.code, "name": draft.name}
            item = save_item(uow, given | _barcode(draft))
            result.made.append(item)
        else:
            item = int(joining)
            result.joined.append(item)
        _join(uow, item, family_id, draft)
        _tell(uow, item, draft, blank)
    uow.touch("family", "item")
    return result


def _save_axes(uow: UnitOfWork, family_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    if sum(bool(row.get("is_finish")) for row in rows) > 1:
        raise _axes_problem(N_("A family has at most one finish axis."))
    before = {
        id_: (name, tuple(options))
        for id_, name, options in uow.execute(
            "SELECT id, name, options FROM item_axis WHERE family_id = %s FOR UPDATE", (family_id,)
        ).fetchall()
    }
    kept = {row["id"] for row in rows if row.get("id") in before}
    for gone in before.keys() - kept:
        _refuse_used(uow, family_id, before[gone][0], ())
        uow.execute("DELETE FROM item_axis WHERE id = %s", (gone,))
    for position, row in enumerate(rows):
        name = str(row.get("name") or "").strip()
        options, codes = read_options(str(row.get("options") or ""))
        if not name or not options:
            raise _axes_problem(N_("Each axis needs a name and its values."))
        given = (position, name, list(options), list(codes), bool(row.get("is_finish")))
        if row.get("id") in before:
            _change_axis(uow, family_id, before[row["id"]], name, options)
            uow.execute(
                "UPDATE item_axis SET position = %s, name = %s, options = %s, codes = %s,"
                " is_finish = %s WHERE id = %s",
                (*given, row["id"]),
            )
        else:
            uow.execute(
                "INSERT INTO item_axis (position, name, options, codes, is_finish, family_id)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (*given, family_id),
            )


def _change_axis(
    uow: UnitOfWork,
    family_id: int,
    before: tuple[str, tuple[str, ...]],
    name: str,
    options: tuple[str, ...],
) -> None:
    """Carry other words for an axis and its values into the variants."""
    old_name, old_options = before
    renamed = renamed_options(old_options, options)
    _refuse_used(uow, family_id, old_name, (*options, *renamed))
    if not renamed and name == old_name:
        return
    uow.execute(
        "UPDATE item SET version = version + 1, variant = (variant - %(old)s::text)"
        " || jsonb_build_object(%(new)s::text,"
        " coalesce(%(words)s::jsonb -> (variant ->> %(old)s::text), variant -> %(old)s::text))"
        " WHERE family_id = %(family)s AND variant ? %(old)s::text",
        {"old": old_name, "new": name, "words": Jsonb(renamed), "family": family_id},
    )


def _refuse_used(uow: UnitOfWork, family_id: int, axis: str, allowed: Sequence[str]) -> None:
    used = uow.execute(
        "SELECT variant ->> %(axis)s::text, code FROM item WHERE family_id = %(family)s"
        " AND merged_into_id IS NULL AND variant ? %(axis)s::text"
        " AND NOT variant ->> %(axis)s::text = ANY(%(allowed)s::text[]) ORDER BY code LIMIT 1",
        {"axis": axis, "family": family_id, "allowed": list(allowed)},
    ).fetchone()
    if used is not None:
        raise _axes_problem(
            N_("“{value}” of “{axis}” cannot go: {item} has it."),
            value=used[0],
            axis=axis,
            item=used[1],
        )


def _judge(
    uow: UnitOfWork,
    family_id: int,
    drafts: Sequence[VariantDraft],
    possible: Sequence[Mapping[str, str]],
) -> None:
    """Every row that cannot be made says why. Raises InvalidInput."""
    codes = [draft.code.strip() for draft in drafts]
    taken: dict[str, int | None] = dict(
        uow.execute("SELECT code, family_id FROM item WHERE code = ANY(%s)", (codes,)).fetchall()
    )
    problems: list[FieldProblem] = []
    for line_no, draft in enumerate(drafts, start=1):
        told: tuple[str, Message] | None = None
        if not draft.code.strip() or not draft.name.strip():
            told = ("code", Message(N_("Code and name are needed.")))
        elif dict(draft.variant) not in possible:
            told = ("code", Message(N_("The axes of the family do not make this variant.")))
        elif codes.count(draft.code.strip()) > 1:
            told = ("code", Message(N_("Two rows have the code {code}."), {"code": draft.code}))
        elif _find(uow, family_id, draft.variant) is None and taken.get(draft.code) is not None:
            told = (
                "code",
                Message(N_("{code} is another variant already."), {"code": draft.code}),
            )
        if told is not None:
            problems.append(FieldProblem(told[0], told[1], line_no))
    if problems:
        raise InvalidInput(tuple(problems))


def _find(uow: UnitOfWork, family_id: int, variant: Mapping[str, str]) -> int | None:
    found = uow.scalar(
        "SELECT id FROM item WHERE family_id = %s AND variant = %s AND merged_into_id IS NULL",
        (family_id, Jsonb(dict(variant))),
    )
    return None if found is None else int(found)


def _relative(uow: UnitOfWork, family_id: int) -> dict[str, Any]:
    """What new variants take over from the oldest item of the family."""
    row = uow.execute(
        f"SELECT {', '.join(_TAKEN_OVER)} FROM item WHERE family_id = %s ORDER BY id LIMIT 1",
        (family_id,),
    ).fetchone()
    return dict(zip(_TAKEN_OVER, row, strict=True)) if row is not None else {}


def _barcode(draft: VariantDraft) -> dict[str, Any]:
    return {"barcodes": {draft.barcode.strip(): 1}} if draft.barcode.strip() else {}


def _join(uow: UnitOfWork, item_id: int, family_id: int, draft: VariantDraft) -> None:
    uow.execute(
        "UPDATE item SET family_id = %s, variant = %s, version = version + 1 WHERE id = %s",
        (family_id, Jsonb(dict(draft.variant)), item_id),
    )


def _tell(uow: UnitOfWork, item_id: int, draft: VariantDraft, blank: int | None) -> None:
    """Price and blank of a variant; what is not given stays."""
    if draft.sales_price is not None:
        uow.execute(
            "INSERT INTO item_sales_price (item_id, price) VALUES (%s, %s)"
            " ON CONFLICT (item_id) DO UPDATE SET price = excluded.price"
            " WHERE item_sales_price.price <> excluded.price",
            (item_id, draft.sales_price),
        )
    if blank is not None:
        uow.execute(
            "UPDATE item SET blank_item_id = %(blank)s, version = version + 1 WHERE id = %(item)s"
            " AND blank_item_id IS DISTINCT FROM %(blank)s",
            {"blank": blank, "item": item_id},
        )


def _axes_problem(text: str, **values: Any) -> InvalidInput:
    return InvalidInput((FieldProblem("axes", Message(text, values)),))
