"""Steps that work orders and outsourcing orders have in common at their stations."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.manufacturing import MakeLine, MakeOrder
from desktop_app.services.material import Handling
from desktop_app.views.base.act_steps import GOODS_SCANS, PLACE_SCANS, Request, StationField
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone

REASON = StationField("reason", N_("Reason"), stretch=2)
QTY = StationField("qty", N_("Quantity"), "number")
LOT = StationField("lot", N_("Lot"))
GOODS = StationField("goods", N_("Goods"), scans=GOODS_SCANS, stretch=3)
ISSUE = (
    StationField("place", N_("From bin"), scans=PLACE_SCANS, stretch=2),
    GOODS,
    StationField("qty", N_("Quantity"), "quantity", hint=N_("empty: all that is open")),
    LOT,
    StationField("reason", N_("Reason"), hint=N_("over plan only"), stretch=2),
)
PUT_BACK = (
    StationField("place", N_("To bin"), scans=PLACE_SCANS, stretch=2),
    GOODS,
    StationField("qty", N_("Quantity"), "quantity", hint=N_("empty: all that is there")),
    LOT,
)


def handling(request: Request) -> Handling:
    """What was scanned and typed at an issue or a return."""
    return Handling(
        request.document_id,
        request.text("goods"),
        request.text("place"),
        request.text("qty") or None,
        request.text("lot"),
        request.text("reason"),
        request.uuid,
    )


def used_fields(view: MakeOrder) -> tuple[StationField, ...]:
    """One field per component for what was truly used; empty means by plan."""
    return tuple(
        StationField(
            f"used:{line.line_id}",
            tr("Used {item}", item=line.item_code),
            "number",
            hint=N_("by plan"),
        )
        for line in view.components[:4]
    )


def used_values(request: Request) -> dict[int, Any]:
    """Line id to the truly used quantity, where one was typed."""
    return {
        int(name.removeprefix("used:")): value
        for name, value in request.values.items()
        if name.startswith("used:") and value is not None
    }


def fill_issue(_view: Any, row: MakeLine) -> dict[str, str]:
    """Propose the first place of a component and what is still open there."""
    if not row.proposals:
        return {"goods": row.item_code}
    first = row.proposals[0]
    return {
        "goods": row.item_code,
        "place": first.place,
        "lot": first.lot,
        "qty": format_quantity(first.qty),
    }


def fill_there(_view: Any, row: MakeLine) -> dict[str, str]:
    """Propose what of a component lies in production or at the subcontractor."""
    return {"goods": row.item_code, "qty": format_quantity(row.there)}


def components(view: MakeOrder) -> tuple[MakeLine, ...]:
    """Rows of the material steps."""
    return view.components


def all_lines(view: MakeOrder) -> tuple[MakeLine, ...]:
    """Rows of the product steps."""
    return view.lines


def material_columns() -> tuple[StationColumn, ...]:
    """Planned, issued, used, there, and where to take more."""
    return (
        StationColumn(tr("Item"), lambda r: r.item_code, 15, bold=True),
        StationColumn(tr("Name"), lambda r: f"{r.item_name} {r.spec}".strip(), stretch=True),
        _number(tr("Planned"), lambda r: r.planned),
        _number(tr("Issued"), lambda r: r.issued - r.returned),
        _number(tr("Used"), lambda r: r.used),
        _number(tr("There"), lambda r: r.there),
        StationColumn(
            tr("Still open"),
            lambda r: format_quantity(r.open),
            9,
            right=True,
            bold=True,
            tone=lambda r: Tone.ASK_EDGE if r.open else Tone.GOOD,
        ),
        StationColumn(tr("Take from"), lambda r: r.take_from, 22),
    )


def product_columns() -> tuple[StationColumn, ...]:
    """Product first, then its components."""
    return (
        StationColumn(
            tr("Role"), lambda r: tr("Product") if r.role == "output" else tr("Component"), 13
        ),
        StationColumn(tr("Item"), lambda r: r.item_code, 15, bold=True),
        StationColumn(tr("Name"), lambda r: f"{r.item_name} {r.spec}".strip(), stretch=True),
        _number(tr("Planned"), lambda r: r.planned),
        _number(tr("Made"), lambda r: r.made if r.role == "output" else None),
        _number(tr("Frozen"), lambda r: r.frozen if r.role == "output" and r.frozen else None),
        _number(tr("Used"), lambda r: r.used if r.role == "component" else None),
        _number(tr("There"), lambda r: r.there if r.role == "component" else None),
        _number(tr("Scrapped"), lambda r: r.scrapped or None),
    )


def _number(title: str, value: Any) -> StationColumn:
    def text(row: Any) -> str:
        found = value(row)
        return "" if found is None else format_quantity(found)

    return StationColumn(title, text, 8, right=True)


def waiting_columns() -> tuple[StationColumn, ...]:
    """Orders under way."""
    return (
        StationColumn(tr("Number"), lambda r: r.number, 22, bold=True),
        StationColumn(
            tr("State"),
            lambda r: tr(STATE_TITLES[r.state]),
            12,
            tone=lambda r: Tone.WRONG if r.state == "frozen" else None,
        ),
        StationColumn(tr("Product"), lambda r: r.product, stretch=True),
        StationColumn(tr("Partner"), lambda r: r.party, 18),
        StationColumn(tr("Quantity"), lambda r: format_quantity(r.planned), 9, right=True),
        StationColumn(tr("Due date"), lambda r: r.due_date.isoformat() if r.due_date else "", 11),
    )


def describe(view: MakeOrder) -> str:
    """Number, partner, product and state in one line."""
    product = view.product
    parts = [
        view.number,
        view.party,
        f"{product.item_code} {product.item_name}",
        f"{format_quantity(product.made)} / {format_quantity(product.planned)} {product.uom}",
        tr(STATE_TITLES[view.state]),
    ]
    return " · ".join(part for part in parts if part)
