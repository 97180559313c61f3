"""A stock count has pages of its own instead of the generic form: plan, then review."""

from __future__ import annotations

from typing import Any

from desktop_app.runtime.context import AppContext
from desktop_app.views.base.page import Page
from desktop_app.views.counting.plan_page import CountPlanPage
from desktop_app.views.counting.review_page import CountReviewPage


def create(context: AppContext, params: dict[str, Any]) -> Page:
    """The count of ``id`` or ``number``; without either, a new plan."""
    document_id, number = params.get("id"), params.get("number")
    if document_id is None and not number:
        return CountPlanPage(context)
    return CountReviewPage(context, document_id, number=str(number or ""))
