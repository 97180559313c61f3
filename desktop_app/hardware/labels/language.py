"""What every printer language can do: a picture to bytes, and a reply to a status.

Languages are pure: no device, no clock. A new one is a module with a subclass and a row in
``languages.LANGUAGES``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.label_bitmap import Bitmap, PlacedSymbol, Symbology, to_dots
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterStatus


@dataclass(frozen=True)
class LabelJob:
    """One label to print ``copies`` times.

    ``symbols`` are drawn by the printer itself, on top of the picture; it must not contain
    them (``reporting.labels.render`` leaves them out when asked for ``native``).
    Raises ValueError when ``copies`` is not 1 to 9999.
    """

    bitmap: Bitmap
    profile: PrinterProfile
    copies: int = 1
    symbols: tuple[PlacedSymbol, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.copies <= 9999:
            raise ValueError("copies must be 1 to 9999")


class LabelLanguage(ABC):
    """A printer language.

    ``native`` are the symbologies the printer can draw; ``darkness`` and ``speeds`` are the
    least and greatest steps of its own scale, None when it has no such command.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    native: ClassVar[frozenset[Symbology]] = frozenset()
    darkness: ClassVar[tuple[int, int] | None] = None
    speeds: ClassVar[tuple[int, int] | None] = None
    can_compress: ClassVar[bool] = False
    status_layouts: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def encode(self, job: LabelJob) -> bytes:
        """The bytes that print ``job``, settings included."""

    @abstractmethod
    def status_queries(self, profile: PrinterProfile) -> tuple[bytes, ...]:
        """What to send, one after the other, each followed by reading its reply.

        The replies are joined for :meth:`parse_status`. Never send them in the middle of a job.
        """

    @abstractmethod
    def reply_complete(self, reply: bytes, profile: PrinterProfile) -> bool:
        """Whether ``reply`` to one query is whole, so that reading may stop at once."""

    @abstractmethod
    def parse_status(self, reply: bytes, profile: PrinterProfile) -> PrinterStatus:
        """The joined replies as a status. Never raises; nothing readable is UNKNOWN."""

    def self_test(self) -> bytes:
        """What makes the printer print its own test page; empty when there is no command."""
        return b""

    def reset(self) -> bytes:
        """What drops labels the printer still holds; empty when there is no command."""
        return b""

    def native_for(self, profile: PrinterProfile) -> frozenset[Symbology]:
        """The symbologies to leave out of the picture for this printer."""
        return self.native if profile.native_codes else frozenset()


def clamped(value: int | None, limits: tuple[int, int] | None) -> int | None:
    """A darkness or speed within what the language knows; None stays None."""
    if value is None or limits is None:
        return None
    return max(limits[0], min(limits[1], value))


def offset_dots(profile: PrinterProfile) -> tuple[int, int]:
    """Offsets of the profile in dots (right, down)."""
    return (to_dots(profile.offset_x_mm, profile.dpi), to_dots(profile.offset_y_mm, profile.dpi))


def shifted(bitmap: Bitmap, right: int, down: int) -> Bitmap:
    """``bitmap`` moved within its own size; what leaves it is cut, what appears is white.

    Used where a language cannot place a picture at a negative position.
    """
    if not right and not down:
        return bitmap
    blank_row = bytes(bitmap.row_bytes)
    mask = (1 << bitmap.width) - 1
    pad = bitmap.row_bytes * 8 - bitmap.width
    rows = []
    for y in range(bitmap.height):
        source = y - down
        if not 0 <= source < bitmap.height:
            rows.append(blank_row)
            continue
        line = int.from_bytes(bitmap.row(source), "big") >> pad
        line = (line >> right if right >= 0 else line << -right) & mask
        rows.append((line << pad).to_bytes(bitmap.row_bytes, "big"))
    return Bitmap(bitmap.width, bitmap.height, b"".join(rows))
