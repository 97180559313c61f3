"""What every printer language can do: a picture to bytes, and a reply to a status.

Languages are pure: no device, no clock. A new one is a module with a subclass and a row in
``languages.LANGUAGES``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from desktop_app.domain.label_bitmap import Bitmap, PlacedSymbol, Symbology, to_dots
from desktop_app.hardware.labels.profile import Media, PrinterProfile
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
    ``can_feed``: it can be told where to stop for tearing off.
    ``status_layouts`` name the ways its status can be asked and read, the usual one first.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    native: ClassVar[frozenset[Symbology]] = frozenset()
    native_unsafe: ClassVar[str] = ""
    darkness: ClassVar[tuple[int, int] | None] = None
    speeds: ClassVar[tuple[int, int] | None] = None
    can_compress: ClassVar[bool] = False
    can_feed: ClassVar[bool] = False
    status_layouts: ClassVar[tuple[str, ...]] = ("",)

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

    def draws(self, symbol: PlacedSymbol) -> bool:
        """Whether the printer can draw that very symbol itself.

        Turned symbols, other signs than printable ASCII and signs that mean something in this
        language and cannot be escaped (``native_unsafe``) stay in the picture.
        """
        data = symbol.data
        return (
            symbol.symbology in self.native
            and symbol.turn == 0
            and data.isascii()
            and data.isprintable()
            and not any(sign in data for sign in self.native_unsafe)
        )

    def unheeded(self, profile: PrinterProfile) -> tuple[str, ...]:
        """Entries of the profile that this language has no command for: they would do nothing."""
        asked = {
            "feed_mm": bool(profile.feed_mm) and not self.can_feed,
            "darkness": profile.darkness is not None and self.darkness is None,
            "speed": profile.speed is not None and self.speeds is None,
        }
        return tuple(name for name, vain in asked.items() if vain)

    def drawer(self, profile: PrinterProfile) -> Callable[[PlacedSymbol], bool] | None:
        """What ``reporting.labels.render`` asks to know which symbols to leave out; None: none."""
        return self.draws if profile.native_codes else None

    def layout(self, profile: PrinterProfile) -> str:
        """The status layout of the profile, or this language's usual one."""
        known = profile.status_layout in self.status_layouts
        return profile.status_layout if known else self.status_layouts[0]


def clamped(value: int | None, limits: tuple[int, int] | None) -> int | None:
    """A darkness or speed within what the language knows; None stays None."""
    if value is None or limits is None:
        return None
    return max(limits[0], min(limits[1], value))


def prepared(job: LabelJob, language: LabelLanguage) -> LabelJob:
    """``job`` moved by the profile's offsets and cut to the label in the printer.

    Symbols that the printer cannot draw raise ValueError: they would be missing.
    """
    for symbol in job.symbols:
        if not language.draws(symbol):
            raise ValueError(f"{language.id} cannot draw {symbol.symbology.value} itself")
    profile = job.profile
    right = to_dots(profile.offset_x_mm, profile.dpi)
    down = to_dots(profile.offset_y_mm, profile.dpi)
    symbols = tuple(
        replace(symbol, x=max(0, symbol.x + right), y=max(0, symbol.y + down))
        for symbol in job.symbols
    )
    width = min(job.bitmap.width, profile.width_dots)
    height = job.bitmap.height
    if profile.media is not Media.CONTINUOUS:
        height = min(height, profile.height_dots)
    bitmap = cropped(shifted(job.bitmap, right, down), width, height)
    return replace(job, bitmap=bitmap, symbols=symbols)


def shifted(bitmap: Bitmap, right: int, down: int) -> Bitmap:
    """``bitmap`` moved within its own size; what leaves it is cut, what appears is white.

    Languages cannot place a picture at a negative position.
    """
    if not right and not down:
        return bitmap
    mask = (1 << bitmap.width) - 1
    pad = bitmap.row_bytes * 8 - bitmap.width
    rows = []
    for y in range(bitmap.height):
        source = y - down
        if not 0 <= source < bitmap.height:
            rows.append(bytes(bitmap.row_bytes))
            continue
        line = int.from_bytes(bitmap.row(source), "big") >> pad
        line = (line >> right if right >= 0 else line << -right) & mask
        rows.append((line << pad).to_bytes(bitmap.row_bytes, "big"))
    return Bitmap(bitmap.width, bitmap.height, b"".join(rows))


def cropped(bitmap: Bitmap, width: int, height: int) -> Bitmap:
    """The upper left part of ``bitmap``."""
    if (width, height) == (bitmap.width, bitmap.height):
        return bitmap
    row_bytes = (width + 7) // 8
    last = 0xFF & (0xFF << (row_bytes * 8 - width))
    rows = []
    for y in range(height):
        row = bytearray(bitmap.row(y)[:row_bytes])
        row[-1] &= last
        rows.append(bytes(row))
    return Bitmap(width, height, b"".join(rows))


def upside_down(bitmap: Bitmap) -> Bitmap:
    """``bitmap`` turned by 180°, for languages without a command for it."""
    pad = bitmap.row_bytes * 8 - bitmap.width
    backwards = bitmap.rows[::-1].translate(_MIRROR)
    turned = Bitmap(bitmap.row_bytes * 8, bitmap.height, backwards)
    if pad:
        turned = shifted(turned, -pad, 0)
    return cropped(turned, bitmap.width, bitmap.height)


_MIRROR = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
