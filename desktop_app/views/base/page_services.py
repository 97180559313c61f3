"""The use cases that the generic pages call, gathered as values so that tests can give fakes.

Each member is a function whose first parameter is the unit of work; the pages hand it to
``Operations`` and never call it themselves. ``draft`` and ``command`` make the values that
``create``, ``save``, ``act`` and ``reverse`` take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ServiceCall = Callable[..., Any]


@dataclass(frozen=True)
class ListServices:
    """What a list page needs."""

    fetch: ServiceCall
    totals: ServiceCall
    export: ServiceCall


@dataclass(frozen=True)
class DocumentServices:
    """What a document page needs.

    ``step_service(kind, verb)`` finds the use case of a step; ``derive`` takes the document
    type and the origin's id. ``search_for`` and ``resolve_for`` also know what the partner of
    the document calls our items (their last parameter is its id), ``their_codes`` lists that,
    ``price_history`` what the partner paid before; ``item_units(uow, item ids)`` and
    ``tax_rates(uow, day, item ids)`` turn boxes into pieces and propose a tax.
    """

    get_view: ServiceCall
    create: ServiceCall
    save: ServiceCall
    step_service: Callable[[str, str], ServiceCall]
    derive: ServiceCall
    draft: Callable[..., Any]
    command: Callable[..., Any]
    line_stock: ServiceCall
    last_prices: ServiceCall
    search: ServiceCall
    resolve: ServiceCall
    search_for: ServiceCall | None = None
    resolve_for: ServiceCall | None = None
    their_codes: ServiceCall | None = None
    price_history: ServiceCall | None = None
    item_units: ServiceCall | None = None
    tax_rates: ServiceCall | None = None


@dataclass(frozen=True)
class PrintServices:
    """What the preview needs: ``layouts_for(kind)`` gives layouts with id and title,
    ``papers_for(layout_id)`` ids of papers, ``render(uow, document_id, layout_id, options)``
    the bytes of a PDF, ``log_print(uow, document_id, layout_id, copies)`` remembers a print.
    ``has_plies(layout_id)``: it may be printed with the names of carbon copies.
    """

    layouts_for: Callable[[str], Any]
    papers_for: Callable[[str], tuple[str, ...]]
    render: ServiceCall
    log_print: ServiceCall
    has_plies: Callable[[str], bool] = lambda _layout: False


def list_services() -> ListServices:
    """The real ones; imported here so that a test of a page needs none of them."""
    from desktop_app.services import listing

    return ListServices(listing.fetch, listing.totals, listing.export)


def document_services() -> DocumentServices:
    """The real ones; imported here so that a test of a page needs none of them."""
    from desktop_app.queries import items, parties
    from desktop_app.services import (
        document_steps,
        documents,
        party_items,
        party_prices,
        prices,
        scanning,
        stock,
    )

    return DocumentServices(
        get_view=documents.view,
        create=document_steps.create,
        save=documents.save,
        step_service=document_steps.service_for,
        derive=document_steps.derive_titled,
        draft=documents.Draft,
        command=documents.ActCommand,
        line_stock=stock.line_stock,
        last_prices=prices.last_prices,
        search=scanning.search,
        resolve=scanning.resolve,
        item_units=items.units_of,
        tax_rates=prices.tax_rates,
        search_for=party_items.search_for,
        resolve_for=party_items.resolve_for,
        their_codes=parties.their_codes,
        price_history=party_prices.price_history,
    )


def print_services() -> PrintServices:
    """The real ones."""
    from desktop_app.reporting.registry import LAYOUTS
    from desktop_app.services import printing

    def papers_for(layout_id: str) -> tuple[str, ...]:
        form = printing.FORMS[layout_id]
        return () if "paper" in dict(form.fixed) else LAYOUTS[form.layout].papers

    def has_plies(layout_id: str) -> bool:
        form = printing.FORMS.get(layout_id)
        return form is not None and LAYOUTS[form.layout].plies

    return PrintServices(
        printing.layouts_for, papers_for, printing.render, printing.log_print, has_plies
    )
