"""Purchase orders: approving them, and what was last agreed with a supplier."""

from __future__ import annotations

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents
from desktop_app.services.documents import ActCommand, DocumentRef, Draft


def approve(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Approve an order: it may now be received. Its prices become the items' last agreed ones.

    Raises UserError for an order without lines, StaleDocument, PermissionDenied.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    order = get_snapshot(uow, command.document_id)
    if not order.lines:
        raise UserError(
            N_("{number} has no lines; there is nothing to order."), number=order.number
        )
    documents.take_step(uow, order, command)
    _remember_prices(uow, order.id)
    return documents.finish(uow, order.id)


def create_approved(uow: UnitOfWork, draft: Draft) -> DocumentRef:
    """Write an order and approve it at once (import, demo company, tests)."""
    again = documents.result_of(uow, draft.uuid)
    if again is not None:
        return again
    made = documents.create(uow, draft)
    return approve(uow, ActCommand(made.id, "approve", made.version))


def _remember_prices(uow: UnitOfWork, order_id: int) -> None:
    """Keep what was agreed as the items' purchase price (the last line of an item wins)."""
    if not uow.scalar(
        "SELECT has_table_privilege('purchase_line_price', 'SELECT')"
        " AND has_table_privilege('item_purchase_price', 'INSERT')"
    ):
        return
    uow.execute(
        "INSERT INTO item_purchase_price (item_id, price)"
        " SELECT DISTINCT ON (l.item_id) l.item_id, p.unit_price FROM document_line l"
        " JOIN purchase_line_price p ON p.line_id = l.id WHERE l.document_id = %s"
        " ORDER BY l.item_id, l.line_no DESC"
        " ON CONFLICT (item_id) DO UPDATE SET price = excluded.price",
        (order_id,),
    )
