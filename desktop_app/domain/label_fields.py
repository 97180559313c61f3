"""What may stand on each kind of label, declared once.

The services fill these fields as text (quantities and dates already written); the designer
offers them; :func:`examples` fills a preview. Own fields of the company are added under
``custom.<name>`` without any change here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.gs1 import check_digit_ok
from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind, Text
from desktop_app.domain.label_text import condition_names, names

PREFIX = "custom."
DARKNESS = "darkness"
"""Field of a test label that is printed with that darkness instead of the printer's own."""


@dataclass(frozen=True)
class LabelField:
    """A field: ``title`` is translated when shown, ``example`` is what a preview shows."""

    name: str
    title: str
    example: str = ""


def own_field(name: str, title: str, example: str = "") -> LabelField:
    """A field the company declared itself; ``name`` is without the prefix."""
    return LabelField(PREFIX + name, title, example or title)


_COMMON = (
    LabelField("company", N_("Company"), N_("Jinlong Hardware")),
    LabelField("printed", N_("Printed on"), "2026-01-15"),
    LabelField("copy", N_("Copy mark")),
)
_GOODS = (
    LabelField("item_code", N_("Item code"), "JL-0123-NI"),
    LabelField("name", N_("Name"), N_("Hinge, stainless, hydraulic")),
    LabelField("spec", N_("Specification"), "105° 4in"),
    LabelField("finish", N_("Surface finish"), N_("Nickel")),
    LabelField("full_name", N_("Name, specification and finish")),
    LabelField("unit", N_("Unit"), N_("pcs")),
    LabelField("barcode", N_("Barcode"), "6901234567892"),
    LabelField("ean", N_("EAN-13"), "6901234567892"),
    LabelField("gtin", N_("GTIN (14 digits)"), "06901234567892"),
    LabelField("category", N_("Category"), N_("Hinges")),
)
_BATCH = (
    LabelField("lot", N_("Lot"), "260115A"),
    LabelField("made", N_("Made on"), "2026-01-15"),
    LabelField("expiry", N_("Use by"), "2027-01-15"),
    LabelField("qty", N_("Quantity"), "200"),
)

FIELDS: Mapping[LabelKind, tuple[LabelField, ...]] = {
    LabelKind.ITEM: (
        LabelField("scan_code", N_("Scan code"), "I.JL-0123-NI"),
        *_GOODS,
        *_BATCH,
        LabelField("bin", N_("Bin"), "W1-A-01-02"),
        *_COMMON,
    ),
    LabelKind.BIN: (
        LabelField("scan_code", N_("Scan code"), "B.W1-A-01-02"),
        LabelField("bin", N_("Bin"), "W1-A-01-02"),
        LabelField("name", N_("Name"), N_("Hinges, upper shelf")),
        LabelField("warehouse", N_("Warehouse"), N_("Main warehouse")),
        LabelField("zone", N_("Zone"), "A"),
        *_COMMON,
    ),
    LabelKind.BOX: (
        LabelField("scan_code", N_("Scan code"), "K.BX-260115-0007"),
        LabelField("box", N_("Box number"), "BX-260115-0007"),
        *_GOODS,
        *_BATCH,
        LabelField("gross", N_("Gross weight"), "13.26 kg"),
        LabelField("net", N_("Net weight"), "12.50 kg"),
        LabelField("document", N_("Order"), "WWD-20260110-0003"),
        LabelField("partner", N_("Partner"), N_("Hongda Electroplating")),
        LabelField("inspector", N_("Inspector"), "QC-02"),
        *_COMMON,
    ),
    LabelKind.LOT: (
        LabelField("scan_code", N_("Scan code"), "L.JL-0123-NI..260115A"),
        *_GOODS,
        *_BATCH,
        LabelField("state", N_("Quality state"), N_("Good")),
        LabelField("document", N_("Receipt"), "CGR-20260115-0002"),
        LabelField("partner", N_("Supplier"), N_("Hongda Electroplating")),
        LabelField("inspector", N_("Inspector"), "QC-02"),
        *_COMMON,
    ),
    LabelKind.SHIPPING: (
        LabelField("scan_code", N_("Scan code"), "XSC-20260115-0008"),
        LabelField("document", N_("Shipment"), "XSC-20260115-0008"),
        LabelField("order", N_("Order"), "XSD-20260112-0021"),
        LabelField("waybill", N_("Waybill"), "SF1234567890123"),
        LabelField("carrier", N_("Carrier"), N_("SF Express")),
        LabelField("receiver", N_("Receiver"), N_("Mr Wang, Hengtai Building Materials")),
        LabelField("phone", N_("Phone"), "138 0013 8000"),
        LabelField(
            "address",
            N_("Address"),
            N_("Unit 5, Building 3, 88 Renmin Road, Shunde District, Foshan, Guangdong"),
        ),
        LabelField("items", N_("Contents"), N_("Hinge, nickel × 200; Slide 450 mm × 40")),
        LabelField("box_no", N_("Carton"), "2"),
        LabelField("box_count", N_("Cartons"), "5"),
        LabelField("weight", N_("Weight"), "13.26 kg"),
        LabelField("remark", N_("Remark"), N_("Call before delivery")),
        LabelField("sender", N_("Sender"), N_("Jinlong Hardware")),
        LabelField("sender_phone", N_("Sender's phone"), "0757 2233 4455"),
        LabelField("sender_address", N_("Sender's address"), N_("12 Industry Road, Foshan")),
        *_COMMON,
    ),
    LabelKind.PERSON: (
        LabelField("scan_code", N_("Scan code"), "P.LI4"),
        LabelField("name", N_("Name"), N_("Li Si")),
        LabelField("login", N_("Login"), "li4"),
        LabelField("role", N_("Position"), N_("Storekeeper")),
        LabelField("department", N_("Department"), N_("Warehouse")),
        *_COMMON,
    ),
}


def examples(kind: LabelKind, own: Iterable[LabelField] = ()) -> dict[str, str]:
    """Values for a preview, in the present language."""
    return {
        field.name: tr(field.example) if field.example else "" for field in (*FIELDS[kind], *own)
    }


def completed(fields: Mapping[str, str]) -> dict[str, str]:
    """``fields`` with ``full_name``, and ``gtin`` and ``ean`` worked out of ``barcode``, where they
    are missing.

    ``ean`` only has a value when an EAN-13 can be printed: 13 digits with a right check digit.
    """
    found = dict(fields)
    if not found.get("full_name"):
        found["full_name"] = full_name(fields)
    barcode = found.get("barcode", "")
    if not check_digit_ok(barcode):
        return found
    found.setdefault("gtin", barcode.zfill(14))
    if len(barcode) in (12, 13):
        found.setdefault("ean", barcode.zfill(13))
    return found


def full_name(fields: Mapping[str, str]) -> str:
    """Name, specification and finish; what one of them already says is not said again."""
    said = ""
    for part in (fields.get(name, "").strip() for name in ("name", "spec", "finish")):
        if part and part.casefold() not in said.casefold():
            said = f"{said} {part}".strip()
    return said


def used_fields(design: LabelDesign) -> tuple[str, ...]:
    """The names of every field a design asks for, in order. Raises TemplateError."""
    found: list[str] = []
    for element in design.elements:
        if isinstance(element, Text):
            found += names(element.text)
        elif isinstance(element, Barcode):
            found += names(element.data)
        found += condition_names(element.when)
    return tuple(dict.fromkeys(found))


def unknown_fields(design: LabelDesign, own: Iterable[LabelField] = ()) -> tuple[str, ...]:
    """Fields of the design that its kind does not have (a spelling mistake, a deleted field)."""
    known = {field.name for field in (*FIELDS[design.kind], *own)}
    return tuple(name for name in used_fields(design) if name not in known)
