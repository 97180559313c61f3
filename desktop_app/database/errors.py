"""Driver errors become sentences: the only reader of psycopg exceptions.

Refusals of the guards carry a code ``SPnnn``, a key and facts as JSON
(models/sql/10_refuse.sql); constraints are known by name.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import psycopg

from desktop_app.core import errors as failures
from desktop_app.core.i18n import N_, Message
from desktop_app.database.constraints import CONSTRAINTS
from desktop_app.database.refusals import SENTENCES
from desktop_app.domain.customer_freeze import frozen_because
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.locations import TITLES as PLACE_TITLES, WAREHOUSE_KINDS
from desktop_app.domain.permissions import PERMISSIONS

RETRYABLE = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock time-out: repeat the whole call."""

EVIDENCE_TITLES: dict[str, str] = {
    "exit_code": N_("the exit code of the warehouse"),
    "waybill": N_("the waybill number"),
    "carrier": N_("the carrier"),
    "scans": N_("the scanned goods"),
    "deposit": N_("the deposit"),
    "until": N_("the end date"),
    "decision": N_("the decision"),
    "weight": N_("the weight"),
    "amount": N_("the amount"),
    "address": N_("the address"),
}

# A failed connection carries no SQLSTATE, only the server's sentence in its own language.
_WRONG_PASSWORD = ("password authentication failed", "密码认证失败", "Password 认证失败")

MOVE_PROBLEMS: dict[str, str] = {
    "no_act": N_("Stock moves only through a recorded act."),
    "act_has_moved": N_("An act moves all its goods at once; record another one for the rest."),
    "line_of_other_document": N_("The move does not belong to a line of this document."),
    "other_item": N_("Line {line_no}: the goods moved are not the item of the line."),
    "place_unknown": N_("Line {line_no} {item}: the place does not exist."),
    "place_closed": N_("Line {line_no} {item}: the place {to_code} is closed."),
    "places_not_allowed": N_(
        "Line {line_no} {item}: this step may not move goods from {from_code} to {to_code}."
    ),
    "lot_of_other_item": N_("Line {line_no} {item}: the lot belongs to another item."),
    "lot_needed": N_(
        "Line {line_no} {item}: give the lot of an item kept by lot, and none otherwise."
    ),
    "serial_one_piece": N_("Line {line_no} {item}: one serial number is one piece."),
    "too_many_decimals": N_("Line {line_no} {item}: the quantity has too many decimals."),
    "lot_held": N_("Line {line_no} {item}: lot {lot} is on hold and may not leave."),
    "lot_expired": N_("Line {line_no} {item}: lot {lot} has expired and may not leave."),
}


def to_app_error(error: psycopg.Error) -> failures.AppError:
    """The failure a person is told about; unknown ones name the server's own words."""
    state = error.sqlstate or ""
    if state.startswith("SP"):
        return _refusal(state, error)
    if error.diag.constraint_name in CONSTRAINTS:
        return _constraint(error.diag.constraint_name or "")
    wrong_password = not state and any(words in str(error) for words in _WRONG_PASSWORD)
    known = _STATES.get("28000" if wrong_password or state.startswith("28") else state)
    if known is None and (
        isinstance(error, psycopg.OperationalError) or state.startswith(("08", "57P"))
    ):
        known = _STATES["08000"]
    if known is not None:
        kind, text = known
        return kind(text)
    return failures.RuleRefused(N_("The database refused: {detail}"), detail=str(error).strip())


_VALUE = (
    failures.UserError,
    N_("A value is too large or not of the expected form."),
)
_DISK = (
    failures.DiskFull,
    N_("The server's disk is full. Nothing was lost; free some room and try again."),
)
_BUSY = (
    failures.UserError,
    N_("Others are working on the same goods just now; please try again."),
)
_STATES: dict[str, tuple[type[failures.AppError], str]] = {
    "23503": (
        failures.RuleRefused,
        N_("Something this refers to does not exist, or is in use."),
    ),
    "42501": (failures.PermissionDenied, N_("Your login may not do this.")),
    "28000": (failures.PermissionDenied, N_("Login name or password is wrong.")),
    "08000": (
        failures.ServerUnreachable,
        N_("The connection to the server was lost. What you typed is kept; try again."),
    ),
    **dict.fromkeys(("22003", "22P02", "22007", "22008"), _VALUE),
    **dict.fromkeys(("53100", "58030"), _DISK),
    **dict.fromkeys(RETRYABLE, _BUSY),
}
"""SQLSTATE to failure and sentence; class 28 and 08 stand for all of their states."""


def _constraint(name: str) -> failures.AppError:
    text = CONSTRAINTS[name]
    if name == "uq_act_uuid":
        return failures.AlreadyRecorded(text)
    if name.startswith(("ck_stock_balance", "ck_allocation")):
        return failures.InsufficientStock(text)
    return failures.RuleRefused(text)


def _refusal(code: str, error: psycopg.Error) -> failures.AppError:
    facts: dict[str, Any] = json.loads(error.diag.message_detail or "{}")
    builder = _BUILDERS.get(code)
    if builder is not None:
        return builder(facts)
    kind, text = SENTENCES.get(code, (failures.RuleRefused, N_("The database refused this.")))
    return kind(text, **facts)


def _transition(facts: dict[str, Any]) -> failures.AppError:
    state = Message(STATE_TITLES.get(facts.get("state", ""), str(facts.get("state"))))
    return failures.TransitionRefused(
        N_("{number} is {state}; this step is not possible from there."),
        number=facts.get("number") or "",
        state=state,
    )


def _permission(facts: dict[str, Any]) -> failures.AppError:
    for permission in PERMISSIONS:
        if permission.role == facts.get("role"):
            return failures.PermissionDenied(
                N_("Your login lacks the permission: {permission}."),
                permission=Message(permission.title),
            )
    return failures.PermissionDenied(N_("Your login may not do this."))


def _evidence(facts: dict[str, Any]) -> failures.AppError:
    name = facts.get("evidence", "")
    return failures.EvidenceMissing(
        N_("{number}: {evidence} is missing."),
        number=facts.get("number") or "",
        evidence=Message(EVIDENCE_TITLES.get(name, name)),
    )


def _move(facts: dict[str, Any]) -> failures.AppError:
    text = MOVE_PROBLEMS.get(facts.get("problem", ""), N_("The database refused this move."))
    return failures.RuleRefused(text, **{k: v for k, v in facts.items() if k != "problem"})


def _reserved(facts: dict[str, Any]) -> failures.AppError:
    first = facts["items"][0]
    holders = ", ".join(first.get("holders") or ())
    shortages = tuple(
        failures.Shortage(
            None,
            entry["item"],
            entry["reserved"],
            entry["on_hand"],
            tuple(entry.get("holders") or ()),
        )
        for entry in facts["items"]
    )
    return failures.InsufficientStock(
        N_(
            "{item} in {warehouse}: {on_hand} there, {reserved} would be promised. Held by"
            " {holders}. Release it there deliberately or take less."
        ),
        shortages=shortages,
        item=first["item"],
        warehouse=first["warehouse"],
        on_hand=_plain(first["on_hand"]),
        reserved=_plain(first["reserved"]),
        holders=holders or "-",
    )


def _short(facts: dict[str, Any]) -> failures.AppError:
    entries = facts["items"]
    if not entries:
        return failures.InsufficientStock(CONSTRAINTS["ck_stock_balance_allocated_within_on_hand"])
    shortages = tuple(
        failures.Shortage(
            e["line_no"],
            e["item"],
            Decimal(str(e["wanted"])),
            Decimal(str(e["free"])),
            tuple(e["holders"] or ()),
        )
        for e in entries
    )
    first = entries[0]
    text = (
        N_(
            "Line {line} {item}: {wanted} wanted at {place}, only {available} free; the rest is"
            " set aside for {holders}."
        )
        if first["holders"]
        else N_(
            "Line {line} {item}: {wanted} wanted at {place}, only {available} there. Nothing"
            " was posted; take another place or count this one."
        )
    )
    return failures.InsufficientStock(
        text,
        shortages,
        line=first["line_no"],
        item=first["item"],
        wanted=_plain(first["wanted"]),
        available=_plain(first["free"]),
        place=f"{first['place']} {first['lot']}".strip(),
        holders=", ".join(first["holders"] or ()),
    )


def _plain(value: Any) -> str:
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _weight(facts: dict[str, Any]) -> failures.AppError:
    if facts.get("weight_g") is None:
        return failures.RuleRefused(SENTENCES["SP060"][1], **facts)
    return failures.RuleRefused(
        N_(
            "{number} line {line_no} {item}: the weight does not fit the count: {count} counted,"
            " weighs like {like}. Receive it frozen; the quality lead decides."
        ),
        **facts,
        count=_plain(facts["qty"]),
        like=_plain(facts["like_count"]),
    )


def _own_field(facts: dict[str, Any]) -> failures.AppError:
    """Beside the field of the form, as if the form had refused it."""
    text = (
        N_("{field} is missing.")
        if facts["problem"] == "missing"
        else N_("{field}: “{value}” is not possible here.")
    )
    values = {"field": facts["field"], "value": facts.get("value") or ""}
    problem = failures.FieldProblem(
        f"custom.{facts['name']}", Message(text, values), facts.get("line_no")
    )
    return failures.InvalidInput((problem,))


def _frozen_customer(facts: dict[str, Any]) -> failures.AppError:
    return failures.RuleRefused(
        N_(
            "{customer}: new orders are frozen ({why}). Ship the old one, or release the customer"
            " with a reason."
        ),
        customer=facts["customer"],
        why=frozen_because(facts["why"]),
    )


def _misplaced(facts: dict[str, Any]) -> failures.AppError:
    return failures.RuleRefused(
        N_("{place}: a {place_kind} does not fit into {warehouse} ({kind})."),
        place=facts["place"],
        place_kind=Message(PLACE_TITLES.get(facts["place_kind"], facts["place_kind"])),
        warehouse=facts["warehouse"],
        kind=Message(WAREHOUSE_KINDS.get(facts["kind"], facts["kind"])),
    )


_BUILDERS = {
    "SP100": _frozen_customer,
    "SP104": _misplaced,
    "SP003": _transition,
    "SP004": _permission,
    "SP005": _evidence,
    "SP010": _move,
    "SP011": _reserved,
    "SP060": _weight,
    "SP017": _short,
    "SP085": _own_field,
}
