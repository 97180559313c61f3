"""Partners: saved whole with contacts, addresses and their own item codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.pinyin_search import search_text
from desktop_app.domain.tax_ids import fold_tax_id
from desktop_app.services.record_writer import require, save_record

PARTY_FIELDS = (
    "code",
    "name",
    "is_customer",
    "is_supplier",
    "is_subcontractor",
    "is_carrier",
    "contact",
    "phone",
    "address",
    "tax_id",
    "bank",
    "payment_terms",
    "payment_days",
    "credit_limit",
    "price_level",
    "remark",
    "is_active",
)
_MAY_BE_NONE = ("payment_days", "credit_limit")
"""Fields that a change may empty again."""
ROLES = ("is_customer", "is_supplier", "is_subcontractor", "is_carrier")
ADDRESS_PURPOSES: tuple[tuple[str, str], ...] = (
    ("delivery", N_("Delivery")),
    ("invoice", N_("Invoice")),
    ("return", N_("Returns")),
    ("other", N_("Other")),
)


def save_party(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    party_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change a partner; a subcontractor gets a place of its own. Returns its id.

    ``contacts``, ``addresses`` and ``own_codes`` may be among the values: rows as mappings that
    replace the present ones; a row with an ``id`` is changed. Raises InvalidInput,
    StaleDocument, RuleRefused (code taken).
    """
    require(values, ("code", "name"))
    known = _known(values, changing=party_id is not None)
    saved = save_record(uow, "party", known, party_id, version)
    if known.get("is_subcontractor"):
        uow.execute(
            "INSERT INTO location (code, name, kind, party_id) SELECT 'SUB-' || code, name,"
            " 'subcontractor', id FROM party WHERE id = %s AND NOT EXISTS (SELECT 1 FROM location"
            " WHERE party_id = %s AND kind = 'subcontractor')",
            (saved, saved),
        )
    if values.get("contacts") is not None:
        _save_contacts(uow, saved, values["contacts"])
    if values.get("addresses") is not None:
        _save_addresses(uow, saved, values["addresses"])
    if values.get("own_codes") is not None:
        save_own_codes(uow, saved, values["own_codes"])
    uow.touch("party")
    return saved


def _known(values: Mapping[str, Any], *, changing: bool) -> dict[str, Any]:
    known = {
        name: values[name]
        for name in PARTY_FIELDS
        if values.get(name) is not None or (changing and name in values and name in _MAY_BE_NONE)
    }
    if "tax_id" in known:
        known["tax_id"] = fold_tax_id(str(known["tax_id"]))
    known["search_text"] = search_text(str(known["name"]), str(known["code"]))
    return known


_CONTACTS = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(rows)s) AS r(id bigint, position bigint, name text, role text,
                                                  phone text, email text, remark text)),
gone AS (
  DELETE FROM party_contact c WHERE c.party_id = %(party)s
  AND NOT EXISTS (SELECT 1 FROM given g WHERE g.id = c.id)),
changed AS (
  UPDATE party_contact c SET position = g.position, name = g.name, role = g.role, phone = g.phone,
         email = g.email, remark = g.remark
  FROM given g WHERE c.id = g.id AND c.party_id = %(party)s
  AND (c.position, c.name, c.role, c.phone, c.email, c.remark)
      IS DISTINCT FROM (g.position, g.name, g.role, g.phone, g.email, g.remark))
INSERT INTO party_contact (party_id, position, name, role, phone, email, remark)
SELECT %(party)s, position, name, role, phone, email, remark FROM given WHERE id IS NULL
ORDER BY position
"""
_ADDRESSES = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(rows)s) AS r(id bigint, position bigint, purpose text,
                                                  receiver text, phone text, address text)),
gone AS (
  DELETE FROM party_address c WHERE c.party_id = %(party)s
  AND NOT EXISTS (SELECT 1 FROM given g WHERE g.id = c.id)),
changed AS (
  UPDATE party_address c SET position = g.position, purpose = g.purpose, receiver = g.receiver,
         phone = g.phone, address = g.address
  FROM given g WHERE c.id = g.id AND c.party_id = %(party)s
  AND (c.position, c.purpose, c.receiver, c.phone, c.address)
      IS DISTINCT FROM (g.position, g.purpose, g.receiver, g.phone, g.address))
INSERT INTO party_address (party_id, position, purpose, receiver, phone, address)
SELECT %(party)s, position, purpose, receiver, phone, address FROM given WHERE id IS NULL
ORDER BY position
"""
# Prices of a partner come from documents; here is what they call our goods and how they supply.
_OWN_CODES = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(rows)s) AS r(item_id bigint, code text, name text,
    pack_size numeric, min_order_qty numeric, lead_time_days bigint, is_preferred boolean)),
gone AS (
  DELETE FROM party_item p WHERE p.party_id = %(party)s
  AND NOT EXISTS (SELECT 1 FROM given g WHERE g.item_id = p.item_id))
INSERT INTO party_item AS p (party_id, item_id, code, name, pack_size, min_order_qty,
                             lead_time_days, is_preferred)
SELECT %(party)s, item_id, code, name, pack_size, min_order_qty, lead_time_days, is_preferred
FROM given
ON CONFLICT (party_id, item_id) DO UPDATE SET code = excluded.code, name = excluded.name,
  pack_size = excluded.pack_size, min_order_qty = excluded.min_order_qty,
  lead_time_days = excluded.lead_time_days, is_preferred = excluded.is_preferred
WHERE (p.code, p.name, p.pack_size, p.min_order_qty, p.lead_time_days, p.is_preferred)
  IS DISTINCT FROM (excluded.code, excluded.name, excluded.pack_size, excluded.min_order_qty,
                    excluded.lead_time_days, excluded.is_preferred)
"""


def _save_contacts(uow: UnitOfWork, party_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    _check_rows(rows, "name")
    texts = ("name", "role", "phone", "email", "remark")
    uow.execute(_CONTACTS, {"party": party_id, "rows": _numbered(rows, texts)})


def _save_addresses(uow: UnitOfWork, party_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    _check_rows(rows, "address")
    given = [{**row, "purpose": row.get("purpose") or "delivery"} for row in rows]
    texts = ("purpose", "receiver", "phone", "address")
    uow.execute(_ADDRESSES, {"party": party_id, "rows": _numbered(given, texts)})


def save_own_codes(uow: UnitOfWork, party_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Their codes and names of our items, all of them. Raises InvalidInput for an item twice,
    or one code for two items: a scan could not tell them apart.
    """
    _check_rows(rows, "item_id")
    seen: dict[tuple[str, Any], int] = {}
    for number, row in enumerate(rows, start=1):
        code = str(row.get("code") or "").strip()
        for key in (("item_id", row["item_id"]), *((("code", code.upper()),) if code else ())):
            if key in seen:
                raise _row_problem(key[0], N_("The same as in line {line}."), number, seen[key])
            seen[key] = number
    given = [
        {
            "item_id": row["item_id"],
            "code": str(row.get("code") or "").strip(),
            "name": str(row.get("name") or "").strip(),
            "pack_size": _number(row.get("pack_size")),
            "min_order_qty": _number(row.get("min_order_qty")),
            "lead_time_days": row.get("lead_time_days"),
            "is_preferred": bool(row.get("is_preferred")),
        }
        for row in rows
    ]
    uow.execute(_OWN_CODES, {"party": party_id, "rows": Jsonb(given)})
    uow.touch("item")


def _number(value: Any) -> str | None:
    return None if value is None else f"{value:f}"


def _numbered(rows: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> Jsonb:
    return Jsonb(
        [
            {
                "id": row.get("id"),
                "position": number,
                **{name: str(row.get(name) or "").strip() for name in texts},
            }
            for number, row in enumerate(rows, start=1)
        ]
    )


def _check_rows(rows: Sequence[Mapping[str, Any]], needed: str) -> None:
    for number, row in enumerate(rows, start=1):
        if not str(row.get(needed) or "").strip():
            raise _row_problem(needed, N_("Needed"), number, number)


def _row_problem(name: str, text: str, number: int, other: int) -> InvalidInput:
    return InvalidInput((FieldProblem(name, Message(text, {"line": other}), number),))


def freeze_late(uow: UnitOfWork) -> int:
    """Freeze new orders of every customer with an order waiting to ship for too long (N9).

    A chore of the program; twice is harmless. Returns how many customers became frozen.
    """
    newly = int(uow.scalar("SELECT freeze_late_customers()"))
    if newly:
        uow.touch("party")
    return newly


def release(uow: UnitOfWork, party_id: int, reason: str) -> None:
    """Let a frozen customer order again. Raises EvidenceMissing without a reason,
    RuleRefused when not frozen, PermissionDenied.
    """
    uow.execute("SELECT decide_freeze(%s, false, %s)", (party_id, reason))
    uow.touch("party")


def freeze(uow: UnitOfWork, party_id: int, reason: str) -> None:
    """Freeze a customer's new orders by hand, for a reason. Raises like :func:`release`."""
    uow.execute("SELECT decide_freeze(%s, true, %s)", (party_id, reason))
    uow.touch("party")
