"""The receiving end of a transfer, and what happens to what did not arrive."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, Message, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.scanned_quantity import in_both
from desktop_app.queries.transfers import (
    TransferView,
    on_the_way,
    transfer_id_of,
    transfer_view,
)
from desktop_app.runtime.context import AppContext
from desktop_app.services import transfers
from desktop_app.services.documents import ActCommand
from desktop_app.views.base.act_station import ActStationPage
from desktop_app.views.base.act_steps import (
    GOODS_SCANS,
    PLACE_SCANS,
    ActStationSpec,
    ActStep,
    Request,
    Said,
    StationField,
)
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone

MOST_NAMED = 3
"""Goods named in one sentence."""

_ARRIVE = (
    StationField("goods", N_("Goods"), scans=GOODS_SCANS, stretch=3),
    StationField("qty", N_("Quantity"), "quantity", hint=N_("empty: all on the way")),
    StationField("place", N_("Into bin"), hint=N_("empty: dock"), stretch=2, scans=PLACE_SCANS),
    StationField("lot", N_("Lot")),
)
_REASON = StationField("reason", N_("Reason"), stretch=3)
_DECISION = StationField(
    "decision",
    N_("Decision"),
    "choice",
    choices=(("lost", N_("Lost: write off as difference")), ("scrapped", N_("Broken: scrap"))),
    stretch=2,
)


def _open(uow: UnitOfWork, code: str | int) -> TransferView:
    found = code if isinstance(code, int) else transfer_id_of(uow, parse_scan(code).text)
    return transfer_view(uow, found)


def _ship(uow: UnitOfWork, request: Request) -> Said:
    done = transfers.ship_out(uow, ActCommand(request.document_id, "ship_out", uuid=request.uuid))
    return Said(Message(N_("{number} is on its way."), {"number": done.number}), done=done)


def _arrive(uow: UnitOfWork, request: Request) -> Said:
    done = transfers.arrive(
        uow,
        transfers.Arrival(
            request.document_id,
            request.text("goods"),
            request.text("qty") or None,
            request.text("place"),
            request.text("lot"),
            uuid=request.uuid,
        ),
    )
    if done.state == "received":
        text = Message(N_("{number} has arrived completely."), {"number": done.number})
        return Said(text, done=done)
    left = _still_missing(transfer_view(uow, done.id))
    return Said(Message(N_("Taken in; {left} still on the way."), {"left": left}), done=done)


def _still_missing(view: TransferView) -> str:
    """How much of which goods; the item is named when there are several."""
    lines = [line for line in view.lines if line.missing]
    named = len({line.item_id for line in view.lines}) > 1
    told = [
        f"{line.item_code} {in_both(line.missing, line.units)}"
        if named
        else in_both(line.missing, line.units)
        for line in lines[:MOST_NAMED]
    ]
    return ", ".join(told) + (" …" if len(lines) > MOST_NAMED else "")


def _dispute(uow: UnitOfWork, request: Request) -> Said:
    done = transfers.report_difference(
        uow,
        ActCommand(
            request.document_id, "dispute", reason=request.text("reason"), uuid=request.uuid
        ),
    )
    return Said(
        Message(
            N_("{number} stays open until the difference is settled."), {"number": done.number}
        ),
        done=done,
    )


def _settle(uow: UnitOfWork, request: Request) -> Said:
    done = transfers.settle(
        uow,
        transfers.Settlement(
            request.document_id, request.text("decision"), request.text("reason"), uuid=request.uuid
        ),
    )
    return Said(Message(N_("{number} is settled."), {"number": done.number}))


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Item"), lambda r: r.item_code, 16, bold=True),
        StationColumn(tr("Name"), lambda r: f"{r.item_name} {r.spec}".strip(), stretch=True),
        StationColumn(tr("Lot"), lambda r: r.lots, 12),
        StationColumn(
            tr("Shipped"), lambda r: format_quantity(r.shipped or r.planned), 9, right=True
        ),
        StationColumn(tr("Arrived"), lambda r: format_quantity(r.arrived), 9, right=True),
        StationColumn(tr("Written off"), lambda r: format_quantity(r.written_off), 9, right=True),
        StationColumn(
            tr("On the way"),
            lambda r: in_both(r.missing, r.units),
            14,
            right=True,
            bold=True,
            tone=lambda r: Tone.WRONG if r.missing else Tone.GOOD,
        ),
    )


def _waiting_columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Number"), lambda r: r.number, 22, bold=True),
        StationColumn(
            tr("State"),
            lambda r: tr(STATE_TITLES[r.state]),
            12,
            tone=lambda r: Tone.WRONG if r.state == "disputed" else None,
        ),
        StationColumn(tr("From"), lambda r: r.warehouse, 16, stretch=True),
        StationColumn(tr("To"), lambda r: r.to_warehouse, 16, stretch=True),
        StationColumn(tr("On the way"), lambda r: format_quantity(r.missing), 10, right=True),
        StationColumn(
            tr("Shipped at"), lambda r: r.shipped_at.astimezone().strftime("%m-%d %H:%M"), 12
        ),
    )


def _describe(view: TransferView) -> str:
    return (
        f"{view.number} · {view.warehouse} → {view.to_warehouse} · {tr(STATE_TITLES[view.state])}"
    )


def _step(
    id_: str,
    title: str,
    states: tuple[str, ...],
    permission: str,
    fields: tuple[StationField, ...],
    run: Any,
    prompt: str,
) -> ActStep:
    return ActStep(
        id_,
        title,
        ("transfer",),
        states,
        permission,
        lambda _view: fields,
        _columns,
        lambda view: view.lines,
        run,
        _fill,
        prompt,
    )


def _fill(_view: Any, row: Any) -> dict[str, str]:
    return {"goods": row.item_code, "qty": format_quantity(row.missing)}


SPEC = ActStationSpec(
    id="transfer_station",
    title=N_("Receive transfers"),
    ask=N_("Scan the transfer's number or choose one that is on its way"),
    nothing=N_("Nothing is on its way between warehouses"),
    open=_open,
    waiting=on_the_way,
    waiting_columns=_waiting_columns,
    describe=_describe,
    steps=(
        _step(
            "ship_out",
            N_("Ship"),
            ("draft",),
            "stock.transfer",
            (),
            _ship,
            N_("F8 sends everything on its way"),
        ),
        _step(
            "arrive",
            N_("Receive"),
            ("in_transit", "disputed"),
            "stock.receive",
            _ARRIVE,
            _arrive,
            N_("Scan the goods that arrived; a bin is optional"),
        ),
        _step(
            "dispute",
            N_("Report a difference"),
            ("in_transit",),
            "stock.receive",
            (_REASON,),
            _dispute,
            N_("That was all? Say what is missing and why"),
        ),
        _step(
            "settle",
            N_("Settle the dispute"),
            ("disputed",),
            "stock.adjust",
            (_DECISION, _REASON),
            _settle,
            N_("What was not found: decide and give the reason"),
        ),
    ),
    topics=frozenset({"document:transfer"}),
)


def create(context: AppContext, params: dict[str, Any]) -> ActStationPage:
    """The station; ``number`` or ``id`` opens a transfer at once."""
    return ActStationPage(context, SPEC, params.get("number") or params.get("id"))
