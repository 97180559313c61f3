"""Writing a sales order for a customer with a credit limit."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid5

from desktop_app.core.errors import ConfirmationRequired
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.quantities import format_quantity
from desktop_app.services import documents
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

KEY = "credit_limit"

# Not asked without the right to see prices; the database asks for the reason all the same.
_POSITION = (
    "SELECT p.name, p.credit_limit, CASE WHEN has_table_privilege('sales_line_price', 'SELECT')"
    " THEN customer_open_amount(p.id) END FROM document d JOIN party p ON p.id = d.party_id"
    " WHERE d.id = %s AND p.credit_limit IS NOT NULL"
)


def create_order(uow: UnitOfWork, draft: Draft) -> DocumentRef:
    """Save a new sales order, which approves it.

    Raises ConfirmationRequired (with a reason) when the customer's open orders would exceed the
    credit limit, RuleRefused when the customer's new orders are frozen. An accepted excess is
    an act of its own (``exceed_credit``) with amount, limit and reason.
    """
    if draft.head.get("party_id") is not None:
        # The hourly chore may be late; here nobody is.
        uow.execute("SELECT freeze_late_customers(%s)", (draft.head["party_id"],))
    order = documents.create(uow, draft)
    position = uow.execute(_POSITION, (order.id,)).fetchone()
    if position is None or position[2] is None or position[2] <= position[1]:
        return order
    customer, limit, amount = position
    if KEY not in draft.confirmed:
        raise ConfirmationRequired(
            KEY,
            N_(
                "{customer}: open orders less deposits come to {amount} with this one; the credit"
                " limit is {limit}. What was shipped and not yet paid is not counted here. Accept"
                " the order, and why?"
            ),
            needs_reason=True,
            customer=customer,
            amount=_money(amount),
            limit=_money(limit),
        )
    return documents.act(
        uow,
        ActCommand(
            order.id,
            "exceed_credit",
            evidence={"amount": f"{amount:f}", "limit": f"{limit:f}"},
            reason=draft.reason,
            uuid=uuid5(draft.uuid, KEY),
        ),
    )


def _money(amount: Decimal) -> str:
    return format_quantity(amount, grouping=True)
