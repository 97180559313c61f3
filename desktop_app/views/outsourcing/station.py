"""The outsourcing station: send material, weigh what comes back, decide what is frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.units import is_counted
from desktop_app.queries.manufacturing import MakeOrder, make_order, waiting_orders
from desktop_app.queries.outsourcing import WeighedReceipt, frozen_receipts, receipt_view
from desktop_app.runtime.context import AppContext
from desktop_app.services import documents, outsourcing
from desktop_app.services.documents import ActCommand
from desktop_app.views.base import make_steps
from desktop_app.views.base.act_station import ActStationPage
from desktop_app.views.base.act_steps import ActStationSpec, ActStep, Request, Said, StationField
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone

_ORDER = ("outsourcing_order",)
_BACK = ("issued", "part")
_RECEIVE = (
    make_steps.QTY,
    StationField(
        "weight_g",
        N_("Net weight, g"),
        "number",
        stretch=2,
        weighs=True,
        hint=N_("F4: from the scale"),
    ),
    make_steps.LOT,
    StationField("reference", N_("Their number")),
)
_DECIDE = (
    StationField(
        "decision",
        N_("Decision"),
        "choice",
        stretch=1,
        choices=(
            ("accept", N_("Accept: the goods become stock")),
            ("reject", N_("Reject: back to the subcontractor")),
        ),
    ),
    StationField("reason", N_("Reason"), stretch=2),
)


@dataclass(frozen=True)
class _Waiting:
    """An order under way or a frozen receipt, in one list."""

    id: int
    number: str
    state: str
    party: str
    product: str
    planned: Decimal
    due_date: date | None


def _open(uow: UnitOfWork, code: str | int) -> MakeOrder | WeighedReceipt:
    found = uow.execute(
        "SELECT id, kind FROM document WHERE id = %s OR number = %s",
        (
            code if isinstance(code, int) else None,
            None if isinstance(code, int) else parse_scan(code).text.upper(),
        ),
    ).fetchone()
    if found is not None and found[1] == "outsourcing_receipt":
        return receipt_view(uow, found[0])
    return make_order(uow, found[0] if found is not None else 0)


def _waiting(uow: UnitOfWork) -> list[_Waiting]:
    frozen = [
        _Waiting(r.id, r.number, r.state, r.party, f"{r.item_code} {r.item_name}", r.counted, None)
        for r in frozen_receipts(uow)
    ]
    return frozen + [
        _Waiting(o.id, o.number, o.state, o.party, o.product, o.planned, o.due_date)
        for o in waiting_orders(uow, "outsourcing_order")
    ]


def _approve(uow: UnitOfWork, request: Request) -> Said:
    done = documents.act(uow, ActCommand(request.document_id, "approve", uuid=request.uuid))
    return Said(Message(N_("{number} is approved."), {"number": done.number}))


def _issue(uow: UnitOfWork, request: Request) -> Said:
    done = outsourcing.issue(uow, make_steps.handling(request))
    return Said(Message(N_("Issued: {goods}"), {"goods": request.text("goods")}), done=done)


def _put_back(uow: UnitOfWork, request: Request) -> Said:
    done = outsourcing.put_back(uow, make_steps.handling(request))
    return Said(Message(N_("Put back: {goods}"), {"goods": request.text("goods")}), done=done)


def _receive(uow: UnitOfWork, request: Request) -> Said:
    back = outsourcing.receive(
        uow,
        outsourcing.Return(
            request.document_id,
            request.values["qty"] or Decimal(0),
            request.values["weight_g"],
            request.text("lot"),
            None,
            make_steps.used_values(request),
            request.text("reference"),
            request.text("reason"),
            request.uuid,
            request.evidence,
        ),
    )
    if back.warning is not None:
        return Said(
            Message(N_("{number}: {why}"), {"number": back.receipt.number, "why": back.warning}),
            "wrong",
            back.receipt,
        )
    return Said(
        Message(N_("{number} received; count and weight agree."), {"number": back.receipt.number}),
        done=back.receipt,
    )


def _decide(uow: UnitOfWork, request: Request) -> Said:
    done = outsourcing.decide(
        uow,
        outsourcing.Decision(
            request.document_id,
            request.text("decision") == "accept",
            request.text("reason"),
            request.uuid,
        ),
    )
    return Said(
        Message(
            N_("{number} is {state}."),
            {"number": done.number, "state": Message(STATE_TITLES[done.state])},
        ),
        done=done,
    )


def _receive_fields(view: MakeOrder) -> tuple[StationField, ...]:
    qty, *others = _RECEIVE
    uom = view.product.uom
    if is_counted(uom):
        qty = replace(qty, counts=uom)
    return (qty, *others, *make_steps.used_fields(view), make_steps.REASON)


def _weighing_columns() -> tuple[StationColumn, ...]:
    def grams(value: Decimal | None) -> str:
        return "" if value is None else format_quantity(value)

    return (
        StationColumn(tr("Item"), lambda r: r.item_code, 15, bold=True),
        StationColumn(tr("Name"), lambda r: r.item_name, stretch=True),
        StationColumn(tr("Counted"), lambda r: format_quantity(r.counted), 9, right=True),
        StationColumn(tr("Net weight, g"), lambda r: grams(r.weight_g), 12, right=True),
        StationColumn(tr("Expected g"), lambda r: grams(r.expected_g), 12, right=True),
        StationColumn(
            tr("Tolerance %"), lambda r: format_quantity(r.tolerance_pct), 10, right=True
        ),
        StationColumn(
            tr("Weighs like"),
            lambda r: grams(r.like_count),
            11,
            right=True,
            bold=True,
            tone=lambda r: Tone.WRONG if r.state == "frozen" else None,
        ),
    )


def _describe(view: MakeOrder | WeighedReceipt) -> str:
    if isinstance(view, MakeOrder):
        return make_steps.describe(view)
    return f"{view.number} · {view.party} · {view.order_number} · {tr(STATE_TITLES[view.state])}"


def _fill_open(view: MakeOrder, row: Any) -> dict[str, str]:
    return {"qty": format_quantity(view.product.open)} if row.role == "output" else {}


def _of_order(
    id_: str,
    title: str,
    states: tuple[str, ...],
    fields: Any,
    run: Any,
    fill: Any,
    prompt: str,
    *,
    product: bool = False,
) -> ActStep:
    return ActStep(
        id_,
        title,
        _ORDER,
        states,
        "outsourcing.write",
        fields,
        make_steps.product_columns if product else make_steps.material_columns,
        make_steps.all_lines if product else make_steps.components,
        run,
        fill,
        prompt,
    )


SPEC = ActStationSpec(
    id="outsourcing_station",
    title=N_("Outsourcing station"),
    ask=N_("Scan the number of an outsourcing order or of a frozen receipt, or choose one"),
    nothing=N_("Nothing is with a subcontractor and nothing is frozen"),
    open=_open,
    waiting=_waiting,
    waiting_columns=make_steps.waiting_columns,
    describe=_describe,
    steps=(
        _of_order(
            "approve",
            N_("Approve"),
            ("draft",),
            lambda _view: (),
            _approve,
            lambda _view, _row: {},
            N_("F8 approves the order"),
            product=True,
        ),
        _of_order(
            "issue",
            N_("Issue material"),
            ("approved", *_BACK),
            lambda _view: make_steps.ISSUE,
            _issue,
            make_steps.fill_issue,
            N_("Scan the bin, then the goods; Enter on a row takes its proposal"),
        ),
        _of_order(
            "receive",
            N_("Receive and weigh"),
            _BACK,
            _receive_fields,
            _receive,
            _fill_open,
            N_("Count what came back and type its net weight"),
            product=True,
        ),
        _of_order(
            "put_back",
            N_("Put back"),
            _BACK,
            lambda _view: make_steps.PUT_BACK,
            _put_back,
            make_steps.fill_there,
            N_("Scan the bin and the goods that come back"),
        ),
        ActStep(
            "decide",
            N_("Decide"),
            ("outsourcing_receipt",),
            ("frozen",),
            "quality.decide",
            lambda _view: _DECIDE,
            _weighing_columns,
            lambda view: (view,),
            _decide,
            prompt=N_("The weight does not fit the count. Accept or reject, with a reason"),
        ),
    ),
    topics=frozenset({"document:outsourcing_order", "document:outsourcing_receipt"}),
)


def create(context: AppContext, params: dict[str, Any]) -> ActStationPage:
    """The station; ``number`` or ``id`` opens an order or a receipt at once."""
    return ActStationPage(context, SPEC, params.get("number") or params.get("id"))
