"""The work order station: issue, complete, scrap, put back, finish."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.queries.manufacturing import (
    MakeOrder,
    make_order,
    order_id_of,
    waiting_orders,
)
from desktop_app.runtime.context import AppContext
from desktop_app.services import manufacturing
from desktop_app.services.documents import ActCommand
from desktop_app.views.base import make_steps
from desktop_app.views.base.act_station import ActStationPage
from desktop_app.views.base.act_steps import (
    PLACE_SCANS,
    ActStationSpec,
    ActStep,
    Request,
    Said,
    StationField,
)

_OPEN = ("released",)
_COMPLETE = (
    make_steps.QTY,
    StationField("place", N_("Into bin"), scans=PLACE_SCANS, hint=N_("empty: dock")),
    make_steps.LOT,
)
_SCRAP = (make_steps.GOODS, make_steps.QTY, make_steps.LOT, make_steps.REASON)


def _find(uow: UnitOfWork, code: str | int) -> MakeOrder:
    found = (
        code if isinstance(code, int) else order_id_of(uow, parse_scan(code).text, ("work_order",))
    )
    return make_order(uow, found)


def _waiting(uow: UnitOfWork) -> Any:
    return waiting_orders(uow, "work_order")


def _release(uow: UnitOfWork, request: Request) -> Said:
    done = manufacturing.release(uow, ActCommand(request.document_id, "release", uuid=request.uuid))
    return Said(Message(N_("{number} is released."), {"number": done.number}))


def _issue(uow: UnitOfWork, request: Request) -> Said:
    manufacturing.issue(uow, make_steps.handling(request))
    return Said(Message(N_("Issued: {goods}"), {"goods": request.text("goods")}))


def _put_back(uow: UnitOfWork, request: Request) -> Said:
    manufacturing.put_back(uow, make_steps.handling(request))
    return Said(Message(N_("Put back: {goods}"), {"goods": request.text("goods")}))


def _complete(uow: UnitOfWork, request: Request) -> Said:
    qty = request.values["qty"]
    product = make_order(uow, request.document_id, propose=False).product
    done = manufacturing.complete(
        uow,
        manufacturing.Completion(
            request.document_id,
            qty if qty is not None else product.open,
            request.text("place"),
            request.text("lot"),
            None,
            make_steps.used_values(request),
            request.text("reason"),
            request.uuid,
        ),
    )
    made = make_order(uow, request.document_id, propose=False).product
    return Said(
        Message(
            N_("{made} of {planned} made."),
            {"made": format_quantity(made.made), "planned": format_quantity(made.planned)},
        ),
        done=done,
    )


def _scrap(uow: UnitOfWork, request: Request) -> Said:
    done = manufacturing.scrap(
        uow,
        manufacturing.Scrapping(
            request.document_id,
            request.text("goods"),
            request.values["qty"] or Decimal(0),
            request.text("reason"),
            request.text("lot"),
            request.uuid,
        ),
    )
    return Said(Message(N_("Scrapped: {goods}"), {"goods": request.text("goods")}), done=done)


def _finish(uow: UnitOfWork, request: Request) -> Said:
    done = manufacturing.finish(
        uow,
        manufacturing.Finish(
            request.document_id, request.text("reason"), request.confirmed, request.uuid
        ),
    )
    return Said(Message(N_("{number} is finished."), {"number": done.number}))


def _complete_fields(view: MakeOrder) -> tuple[StationField, ...]:
    return (*_COMPLETE, *make_steps.used_fields(view), make_steps.REASON)


def _material(
    id_: str, title: str, fields: tuple[StationField, ...], run: Any, fill: Any, prompt: str
) -> ActStep:
    return ActStep(
        id_,
        title,
        ("work_order",),
        _OPEN,
        "production.write",
        lambda _view: fields,
        make_steps.material_columns,
        make_steps.components,
        run,
        fill,
        prompt,
    )


def _product(
    id_: str,
    title: str,
    states: tuple[str, ...],
    fields: Callable[[Any], tuple[StationField, ...]],
    run: Any,
    prompt: str,
) -> ActStep:
    return ActStep(
        id_,
        title,
        ("work_order",),
        states,
        "production.write",
        fields,
        make_steps.product_columns,
        make_steps.all_lines,
        run,
        prompt=prompt,
    )


SPEC = ActStationSpec(
    id="work_station",
    title=N_("Production station"),
    ask=N_("Scan the work order's number or choose one"),
    nothing=N_("No work order is released"),
    open=_find,
    waiting=_waiting,
    waiting_columns=make_steps.waiting_columns,
    describe=make_steps.describe,
    steps=(
        _product(
            "release",
            N_("Release"),
            ("draft",),
            lambda _view: (),
            _release,
            N_("F8 lets work begin"),
        ),
        _material(
            "issue",
            N_("Issue material"),
            make_steps.ISSUE,
            _issue,
            make_steps.fill_issue,
            N_("Scan the bin, then the goods; Enter on a row takes its proposal"),
        ),
        _product(
            "complete",
            N_("Complete"),
            _OPEN,
            _complete_fields,
            _complete,
            N_("How much is finished? Empty means all that is open"),
        ),
        _material(
            "scrap",
            N_("Scrap"),
            _SCRAP,
            _scrap,
            make_steps.fill_there,
            N_("Scan what is spoilt and say why"),
        ),
        _material(
            "put_back",
            N_("Put back"),
            make_steps.PUT_BACK,
            _put_back,
            make_steps.fill_there,
            N_("Scan the bin and the goods that come back"),
        ),
        _product(
            "finish",
            N_("Finish"),
            _OPEN,
            lambda _view: (make_steps.REASON,),
            _finish,
            N_("F8 ends the order; what is left goes back to its bins"),
        ),
    ),
    topics=frozenset({"document:work_order"}),
)


def create(context: AppContext, params: dict[str, Any]) -> ActStationPage:
    """The station; ``number`` or ``id`` opens an order at once."""
    return ActStationPage(context, SPEC, params.get("number") or params.get("id"))
