"""Every document type, declared once. Adding a type: one module, one line here."""

from __future__ import annotations

from desktop_app.core.registry import Registry
from desktop_app.domain.document_type import DocumentType
from desktop_app.services.document_types.adjustments import (
    OPENING_STOCK,
    OTHER_ISSUE,
    OTHER_RECEIPT,
)
from desktop_app.services.document_types.bin_move import BIN_MOVE
from desktop_app.services.document_types.item_merge import ITEM_MERGE
from desktop_app.services.document_types.manufacturing import WORK_ORDER
from desktop_app.services.document_types.outsourcing import OUTSOURCING_ORDER, OUTSOURCING_RECEIPT
from desktop_app.services.document_types.purchase_order import PURCHASE_ORDER
from desktop_app.services.document_types.purchase_receipt import PURCHASE_RECEIPT
from desktop_app.services.document_types.sales_order import SALES_ORDER
from desktop_app.services.document_types.sales_return import SALES_RETURN
from desktop_app.services.document_types.shipment import SHIPMENT
from desktop_app.services.document_types.stock_count import STOCK_COUNT
from desktop_app.services.document_types.transfer import TRANSFER

DOCUMENT_TYPES: Registry[DocumentType] = Registry(
    (
        PURCHASE_ORDER,
        PURCHASE_RECEIPT,
        SALES_ORDER,
        SHIPMENT,
        SALES_RETURN,
        TRANSFER,
        BIN_MOVE,
        OTHER_RECEIPT,
        OTHER_ISSUE,
        OPENING_STOCK,
        ITEM_MERGE,
        STOCK_COUNT,
        WORK_ORDER,
        OUTSOURCING_ORDER,
        OUTSOURCING_RECEIPT,
    ),
    key=lambda document_type: document_type.kind,
)
