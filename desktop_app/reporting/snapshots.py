"""What is printed, as frozen values: no layout reads a database.

A snapshot holds exactly what may be on that paper. The sheet of a blind count has no
field for a book quantity, so nothing can print one by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class CompanyHead:
    """Who prints: head and foot lines of a document; empty texts are left out."""

    name: str
    phone: str = ""
    fax: str = ""
    address: str = ""
    bank: str = ""


@dataclass(frozen=True)
class PickLine:
    """One thing to fetch. ``walk`` is the bin's place on the route (smaller = earlier)."""

    line_no: int
    walk: int
    bin: str
    item_code: str
    name: str
    qty: Decimal
    unit: str
    spec: str = ""
    lot: str = ""
    expiry: date | None = None
    pack: str = ""
    note: str = ""


@dataclass(frozen=True)
class PickListSnapshot:
    """A pick list; ``number`` is printed as Code 128. There are no prices."""

    number: str
    warehouse: str
    orders: tuple[str, ...]
    customers: tuple[str, ...]
    lines: tuple[PickLine, ...]
    company: str = ""
    note: str = ""


@dataclass(frozen=True)
class BlindLine:
    """One place to count; what the books say has no field here."""

    bin: str
    item_code: str
    name: str
    unit: str
    spec: str = ""
    finish: str = ""
    pack: str = ""
    lot: str = ""


@dataclass(frozen=True)
class BlindSheetSnapshot:
    """Sheet ``sheet_no`` of ``sheet_count`` of a count plan; ``code`` is its bar code."""

    plan_number: str
    sheet_no: int
    sheet_count: int
    code: str
    warehouse: str
    lines: tuple[BlindLine, ...]
    bins: str = ""
    count_date: date | None = None
    window: str = ""
    team: str = ""
    counter: str = ""
    recounter: str = ""
    is_recount: bool = False
    weighed: bool = False
    blank_rows: int = 4
    company: str = ""


@dataclass(frozen=True)
class DeliveryLine:
    """One line delivered; money in yuan, tax included. ``their_name`` is the customer's own."""

    item_code: str
    name: str
    unit: str
    qty: Decimal
    spec: str = ""
    price: Decimal | None = None
    amount: Decimal | None = None
    note: str = ""
    their_name: str = ""


@dataclass(frozen=True)
class DeliveryNoteSnapshot:
    """A delivery note (送货单). Money that is None is neither known nor printed."""

    company: CompanyHead
    number: str
    doc_date: date
    customer: str
    lines: tuple[DeliveryLine, ...]
    receiver: str = ""
    phone: str = ""
    address: str = ""
    order_number: str = ""
    warehouse: str = ""
    handler: str = ""
    carrier: str = ""
    waybill: str = ""
    other_costs: Decimal | None = None
    paid_now: Decimal | None = None
    owed_now: Decimal | None = None
    owed_total: Decimal | None = None
    maker: str = ""
    approver: str = ""
    remark: str = ""
    clause: str = ""


@dataclass(frozen=True)
class PrintColumn:
    """A column of a generic print. ``kind``: text, code, quantity, price, money, date.

    ``width`` is a share of the sheet; ``total`` sums the column at the foot. Columns of
    kind price and money disappear when prices are switched off.
    """

    id: str
    title: str
    kind: str = "text"
    width: float = 20.0
    total: bool = False


PrintValue = str | Decimal | int | date | None


@dataclass(frozen=True)
class OrderSnapshot:
    """Any order or document in the usual form: head pairs, columns, rows, signatures.

    Titles arrive translated: they come from the document type's own fields.
    ``words_column`` names the money column whose total is written in capital figures.
    """

    company: CompanyHead
    title: str
    number: str
    heads: tuple[tuple[str, str], ...]
    columns: tuple[PrintColumn, ...]
    rows: tuple[tuple[PrintValue, ...], ...]
    words_column: str = ""
    signatures: tuple[str, ...] = ()
    remark: str = ""
    clause: str = ""


@dataclass(frozen=True)
class ItemLabel:
    """A label for one item or lot. ``barcode`` is an EAN or another code of the item.

    ``copies`` equal labels are printed.
    """

    code: str
    name: str
    spec: str = ""
    finish: str = ""
    unit: str = ""
    lot: str = ""
    made_on: date | None = None
    expiry: date | None = None
    qty: Decimal | None = None
    barcode: str = ""
    copies: int = 1


@dataclass(frozen=True)
class ItemLabelsSnapshot:
    """A run of item labels."""

    labels: tuple[ItemLabel, ...]


@dataclass(frozen=True)
class BinLabel:
    """A label for a place or person: ``scan_code`` from ``domain.scan_codes``."""

    scan_code: str
    code: str
    caption: str = ""


@dataclass(frozen=True)
class BinLabelsSnapshot:
    """Labels for bins, exits or persons; ``size`` names one of ``layouts.bin_labels.GRIDS``.

    ``used`` labels of the first sheet are gone already.
    """

    labels: tuple[BinLabel, ...]
    title: str = ""
    size: str = "cut"
    used: int = 0


@dataclass(frozen=True)
class ScannerCode:
    """A code of the teach page. ``text`` is encoded as ``symbol`` (code128, qr; gs1_128 takes
    the form with brackets); ``shown`` is printed below it.
    """

    text: str
    symbol: str
    title: str
    shown: str


@dataclass(frozen=True)
class ScannerPageSnapshot:
    """The codes of the teach page, in the order they are scanned."""

    codes: tuple[ScannerCode, ...]


@dataclass(frozen=True)
class ScaleCheckLine:
    """One test weight put on a scale; grams."""

    at: datetime
    load_g: Decimal
    shown_g: Decimal
    allowed_g: Decimal
    passed: bool
    checked_by: str


@dataclass(frozen=True)
class ScaleCheckSnapshot:
    """The check of a scale on one day, in the order the weights were put on."""

    company: CompanyHead
    scale: str
    workstation: str
    capacity: str
    division: str
    lines: tuple[ScaleCheckLine, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class PaperTestSnapshot:
    """A test print: for which printer, moved by how many mm as things are set now."""

    printer: str
    right_mm: str = "0"
    down_mm: str = "0"


@dataclass(frozen=True)
class SealedKind:
    """How many documents and moves of one kind a sealed day holds."""

    title: str
    documents: int
    moves: int


@dataclass(frozen=True)
class DaySheetSnapshot:
    """The seal of a day: ``digest`` chains acts and moves to the day before."""

    company: CompanyHead
    day: date
    digest: str
    previous_digest: str
    sealed_at: datetime
    sealed_by: str
    kinds: tuple[SealedKind, ...] = field(default_factory=tuple)
