"""How one label printer is set: its language, its head and its paper. Kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, get_type_hints

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.label_bitmap import to_dots


class Media(StrEnum):
    """How the printer finds the next label."""

    GAP = "gap"
    BLACK_MARK = "black_mark"
    CONTINUOUS = "continuous"


MEDIA_TITLES = {
    Media.GAP: N_("Labels with gaps"),
    Media.BLACK_MARK: N_("Paper with black marks"),
    Media.CONTINUOUS: N_("Continuous paper"),
}


@dataclass(frozen=True)
class PrinterProfile:
    """Everything the bytes depend on besides the picture.

    ``darkness`` and ``speed`` are in the language's own steps (``LabelLanguage.darkness`` and
    ``.speeds`` give the range); None leaves what the printer is set to. ``upside_down`` prints
    turned by 180°. ``offset_x_mm``/``offset_y_mm`` move the picture right and down (negative:
    left and up). ``feed_mm`` lets the paper stop farther out (negative: farther in) to be torn off
    or cut between two labels; 0 leaves what the printer is set to. ``margin_mm`` is what the head cannot reach at each side, used for warnings;
    0 when it prints to the edge. ``compress`` uses the language's compressed picture where it has one. ``native_codes`` lets
    the printer draw bar codes itself. ``chunk_bytes`` is the most a transport sends at once, 0
    for all. ``status_layout`` names how status replies are read, "" as usual (relatives differ).
    ``silent`` marks a printer that never answers status queries.
    """

    language: str = "tspl"
    dpi: int = 203
    width_mm: Decimal = Decimal(60)
    height_mm: Decimal = Decimal(40)
    media: Media = Media.GAP
    gap_mm: Decimal = Decimal(2)
    upside_down: bool = False
    darkness: int | None = None
    speed: int | None = None
    offset_x_mm: Decimal = Decimal(0)
    offset_y_mm: Decimal = Decimal(0)
    margin_mm: Decimal = Decimal(0)
    feed_mm: Decimal = Decimal(0)
    compress: bool = False
    native_codes: bool = False
    cut: bool = False
    chunk_bytes: int = 0
    status_layout: str = ""
    silent: bool = False

    @property
    def width_dots(self) -> int:
        """Width of the label in dots."""
        return to_dots(self.width_mm, self.dpi)

    @property
    def height_dots(self) -> int:
        """Height of the label in dots."""
        return to_dots(self.height_mm, self.dpi)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for ``device.settings``."""
        found = {}
        for field in fields(self):
            value = getattr(self, field.name)
            found[field.name] = str(value) if isinstance(value, Decimal | Media) else value
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PrinterProfile:
        """The profile in JSON values; entries it does not know are left alone.

        Raises UserError naming the entry that is wrong.
        """
        hints = get_type_hints(cls)
        known = {
            field.name: _read(field.name, value[field.name], hints[field.name])
            for field in fields(cls)
            if field.name in value
        }
        return cls(**known)


_LIMITS: Mapping[str, tuple[int, int]] = {
    "dpi": (100, 1200),
    "width_mm": (10, 300),
    "height_mm": (10, 500),
    "gap_mm": (0, 30),
    "darkness": (-30, 30),
    "speed": (0, 20),
    "offset_x_mm": (-50, 50),
    "offset_y_mm": (-50, 50),
    "margin_mm": (0, 20),
    "feed_mm": (-15, 15),
    "chunk_bytes": (0, 1_000_000),
}
_TITLES: Mapping[str, str] = {
    "language": N_("Printer language"),
    "dpi": N_("Dots per inch"),
    "width_mm": N_("Width of the label in mm"),
    "height_mm": N_("Height of the label in mm"),
    "media": N_("Paper"),
    "gap_mm": N_("Gap in mm"),
    "upside_down": N_("Upside down"),
    "darkness": N_("Darkness"),
    "speed": N_("Speed"),
    "offset_x_mm": N_("Move right by mm"),
    "offset_y_mm": N_("Move down by mm"),
    "margin_mm": N_("Unprintable margin in mm"),
    "feed_mm": N_("Fine feed to the tear-off edge in mm"),
    "compress": N_("Compressed picture"),
    "native_codes": N_("The printer draws bar codes itself"),
    "cut": N_("Cut after each label"),
    "chunk_bytes": N_("Bytes sent at once"),
    "status_layout": N_("Layout of status replies"),
    "silent": N_("The printer never answers"),
}
PROFILE_TITLES = _TITLES


def _read(name: str, value: Any, wanted: Any) -> Any:
    if wanted is Media:
        return _media(name, value)
    if wanted in (str, bool):
        if type(value) is not wanted:
            raise _wrong(name, value)
        return value
    if value is None and wanted == int | None:
        return None
    return _limited(name, _number(name, value, Decimal if wanted is Decimal else int))


def _number(name: str, value: Any, wanted: type[int] | type[Decimal]) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(name, value)
    try:
        return wanted(value)
    except (InvalidOperation, ValueError):
        raise _wrong(name, value) from None


def _limited(name: str, number: int | Decimal) -> int | Decimal:
    least, most = _LIMITS[name]
    if isinstance(number, Decimal) and not number.is_finite():
        raise _wrong(name, number)
    if not least <= number <= most:
        raise _wrong(name, number)
    return number


def _media(name: str, value: Any) -> Media:
    try:
        return Media(value)
    except ValueError:
        raise _wrong(name, value) from None


def _wrong(name: str, value: Any) -> UserError:
    return UserError(
        N_("Printer profile: {entry} cannot be {value}."),
        entry=Message(_TITLES[name]),
        value=str(value)[:40],
    )
