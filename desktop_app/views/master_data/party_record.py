"""The form of a partner as data: its tabs, fields and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.queries.parties import party_record
from desktop_app.services.parties import ADDRESS_PURPOSES, save_party
from desktop_app.views.base.form_table import TableSpec
from desktop_app.views.base.tabbed_form import FormTab
from desktop_app.views.master_data.records import MasterSpec

_LINE = Store.LINE
_TEXTS = (
    "contact",
    "phone",
    "address",
    "tax_id",
    "bank",
    "payment_terms",
    "price_level",
    "remark",
)
"""Fields whose empty text is a value: clearing them must be saved."""

CONTACTS = TableSpec(
    "contacts",
    N_("Contacts"),
    (
        Field("name", N_("Name"), Editor.TEXT, _LINE, required=True, width=12),
        Field("role", N_("Job"), Editor.TEXT, _LINE, width=12),
        Field("phone", N_("Phone"), Editor.TEXT, _LINE, width=15),
        Field("email", N_("E-mail"), Editor.TEXT, _LINE, width=20),
        Field("remark", N_("Remark"), Editor.TEXT, _LINE, width=14),
    ),
)
ADDRESSES = TableSpec(
    "addresses",
    N_("Addresses"),
    (
        Field("purpose", N_("For"), Editor.CHOICE, _LINE, width=10, choices=ADDRESS_PURPOSES),
        Field("receiver", N_("Receiver"), Editor.TEXT, _LINE, width=12),
        Field("phone", N_("Phone"), Editor.TEXT, _LINE, width=15),
        Field("address", N_("Address"), Editor.TEXT, _LINE, required=True, width=36),
    ),
)
OWN_CODES = TableSpec(
    "own_codes",
    N_("How they call our items"),
    (
        Field("item_id", N_("Item"), Editor.ITEM, _LINE, required=True, width=16),
        Field("code", N_("Their code"), Editor.TEXT, _LINE, width=16),
        Field("name", N_("Their name"), Editor.TEXT, _LINE, width=20),
        Field("pack_size", N_("Pack size"), Editor.QUANTITY, _LINE, width=10),
        Field("min_order_qty", N_("Smallest order"), Editor.QUANTITY, _LINE, width=13),
        Field("lead_time_days", N_("Lead time, days"), Editor.INTEGER, _LINE, width=14),
        Field("is_preferred", N_("Preferred"), Editor.YES_NO, _LINE, width=10),
    ),
    hint=N_("Scanned or typed in a document of this partner, their code finds our item."),
)
FIELDS = (
    Field("code", N_("Code"), required=True),
    Field("name", N_("Name"), required=True, width=30),
    Field("tax_id", N_("Tax number"), width=20),
    Field("is_customer", N_("Customer"), Editor.YES_NO),
    Field("is_supplier", N_("Supplier"), Editor.YES_NO),
    Field("is_subcontractor", N_("Subcontractor"), Editor.YES_NO),
    Field("is_carrier", N_("Carrier"), Editor.YES_NO),
    Field("is_active", N_("In use"), Editor.YES_NO),
    Field("contact", N_("Contact")),
    Field("phone", N_("Phone")),
    Field("address", N_("Address"), width=30),
    Field("remark", N_("Remark"), width=30),
    Field("payment_terms", N_("Payment terms"), width=20),
    Field("payment_days", N_("Days until payment"), Editor.INTEGER),
    Field("bank", N_("Bank and account"), width=30),
    Field("credit_limit", N_("Credit limit"), Editor.MONEY),
    Field("open_amount", N_("Open orders, less deposits"), Editor.MONEY, Store.COMPUTED),
    Field("price_level", N_("Price level"), Editor.CHOICE),
)
TABS = (
    FormTab(
        N_("Basics"),
        (
            "code",
            "name",
            "tax_id",
            "contact",
            "phone",
            "address",
            "is_customer",
            "is_supplier",
            "is_subcontractor",
            "is_carrier",
            "is_active",
            "remark",
        ),
    ),
    FormTab(
        N_("Terms"),
        (
            "payment_terms",
            "payment_days",
            "bank",
            "credit_limit",
            "open_amount",
            "price_level",
        ),
    ),
    FormTab(N_("Contacts and addresses"), (), (CONTACTS, ADDRESSES)),
    FormTab(N_("Their item codes"), (), (OWN_CODES,)),
)


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], party_id: int | None, version: int | None
) -> int:
    given = {
        name: "" if value is None and name in _TEXTS else value for name, value in values.items()
    }
    return save_party(uow, given, party_id=party_id, version=version)


PARTY = MasterSpec(
    kind="party",
    new_title=N_("New partner"),
    fields=FIELDS,
    load=party_record,
    save=_save,
    topics=frozenset({"party", "document:sales_order"}),
    defaults=lambda: {"is_active": True},
    tabs=TABS,
)
