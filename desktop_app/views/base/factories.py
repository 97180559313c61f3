"""How the window makes the generic pages from the parameters of ``open_page``.

``document``: ``kind`` and ``id``; or ``number`` alone; or for a new one ``kind`` with
``origin_id`` or ``proposal``. ``preview``: ``kind``, ``document_id``, ``title``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import DocumentType
from desktop_app.domain.own_fields import extended
from desktop_app.runtime.context import AppContext
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.document_page import DocumentPage
from desktop_app.views.base.known_fields import known_own_fields
from desktop_app.views.base.page import Page
from desktop_app.views.base.preview import PreviewPage

PAGE_CLASSES = {
    "sales_order": "desktop_app.views.sales.sales_order_page:SalesOrderPage",
}
"""Kinds whose page shows more than the generic one."""


OWN_PAGES = {"stock_count": "desktop_app.views.counting.pages:create"}
"""Kinds that have pages of their own: a count is drawn and reviewed, never typed."""


def create_document(context: AppContext, params: dict[str, Any]) -> Page:
    """The page of a document. Raises NotFound when the parameters name no known kind."""
    number = params.get("number")
    kind = params.get("kind")
    document_type = DOCUMENT_TYPES.get(str(kind)) if kind else type_of_number(str(number or ""))
    if document_type is None:
        raise NotFound(N_("There is no kind of document for {number}."), number=number or kind)
    if document_type.kind in OWN_PAGES:
        module, _, name = OWN_PAGES[document_type.kind].partition(":")
        own: Page = getattr(import_module(module), name)(context, params)
        return own
    document_id = params.get("id")
    page = _page_class(document_type.kind)(
        context,
        extended(document_type, known_own_fields()),
        document_id,
        proposal=params.get("proposal"),
        origin_id=params.get("origin_id"),
    )
    if number and document_id is None:
        page.open_number(str(number))
    return page


def _page_class(kind: str) -> type[DocumentPage]:
    if kind not in PAGE_CLASSES:
        return DocumentPage
    module, _, name = PAGE_CLASSES[kind].partition(":")
    found: type[DocumentPage] = getattr(import_module(module), name)
    return found


def create_preview(context: AppContext, params: dict[str, Any]) -> PreviewPage:
    """The print preview of a saved document."""
    return PreviewPage(
        context, str(params["kind"]), int(params["document_id"]), str(params.get("title", ""))
    )


def type_of_number(number: str) -> DocumentType | None:
    """The document type whose prefix begins the number (XSD-20260101-0001)."""
    prefix = number.partition("-")[0]
    return next((known for known in DOCUMENT_TYPES if known.prefix == prefix), None)
