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
    """What a document page needs."""

    get_view: ServiceCall
    create: ServiceCall
    save: ServiceCall
    act: ServiceCall
    reverse: ServiceCall
    derive: ServiceCall
    draft: Callable[..., Any]
    command: Callable[..., Any]
    line_stock: ServiceCall
    last_prices: ServiceCall
    search: ServiceCall
    resolve: ServiceCall
    layouts_for: Callable[..., Any]
    render: ServiceCall


def list_services() -> ListServices:
    """The real ones; imported here so that a test of a page needs none of them."""
    from desktop_app.services import listing

    return ListServices(listing.fetch, listing.totals, listing.export)


def document_services() -> DocumentServices:
    """The real ones; imported here so that a test of a page needs none of them."""
    from desktop_app.queries import documents as document_queries
    from desktop_app.services import documents, prices, printing, reversal, scanning, stock

    return DocumentServices(
        get_view=document_queries.get_view, create=documents.create, save=documents.save,
        act=documents.act, reverse=reversal.reverse, derive=documents.derive,
        draft=documents.Draft, command=documents.ActCommand, line_stock=stock.line_stock,
        last_prices=prices.last_prices, search=scanning.search, resolve=scanning.resolve,
        layouts_for=printing.layouts_for, render=printing.render,
    )
