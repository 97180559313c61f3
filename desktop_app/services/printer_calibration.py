"""Setting a label printer right: labels to look at and measure, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_design import LabelDesign, LabelKind
from desktop_app.domain.label_fields import DARKNESS
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.reporting.labels import calibration
from desktop_app.services import devices

HEADS = (203, 300, 600)
"""Dots per inch of the heads that are sold."""
_LENGTH_TOLERANCE = Decimal("0.06")
"""Paper slips a little and a ruler is read to 0.5 mm; another head differs by a third."""
_TENTH = Decimal("0.1")
_MOST_STEPS = 8


@dataclass(frozen=True)
class Measured:
    """What somebody measured on the calibration label, in mm: from the left and from the top edge
    of the paper to the left end of the long line, and how long that line is.
    """

    left: Decimal
    top: Decimal
    length: Decimal


def calibration_design(profile: PrinterProfile) -> LabelDesign:
    """The calibration label at the very dots of the printer, as one picture."""
    width, height = profile.width_mm, profile.height_mm
    drawn = calibration.calibration_label(width, height, profile.dpi)
    picture = calibration.as_picture(drawn, width, height)
    return LabelDesign(LabelKind.ITEM, "Calibration", width, height, (picture,))


def darkness_design(profile: PrinterProfile) -> LabelDesign:
    """The label that is printed once for each of :func:`darkness_labels`."""
    return calibration.darkness_design(profile.width_mm, profile.height_mm, profile.dpi)


def darkness_labels(profile: PrinterProfile) -> tuple[Mapping[str, str], ...]:
    """A label for each step of the printer's own scale, at most eight; none without a scale."""
    limits = LANGUAGES[profile.language].darkness
    if limits is None:
        return ()
    least, most = limits
    stride = max(1, -(-(most - least) // (_MOST_STEPS - 1)))
    return tuple({DARKNESS: str(step)} for step in (*range(least, most, stride), most))


def corrected(profile: PrinterProfile, measured: Measured) -> PrinterProfile:
    """The profile with offsets that bring the line where it belongs, to 0.1 mm.

    Raises UserError when the line's length says that the head has another dpi, or when more
    than a profile may hold would have to be moved.
    """
    wanted = calibration.line_length(profile.width_mm)
    if abs(measured.length - wanted) > wanted * _LENGTH_TOLERANCE:
        found = profile.dpi * wanted / max(measured.length, Decimal(1))
        raise UserError(
            N_(
                "The line should be {wanted} mm long: this head has about {dpi} dpi. Set that first,"
                " then print the calibration label again."
            ),
            wanted=wanted,
            dpi=min(HEADS, key=lambda head: abs(head - found)),
        )
    x, y = calibration.LINE_AT
    moved = replace(
        profile,
        offset_x_mm=(profile.offset_x_mm + x - measured.left).quantize(_TENTH),
        offset_y_mm=(profile.offset_y_mm + y - measured.top).quantize(_TENTH),
    )
    return PrinterProfile.from_json(moved.to_json())


def correct(uow: UnitOfWork, device_id: int, measured: Measured) -> PrinterProfile:
    """Keep the offsets that follow from what was measured. Returns the new profile.

    Raises UserError, StaleDocument, PermissionDenied.
    """
    device = devices.get(uow, device_id)
    profile = corrected(_profile(device), measured)
    _save(uow, device, profile)
    return profile


def set_darkness(uow: UnitOfWork, device_id: int, step: int) -> PrinterProfile:
    """Keep the darkness whose label looked best. Raises UserError for a step there is not."""
    device = devices.get(uow, device_id)
    profile = _profile(device)
    limits = LANGUAGES[profile.language].darkness
    if limits is None or not limits[0] <= step <= limits[1]:
        least, most = limits or (0, 0)
        raise UserError(N_("The darkness goes from {least} to {most}."), least=least, most=most)
    profile = replace(profile, darkness=step)
    _save(uow, device, profile)
    return profile


def _profile(device: devices.Device) -> PrinterProfile:
    return PrinterProfile.from_json(device.settings.get("profile") or {})


def _save(uow: UnitOfWork, device: devices.Device, profile: PrinterProfile) -> None:
    values = {
        "name": device.name,
        "identity": device.identity,
        "settings": {**device.settings, "profile": profile.to_json()},
        "is_active": device.is_active,
    }
    devices.save(uow, values, device_id=device.id, version=device.version)
