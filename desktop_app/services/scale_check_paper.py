"""The printed record of a scale's check: all weights of the last day on which it was checked."""

from __future__ import annotations

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.queries.devices import checks_of_last_day
from desktop_app.reporting.snapshots import ScaleCheckLine, ScaleCheckSnapshot
from desktop_app.services import devices
from desktop_app.services.print_snapshots import company_head


def sheet(uow: UnitOfWork, device_id: int) -> ScaleCheckSnapshot:
    """What is printed and signed after a check. Raises NotFound for no such device."""
    device = devices.get(uow, device_id)
    profile = ScaleProfile.from_settings(device.settings.get("profile") or {})
    return ScaleCheckSnapshot(
        company_head(uow),
        device.name,
        device.workstation,
        f"{profile.capacity.normalize():f} {profile.unit}",
        f"{profile.division.normalize():f} {profile.unit}",
        tuple(
            ScaleCheckLine(
                row.at.astimezone(),
                row.test_weight_g,
                row.shown_g,
                row.tolerance_g,
                row.passed,
                row.checked_by,
            )
            for row in checks_of_last_day(uow, device_id)
        ),
    )
