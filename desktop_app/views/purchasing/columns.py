"""What the tables of the two stations show."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scanned_quantity import in_both
from desktop_app.queries.receiving import PutAwayLine
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone
from desktop_app.views.purchasing.tally import TallyRow


def order_columns() -> tuple[StationColumn, ...]:
    """Orders with something still to come."""
    return (
        StationColumn(tr("Number"), lambda row: row.number, 20, bold=True),
        StationColumn(tr("Supplier"), lambda row: row.supplier, stretch=True),
        StationColumn(tr("Warehouse"), lambda row: row.warehouse, 16),
        StationColumn(tr("Due date"), lambda row: str(row.due_date or ""), 12),
        StationColumn(tr("Lines open"), lambda row: str(row.lines_open), 6, right=True),
    )


def tally_columns() -> tuple[StationColumn, ...]:
    """The lines of an order: what was ordered, what came, what lies here now."""
    return (
        StationColumn("", lambda row: str(row.line.line_no), 3, right=True),
        StationColumn(tr("Item no."), lambda row: row.line.item_code, 15, bold=True),
        StationColumn(tr("Item name"), _name, stretch=True),
        StationColumn(tr("Unit"), lambda row: row.line.uom, 4),
        StationColumn(tr("Ordered"), lambda row: _grouped(row.line.ordered), 8, right=True),
        StationColumn(tr("Received"), lambda row: _grouped(row.line.received), 8, right=True),
        StationColumn(
            tr("Still to come"), lambda row: in_both(row.line.open, row.line.units), 14, right=True
        ),
        StationColumn(tr("Now"), _now, 8, right=True, bold=True, tone=_now_tone),
        StationColumn(tr("Lots"), lambda row: row.lots, 16),
    )


def receipt_columns() -> tuple[StationColumn, ...]:
    """Receipts whose goods still lie at the dock."""
    return (
        StationColumn(tr("Number"), lambda row: row.number, 20, bold=True),
        StationColumn(tr("Supplier"), lambda row: row.supplier, stretch=True),
        StationColumn(tr("Warehouse"), lambda row: row.warehouse, 16),
        StationColumn(
            tr("Received at"),
            lambda row: row.received_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            16,
        ),
        StationColumn(tr("Lines open"), lambda row: str(row.lines_open), 6, right=True),
    )


def put_away_columns() -> tuple[StationColumn, ...]:
    """The lines of a receipt: what lies at the dock and where it should go."""
    return (
        StationColumn("", lambda row: str(row.line_no), 3, right=True),
        StationColumn(tr("Item no."), lambda row: row.item_code, 15, bold=True),
        StationColumn(tr("Item name"), lambda row: row.item_name, stretch=True),
        StationColumn(tr("Lot"), lambda row: row.lot_code, 12),
        StationColumn(tr("Unit"), lambda row: row.uom, 4),
        StationColumn(tr("Received"), lambda row: _grouped(row.received), 8, right=True),
        StationColumn(
            tr("At the dock"),
            lambda row: in_both(row.open, row.units),
            14,
            right=True,
            bold=True,
            tone=lambda row: None if row.open else Tone.GOOD,
        ),
        StationColumn(
            tr("To bin"),
            _proposal,
            22,
            bold=True,
            tone=lambda row: Tone.LINK if row.open else Tone.MUTED,
        ),
    )


def _grouped(value: Decimal) -> str:
    return format_quantity(value, grouping=True)


def _name(row: TallyRow) -> str:
    return f"{row.line.item_name}  {row.line.spec}".strip()


def _now(row: TallyRow) -> str:
    return format_quantity(row.now, grouping=True) if row.now else ""


def _now_tone(row: TallyRow) -> Tone | None:
    if row.over:
        return Tone.WRONG
    return Tone.GOOD if row.now and row.now == row.line.open else None


def _proposal(row: PutAwayLine) -> str:
    if not row.open:
        return tr("put away")
    why = {
        "default": tr("its own bin"),
        "same": tr("lies there already"),
        "empty": tr("empty"),
    }.get(row.why, "")
    return f"{row.bin_code}  ({why})" if row.bin_code else tr("any bin")
