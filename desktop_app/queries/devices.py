"""Devices of all PCs and the checks of scales as lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.domain.weighing import UnitWeight
from desktop_app.queries.listing import Column, ListSpec, person_name

KINDS = {
    "scanner": N_("Scanner"),
    "scale": N_("Scale"),
    "printer": N_("Label printer"),
    "camera": N_("Camera"),
}
CONNECTIONS = {
    "simulator": N_("simulated"),
    "serial": N_("Serial port (RS-232, USB converter)"),
    "tcp": N_("Network address"),
    "hid": N_("USB scale (HID)"),
    "hid_pos": N_("USB scanner (HID-POS)"),
    "usb_printer": N_("USB printer (Linux)"),
    "cups": N_("CUPS queue, raw"),
    "windows": N_("Windows printer, RAW"),
    "file": N_("File"),
    "keyboard": N_("Keyboard (wedge)"),
    "usb": N_("USB camera"),
}
RESULTS = {"passed": N_("Passed"), "failed": N_("Not passed")}

DEVICES = ListSpec(
    id="list:device",
    title=N_("Devices of all PCs"),
    columns=(
        Column("workstation", N_("PC"), "d.workstation", width=16, never_null=True),
        Column("kind", N_("Kind"), "d.kind", Editor.CHOICE, width=14, labels=KINDS),
        Column("name", N_("Name"), "d.name", width=20),
        Column(
            "connection",
            N_("Connection"),
            "d.settings #>> '{transport,kind}'",
            Editor.CHOICE,
            width=26,
            labels=CONNECTIONS,
        ),
        Column(
            "speaks",
            N_("Speaks"),
            "upper(replace(coalesce(d.settings #>> '{profile,protocol}',"
            " d.settings #>> '{profile,language}'), '_', '-'))",
            width=20,
        ),
        Column("identity", N_("Identity"), "nullif(d.identity, '')", width=28),
        Column("is_active", N_("In use"), "d.is_active", Editor.YES_NO, width=8),
        Column(
            "checked_at",
            N_("Last check"),
            "(SELECT max(c.at) FROM scale_check c WHERE c.device_id = d.id)",
            Editor.TIMESTAMP,
            width=16,
        ),
    ),
    source="device d",
    key="d.id",
    opens="device",
    search=("d.name", "d.workstation", "d.identity"),
    topics=("device", "scale_check"),
    sort="workstation",
)

SCALE_CHECKS = ListSpec(
    id="list:scale_check",
    title=N_("Checks of scales"),
    columns=(
        Column("at", N_("When"), "c.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("scale", N_("Scale"), "d.name", width=18),
        Column("workstation", N_("PC"), "c.workstation", width=14),
        Column("test_weight_g", N_("Test weight g"), "c.test_weight_g", Editor.QUANTITY, width=12),
        Column("shown_g", N_("Shown g"), "c.shown_g", Editor.QUANTITY, width=12),
        Column("error_g", N_("Error g"), "c.shown_g - c.test_weight_g", Editor.QUANTITY, width=10),
        Column("tolerance_g", N_("Allowed g"), "c.tolerance_g", Editor.QUANTITY, width=13),
        Column(
            "passed",
            N_("Result"),
            "CASE WHEN c.passed THEN 'passed' ELSE 'failed' END",
            Editor.CHOICE,
            width=10,
            labels=RESULTS,
        ),
        Column("checked_by", N_("Who"), person_name("c.checked_by"), width=12),
        Column("device_id", N_("Device"), "c.device_id", Editor.INTEGER, visible=False),
    ),
    source="scale_check c JOIN device d ON d.id = c.device_id",
    key="c.id",
    opens="scale_check",
    search=("d.name", person_name("c.checked_by")),
    topics=("scale_check",),
    sort="at",
    descending=True,
)


@dataclass(frozen=True)
class CheckRow:
    """One test weight put on a scale."""

    at: datetime
    test_weight_g: Decimal
    shown_g: Decimal
    tolerance_g: Decimal
    passed: bool
    checked_by: str


def checks_of_last_day(uow: UnitOfWork, device_id: int) -> list[CheckRow]:
    """Every weight of the last day on which a scale was checked, in that order."""
    return uow.all(
        CheckRow,
        "SELECT c.at, c.test_weight_g, c.shown_g, c.tolerance_g, c.passed,"
        " coalesce(u.display_name, c.checked_by)"
        " FROM scale_check c LEFT JOIN app_user u ON u.login = c.checked_by"
        " WHERE c.device_id = %(device)s AND c.at >= (SELECT date_trunc('day', max(l.at))"
        " FROM scale_check l WHERE l.device_id = %(device)s) ORDER BY c.id",
        {"device": device_id},
    )


def failed_last_check(uow: UnitOfWork, device_id: int) -> bool:
    """Whether a test weight of the last day of checks was shown wrong and not put right since."""
    rows = checks_of_last_day(uow, device_id)
    last = {row.test_weight_g: row.passed for row in rows}
    return not all(last.values())


def unit_weight(uow: UnitOfWork, item_id: int) -> UnitWeight | None:
    """What one piece of an item weighs as far as it is known, with what it was learnt from."""
    found = uow.execute(
        "SELECT unit_weight_g, unit_weight_spread_g, weight_samples FROM item WHERE id = %s",
        (item_id,),
    ).fetchone()
    if found is None or not found[0]:
        return None
    mean, spread, pieces = found
    return UnitWeight(mean, spread, pieces or 0)
