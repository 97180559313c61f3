"""Targets whose rows become documents: opening stock, orders, bills of materials.

Rows that belong together (the same order number, the same product) become one document, made
through the same services as on the screens, so every rule of the engine holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from typing import Any
from uuid import UUID, uuid5

from desktop_app.core.errors import AppError, FieldProblem, InvalidInput, RuleRefused
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bom import LossBasis
from desktop_app.domain.own_fields import PREFIX
from desktop_app.services import bills_of_material, documents, reversal
from desktop_app.services.bills_of_material import BOMDraft
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.importing import checks
from desktop_app.services.importing.checks import VALUES, Lookup

MOST_LINES = 500
"""Lines of one document of opening stock: what a person can still look through."""
LINE_PREFIX = "line."
"""Before the key of an own field of the lines, which the head may have too."""
Row = tuple[int, Mapping[str, Any]]
Maker = Callable[[UnitOfWork, Sequence[Row], UUID], int]


@dataclass(frozen=True)
class DocumentTarget:
    """Rows grouped by ``group`` (of their values) become one record each.

    ``make`` writes a group and returns the record's id; ``back`` takes one record back.
    """

    record: str
    lookups: tuple[Lookup, ...]
    required: tuple[str, ...]
    group: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    order: str
    make: Maker
    back: Callable[[UnitOfWork, int, UUID], None]
    more_checks: Callable[[UnitOfWork, int, Sequence[int] | None], None]
    most_rows: int = 10_000


def check(
    uow: UnitOfWork, target: DocumentTarget, draft_id: int, rows: Sequence[int] | None = None
) -> None:
    """Find what each row names and what is wrong with it."""
    checks.forget_findings(uow, draft_id, rows)
    checks.required(uow, draft_id, target.required, rows)
    for lookup in target.lookups:
        checks.resolve(uow, draft_id, lookup, rows)
    target.more_checks(uow, draft_id, rows)
    checks.judge_new(uow, draft_id, rows)


def write(uow: UnitOfWork, target: DocumentTarget, draft_id: int, run_id: int, uuid: UUID) -> None:
    """Make the documents, group by group; a refusal names the row of the file."""
    for number, group in enumerate(_groups(uow, target, draft_id)):
        try:
            made = target.make(uow, group, uuid5(uuid, str(number)))
        except InvalidInput as error:
            raise _with_row(error, group) from error
        uow.execute(
            "INSERT INTO import_row (run_id, seq, record, record_id, action)"
            " VALUES (%s, %s, %s, %s, 'new')",
            (run_id, group[0][0], target.record, made),
        )


def take_back(uow: UnitOfWork, target: DocumentTarget, run_id: int, uuid: UUID) -> None:
    """Reverse or void every document of an import, the last first.

    Raises the refusal of the first that cannot be taken back; nothing is then taken back.
    """
    made = uow.execute(
        "SELECT record_id FROM import_row WHERE run_id = %s AND record = %s ORDER BY seq DESC",
        (run_id, target.record),
    ).fetchall()
    for (record_id,) in made:
        target.back(uow, record_id, uuid5(uuid, str(record_id)))


def _groups(uow: UnitOfWork, target: DocumentTarget, draft_id: int) -> Iterator[list[Row]]:
    rows = uow.execute(
        f'SELECT s.row_no, s."values" FROM import_stage s WHERE s.draft_id = %s'
        f" AND s.action = 'new' ORDER BY {target.order}, s.row_no",
        (draft_id,),
    )
    for _, group in groupby(rows, key=lambda row: target.group(row[1])):
        while part := list(islice(group, target.most_rows)):
            yield part


def _with_row(error: InvalidInput, group: Sequence[Row]) -> AppError:
    """The engine's line number as the row of the file."""
    problem = error.problems[0]
    row = group[(problem.line_no or 1) - 1][0]
    text = Message(N_("Row {row}: {problem}"), {"row": row, "problem": problem.message})
    return InvalidInput((FieldProblem(problem.field, text, row),))


def _number(values: Mapping[str, Any], name: str) -> Decimal | None:
    text = values.get(name)
    return Decimal(str(text)) if text not in (None, "") else None


def _day(values: Mapping[str, Any], name: str) -> date | None:
    text = values.get(name)
    return date.fromisoformat(str(text)[:10]) if text else None


# ---------------------------------------------------------------- opening stock


def _check_goods(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None) -> None:
    """A quantity above zero with the item's decimals, and a lot where lots are kept."""
    item = f"(SELECT i FROM item i WHERE i.id = ({VALUES}->>'item_id')::bigint)"
    quantity = f"(nullif({VALUES}->>'qty', ''))::numeric"
    for field, text, condition in (
        ("qty", N_("The quantity must be above zero."), f"{quantity} <= 0"),
        (
            "qty",
            N_("“{value}” has more decimals than the item's unit."),
            f"{quantity} <> round({quantity}, ({item}).uom_decimals::int)",
        ),
    ):
        checks.refuse(uow, draft_id, field, text, condition, rows)


def _check_opening(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None) -> None:
    _check_goods(uow, draft_id, rows)
    item = f"(SELECT i.tracking FROM item i WHERE i.id = ({VALUES}->>'item_id')::bigint)"
    lot = f"import_text({VALUES}, 'lot')"
    for field, text, condition in (
        (
            "lot",
            N_("This item is kept by lot; give the lot."),
            f"{item} <> 'none' AND {lot} IS NULL",
        ),
        ("lot", N_("This item is kept without lots."), f"{item} = 'none' AND {lot} IS NOT NULL"),
        (
            "place",
            N_("The bin “{value}” belongs to another warehouse."),
            (
                f"EXISTS (SELECT 1 FROM location l WHERE l.id = ({VALUES}->>'place_id')::bigint"
                f" AND l.warehouse_id <> ({VALUES}->>'warehouse_id')::bigint)"
            ),
        ),
        (
            "expiry",
            N_("This lot is known with another expiry date."),
            (
                "EXISTS (SELECT 1 FROM lot o WHERE"
                f" o.item_id = ({VALUES}->>'item_id')::bigint AND o.code = {lot}"
                f" AND o.expires_at::date <> (nullif({VALUES}->>'expiry', ''))::date)"
            ),
        ),
    ):
        checks.refuse(uow, draft_id, field, text, condition, rows)


def _opening(uow: UnitOfWork, group: Sequence[Row], uuid: UUID) -> int:
    lots = _lots(uow, group)
    lines = [_opening_line(values, lots) for _, values in group]
    draft = Draft(
        "opening_stock",
        {"warehouse_id": group[0][1]["warehouse_id"], "remark": _rows_of(group)},
        tuple(lines),
        uuid=uuid,
    )
    command = ActCommand(0, "post", reason=str(Message(N_("Opening stock from a file"))))
    return documents.create_and_act(uow, draft, command).id


def _opening_line(values: Mapping[str, Any], lots: Mapping[tuple[int, str], int]) -> dict[str, Any]:
    item, lot = values["item_id"], values.get("lot")
    line: dict[str, Any] = {
        "item_id": item,
        "qty": _number(values, "qty"),
        "to_location_id": values.get("place_id"),
        "remark": values.get("remark") or "",
    }
    if lot:
        line["lot_id"] = lots[item, lot]
    amount, price = _number(values, "amount"), _number(values, "unit_price")
    if amount is not None and line["qty"]:
        price = amount / line["qty"]
    if price is not None:
        line["unit_price"] = round(price, 6)
    return {**line, **_own_of_line(values)}


def _own_of_line(values: Mapping[str, Any]) -> dict[str, Any]:
    mark = LINE_PREFIX + PREFIX
    return {
        name.removeprefix(LINE_PREFIX): value
        for name, value in values.items()
        if name.startswith(mark)
    }


def _lots(uow: UnitOfWork, group: Sequence[Row]) -> dict[tuple[int, str], int]:
    """The lots the rows name, made where they are new; expiry from the row or the shelf life."""
    named = {
        (values["item_id"], values["lot"]): (
            values.get("expiry") or None,
            values.get("made") or None,
        )
        for _, values in group
        if values.get("lot")
    }
    if not named:
        return {}
    arrays = {
        "items": [item for item, _ in named],
        "codes": [code for _, code in named],
        "expiries": [expiry for expiry, _ in named.values()],
        "made": [made for _, made in named.values()],
    }
    uow.execute(
        "INSERT INTO lot (item_id, code, expires_at, made_at) SELECT i.id, u.code,"
        " coalesce(u.expiry::timestamptz, coalesce(u.made::timestamptz, now())"
        "  + i.shelf_life * ('1 ' || i.shelf_life_unit)::interval), u.made::timestamptz"
        " FROM unnest(%(items)s::bigint[], %(codes)s::text[], %(expiries)s::text[],"
        " %(made)s::text[]) AS u(item_id, code, expiry, made) JOIN item i ON i.id = u.item_id"
        " ORDER BY i.id, u.code ON CONFLICT (item_id, code) DO NOTHING",
        arrays,
    )
    found = uow.execute(
        "SELECT o.item_id, o.code, o.id FROM lot o JOIN unnest(%(items)s::bigint[],"
        " %(codes)s::text[]) AS u(item_id, code) ON u.item_id = o.item_id AND u.code = o.code",
        arrays,
    ).fetchall()
    return {(item, code): lot for item, code, lot in found}


def _rows_of(group: Sequence[Row]) -> str:
    return str(
        Message(N_("Rows {first}–{last} of the file"), {"first": group[0][0], "last": group[-1][0]})
    )


def _reverse(uow: UnitOfWork, document_id: int, uuid: UUID) -> None:
    reason = str(Message(N_("The import was taken back")))
    reversal.reverse(uow, ActCommand(document_id, "reverse", reason=reason, uuid=uuid))


OPENING = DocumentTarget(
    record="document",
    lookups=(checks.ITEM_BY_BARCODE, checks.ITEM, checks.WAREHOUSE, checks.PLACE),
    required=("item", "warehouse", "qty"),
    group=lambda values: (values["warehouse_id"],),
    order=f"({VALUES}->>'warehouse_id')::bigint",
    make=_opening,
    back=_reverse,
    more_checks=_check_opening,
    most_rows=MOST_LINES,
)

# ---------------------------------------------------------------- orders


_ORDER_KEY = (
    f"{VALUES}->>'reference'",
    f"({VALUES}->>'party_id')::bigint",
    f"({VALUES}->>'warehouse_id')::bigint",
    f"{VALUES}->>'doc_date'",
)
"""Rows that agree in these are one order."""


def _check_order(role: str) -> Callable[[UnitOfWork, int, Sequence[int] | None], None]:
    def look(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None) -> None:
        _check_goods(uow, draft_id, rows)
        text = (
            N_("“{value}” is not a customer.")
            if role == "customer"
            else N_("“{value}” is not a supplier.")
        )
        checks.refuse(
            uow,
            draft_id,
            "party",
            text,
            f"EXISTS (SELECT 1 FROM party p WHERE p.id = ({VALUES}->>'party_id')::bigint"
            f" AND NOT p.is_{role})",
            rows,
        )
        checks.agree(uow, draft_id, _ORDER_KEY, ("due_date",), PREFIX, rows)

    return look


def _order(kind: str) -> Maker:
    def make(uow: UnitOfWork, group: Sequence[Row], uuid: UUID) -> int:
        # What is said of the order may stand in any of its rows; that they agree was checked.
        first = {
            name: value
            for _, values in reversed(group)
            for name, value in values.items()
            if value not in (None, "")
        }
        head = {
            "party_id": first["party_id"],
            "warehouse_id": first["warehouse_id"],
            "doc_date": _day(first, "doc_date"),
            "due_date": _day(first, "due_date"),
            "reference": first.get("reference") or "",
            **{name: value for name, value in first.items() if name.startswith(PREFIX)},
        }
        lines = tuple(
            {
                "item_id": values["item_id"],
                "qty": _number(values, "qty"),
                "unit_price": _number(values, "unit_price"),
                "tax_rate": _number(values, "tax_rate"),
                "remark": values.get("remark") or "",
                **_own_of_line(values),
            }
            for _, values in group
        )
        return documents.create(uow, Draft(kind, head, lines, uuid=uuid)).id

    return make


def _void(uow: UnitOfWork, document_id: int, uuid: UUID) -> None:
    reason = str(Message(N_("The import was taken back")))
    documents.act(uow, ActCommand(document_id, "void", reason=reason, uuid=uuid))


def order_target(kind: str, role: str) -> DocumentTarget:
    """Orders of a kind; rows with the same number, partner and date are one order."""
    return DocumentTarget(
        record="document",
        lookups=(checks.ITEM_BY_BARCODE, checks.ITEM, checks.WAREHOUSE, checks.PARTY),
        required=("party", "warehouse", "item", "qty"),
        group=lambda v: tuple(
            v.get(name) for name in ("reference", "party_id", "warehouse_id", "doc_date")
        ),
        order=", ".join(_ORDER_KEY),
        make=_order(kind),
        back=_void,
        more_checks=_check_order(role),
    )


# ---------------------------------------------------------------- bills of materials

PRODUCT = Lookup(
    "product",
    "product_id",
    "item t",
    "t.code = {text}",
    N_("There is no item “{value}”. Import the items first, or correct the code."),
)


def _check_bom(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None) -> None:
    version = f"coalesce(import_text({VALUES}, 'version'), '1')"
    quantity = f"(nullif({VALUES}->>'qty', ''))::numeric"
    loss = f"(nullif({VALUES}->>'loss_rate', ''))::numeric"
    for field, text, condition in (
        ("qty", N_("The quantity must be above zero."), f"{quantity} <= 0"),
        (
            "item",
            N_("A product cannot be its own component."),
            f"{VALUES}->>'item' = {VALUES}->>'product'",
        ),
        (
            "loss_rate",
            N_("The loss rate is at least 0 % and below 100 %."),
            f"{loss} < 0 OR {loss} >= 100",
        ),
        (
            "version",
            N_("This version of the bill of materials exists already; give another version."),
            (
                f"EXISTS (SELECT 1 FROM bom b WHERE b.item_id = ({VALUES}->>'product_id')::bigint"
                f" AND b.version = {version})"
            ),
        ),
    ):
        checks.refuse(uow, draft_id, field, text, condition, rows)


def _bom(uow: UnitOfWork, group: Sequence[Row], _uuid: UUID) -> int:
    first = group[0][1]
    lines = bills_of_material.lines_from(
        [
            (
                values["item_id"],
                _number(values, "qty") or Decimal(0),
                (_number(values, "loss_rate") or Decimal(0)) / 100,
                values.get("loss_basis") or LossBasis.OF_ISSUE.value,
            )
            for _, values in group
        ]
    )
    draft = BOMDraft(
        first["product_id"],
        lines,
        str(first.get("version") or "1"),
        _number(first, "output_qty") or Decimal(1),
        remark=_rows_of(group),
    )
    return bills_of_material.save_bom(uow, draft)


def _retire_bom(uow: UnitOfWork, bom_id: int, _uuid: UUID) -> None:
    used = uow.scalar(
        "SELECT d.number FROM work_order w JOIN document d ON d.id = w.document_id"
        " WHERE w.bom_id = %s LIMIT 1",
        (bom_id,),
    )
    if used:
        raise RuleRefused(
            N_("{number} is made by this bill of materials; it can no longer be taken back."),
            number=used,
        )
    uow.execute(
        "UPDATE bom SET is_active = false, version = version || ' ~' || id WHERE id = %s", (bom_id,)
    )
    uow.touch("bom")


BOM = DocumentTarget(
    record="bom",
    lookups=(PRODUCT, checks.ITEM),
    required=("product", "item", "qty"),
    group=lambda values: (values["product_id"], values.get("version") or "1"),
    order=f"({VALUES}->>'product_id')::bigint, coalesce({VALUES}->>'version', '1')",
    make=_bom,
    back=_retire_bom,
    more_checks=_check_bom,
)
