"""From a document to paper: which forms a kind has, its snapshot, its marks, its PDF.

``render`` only reads (a preview is not a print); ``log_print`` is called when the paper
really went to a printer, so that the next print says that it is a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop_app.core import clock
from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.reporting import registry
from desktop_app.reporting.options import PrintOptions
from desktop_app.services import day_paper, order_paper, print_snapshots as snapshots
from desktop_app.services.document_types import DOCUMENT_TYPES

LABELS = "labels"
"""Stands for a kind whose only paper are the labels of its goods (the stations' F9)."""

_WITH_LABELS = (
    LABELS,
    "purchase_receipt",
    "other_receipt",
    "opening_stock",
    "work_order",
    "outsourcing_receipt",
)
_FORMAL = tuple(kind.kind for kind in DOCUMENT_TYPES if kind.kind != "stock_count")
_PRICED = tuple(kind.kind for kind in DOCUMENT_TYPES if kind.price_side)

Build = Callable[[UnitOfWork, int, Mapping[str, Any]], object]


@dataclass(frozen=True)
class LayoutChoice:
    """A form a person may choose; ``title`` is a source text."""

    id: str
    title: str


@dataclass(frozen=True)
class PrintForm:
    """One form: which ``kinds`` have it, the ``layout`` of ``reporting`` it is set in.

    ``draft_states`` are printed with a DRAFT mark. ``fixed`` are options that the form
    stands for and nobody can switch. ``secret`` forms never read the document itself.
    """

    id: str
    title: str
    layout: str
    kinds: tuple[str, ...]
    build: Build
    draft_states: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Any], ...] = ()
    secret: bool = False


def _labels(uow: UnitOfWork, document_id: int, options: Mapping[str, Any]) -> object:
    per_piece = bool(options.get("per_piece"))
    return snapshots.item_labels(uow, snapshots.label_wishes(uow, document_id, per_piece=per_piece))


FORMS: Registry[PrintForm] = Registry(
    (
        PrintForm(
            "pick_list",
            N_("Pick list"),
            "pick_list",
            ("shipment",),
            lambda uow, id_, _: snapshots.pick_list(uow, id_),
        ),
        PrintForm(
            "delivery_note",
            N_("Delivery note"),
            "delivery_note",
            ("shipment",),
            lambda uow, id_, _: snapshots.delivery_note(uow, id_),
            ("released", "picked"),
        ),
        PrintForm(
            "delivery_note_plain",
            N_("Delivery note without prices"),
            "delivery_note",
            ("shipment",),
            lambda uow, id_, _: snapshots.delivery_note(uow, id_),
            ("released", "picked"),
            (("show_prices", False),),
        ),
        PrintForm(
            "blind_sheet",
            N_("Count sheet (blind)"),
            "blind_sheet",
            ("stock_count",),
            lambda uow, id_, _: snapshots.blind_sheet(uow, id_),
            secret=True,
        ),
        PrintForm(
            "order",
            N_("Usual form"),
            "order",
            _FORMAL,
            lambda uow, id_, _: order_paper.order(uow, id_),
            ("draft",),
        ),
        PrintForm(
            "order_plain",
            N_("Usual form without prices"),
            "order",
            _PRICED,
            lambda uow, id_, _: order_paper.order(uow, id_, prices=False),
            ("draft",),
            (("show_prices", False),),
        ),
        PrintForm("item_labels", N_("Item labels 60 × 40"), "item_labels", _WITH_LABELS, _labels),
        PrintForm(
            "item_labels_small",
            N_("Item labels 40 × 30"),
            "item_labels",
            _WITH_LABELS,
            _labels,
            fixed=(("paper", "label_40x30"),),
        ),
        PrintForm(
            "piece_labels",
            N_("A label for each piece, 40 × 30"),
            "item_labels",
            _WITH_LABELS,
            _labels,
            fixed=(("paper", "label_40x30"), ("per_piece", True)),
        ),
    ),
    key=lambda form: form.id,
)

_OPTIONS = (
    "paper",
    "show_prices",
    "plies",
    "hidden",
    "copy_no",
    "foot_on_every_page",
)


def layouts_for(kind: str) -> tuple[LayoutChoice, ...]:
    """The forms a kind of document can be printed in, the usual one first."""
    return tuple(LayoutChoice(form.id, form.title) for form in FORMS if kind in form.kinds)


def render(
    uow: UnitOfWork, document_id: int, layout_id: str, options: Mapping[str, Any] | None = None
) -> bytes:
    """The PDF of a document in one of its forms, marked as draft or copy where it is one.

    ``options`` may hold fields of ``PrintOptions``. Raises NotFound for an unknown form or
    document, PermissionDenied when the login may not read it.
    """
    form = FORMS.get(layout_id)
    if form is None:
        raise NotFound(N_("There is no form named {form}."), form=layout_id)
    chosen = {**(options or {}), **dict(form.fixed)}
    snapshot = form.build(uow, document_id, chosen)
    marked = _marks(uow, form, document_id)
    given = {name: chosen[name] for name in _OPTIONS if name in chosen}
    return registry.render(
        form.layout,
        snapshot,
        PrintOptions(
            **{
                "printed_at": clock.now(),
                "printed_by": snapshots.printed_by(uow),
                **marked,
                **given,
            }
        ),
    )


def log_print(uow: UnitOfWork, document_id: int, layout_id: str, copies: int = 1) -> int:
    """Remember that a form was printed; returns how often it has been now."""
    uow.execute(
        "INSERT INTO print_log (document_id, layout, copies) VALUES (%s, %s, %s)",
        (document_id, layout_id, copies),
    )
    uow.touch(f"document:{document_id}")
    return snapshots.prints_of(uow, document_id, layout_id)


def _marks(uow: UnitOfWork, form: PrintForm, document_id: int) -> dict[str, Any]:
    if form.secret:  # a blind counter may not read documents
        return {"copy_no": snapshots.prints_of(uow, document_id, form.id)}
    state = snapshots.print_state(uow, document_id, form.id)
    return {"copy_no": state.printed, "draft": state.state in form.draft_states}


def render_day_sheet(uow: UnitOfWork, day: date) -> bytes:
    """The sheet of a sealed day with its digest as QR code. Raises NotFound before that."""
    return registry.render(
        "day_sheet",
        day_paper.day_sheet(uow, day),
        PrintOptions(printed_at=clock.now(), printed_by=snapshots.printed_by(uow)),
    )
