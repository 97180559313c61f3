"""All codes of this PC on one line: keyboard, serial scanners, photos, the scanner pad.

Whoever reads codes feeds the hub; the shell listens to its one signal and routes. The hub
also remembers the last fifty, so that no unknown code disappears.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.core import clock
from desktop_app.core.i18n import N_, tr
from desktop_app.core.json_file import load_object, save_object
from desktop_app.domain.symbologies import split as split_symbology
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.runtime.operations import Operations

KEPT = 50
REPEAT_MS = 300
SAVE_AFTER_MS = 2_000
KEYBOARD = N_("Keyboard scanner")
TYPED = N_("Typed")
PAD = N_("Scanner pad")
PHOTO = N_("Photo")
_FILE = "scans.json"


@dataclass(frozen=True)
class ScanEntry:
    """One of the last codes. ``kind`` ok, unknown or wrong; ``answer`` is what was said.

    ``at`` is local time in ISO form; ``source`` names the scanner, untranslated.
    """

    at: str
    code: str
    kind: str
    answer: str
    source: str
    symbology: str = ""
    serial: int = 0

    @classmethod
    def from_json(cls, stored: Any) -> ScanEntry | None:
        """None for what this version cannot read."""
        if not isinstance(stored, Mapping):
            return None
        names = ("at", "code", "kind", "answer", "source", "symbology")
        values = {name: stored.get(name, "") for name in names}
        return cls(**values) if all(type(value) is str for value in values.values()) else None


class ScanHistory(QObject):
    """The last fifty codes of this PC, newest first, kept in ``scans.json`` of ``folder``.

    Reading and writing happen in the background; without a folder nothing is kept.
    """

    changed = Signal()

    def __init__(
        self, operations: Operations, folder: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._path = folder / _FILE if folder is not None else None
        self._entries: deque[ScanEntry] = deque(maxlen=KEPT)
        self._serial = 0
        self._later = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._later.timeout.connect(self.save)

    @property
    def entries(self) -> tuple[ScanEntry, ...]:
        """Newest first."""
        return tuple(self._entries)

    def load(self) -> None:
        """Ask for what was kept; codes scanned meanwhile stay in front."""
        if self._path is not None:
            self._operations.background(
                load_object, self._path, on_done=self._take, on_error=_nothing_kept, owner=self
            )

    def add(self, code: str, kind: str, answer: str, source: str, symbology: str = "") -> int:
        """Remember a code; the number given back is for :meth:`answered`."""
        self._serial += 1
        at = clock.now().isoformat(timespec="seconds")
        entry = ScanEntry(at, code, kind, answer, source, symbology, self._serial)
        self._entries.appendleft(entry)
        self._note_change()
        return self._serial

    def answered(self, serial: int, kind: str, answer: str) -> None:
        """The answer to a code came later (the server was asked, or the page looked it up)."""
        for place, entry in enumerate(self._entries):
            if entry.serial == serial:
                self._entries[place] = replace(entry, kind=kind, answer=answer or entry.answer)
                self._note_change()
                return

    def taught(self, code: str, answer: str) -> None:
        """Every unknown entry of this code is known now."""
        for place, entry in enumerate(self._entries):
            if entry.code == code and entry.kind == "unknown":
                self._entries[place] = replace(entry, kind="ok", answer=answer)
        self._note_change()

    def save(self) -> None:
        """Write the file now, in the background."""
        if self._path is None:
            return
        kept = [asdict(entry) for entry in self._entries]
        for row in kept:
            del row["serial"]
        self._operations.background(
            save_object, self._path, {"scans": kept}, on_error=_nothing_kept, owner=self
        )

    def _take(self, loaded: tuple[Mapping[str, Any], Any]) -> None:
        stored = loaded[0].get("scans")
        for row in stored if isinstance(stored, list) else ():
            entry = ScanEntry.from_json(row)
            if entry is not None and len(self._entries) < KEPT:
                self._entries.append(entry)
        self.changed.emit()

    def _note_change(self) -> None:
        self.changed.emit()
        if self._path is not None and not self._later.isActive():
            self._later.start()


def _nothing_kept(_error: Exception) -> None:
    """A list for convenience: a full disk shows itself where it matters."""


class ScanHub(QObject):
    """``scanned(code, symbology, raw, source)``: text with the separator restored, the AIM
    identifier or "", what arrived (text or bytes), and which scanner.

    ``profile`` are the habits of the keyboard scanner (its teach page); serial scanners have
    theirs undone already. While a page has asked for ``recording``, ``keys`` carries the keys
    of each code and nothing is scanned.
    """

    scanned = Signal(str, str, object, str)
    recording = Signal(bool)
    keys = Signal(list)
    profile_changed = Signal()

    def __init__(self, history: ScanHistory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = history
        self.profile = ScannerProfile()
        self._read: tuple[str, float] = ("", 0.0)
        self._last: tuple[str, str, float] = ("", "", 0.0)

    def use_profile(self, profile: ScannerProfile) -> None:
        """What was taught holds at once."""
        self.profile = profile
        self.profile_changed.emit()

    def from_keys(self, text: str, at_ms: float | None = None) -> None:
        """A code the wedge filter caught; its last key came ``at_ms`` by the keys' own clock."""
        symbology, code = split_symbology(self.profile.undo(text))
        self._note(KEYBOARD, at_ms)
        self.scanned.emit(code, symbology, text, KEYBOARD)

    def from_line(
        self, code: str, symbology: str, raw: bytes, source: str, at_ms: float | None = None
    ) -> None:
        """A code of a scanner with a line of its own, which came ``at_ms``."""
        self._note(source, at_ms)
        self.scanned.emit(code, symbology, raw, source)

    def from_photo(self, code: str, symbology: str) -> None:
        """A code found in a photo."""
        self._note(PHOTO)
        self.scanned.emit(code, symbology, code, PHOTO)

    def from_pad(self, code: str, symbology: str) -> None:
        """A button of the scanner pad."""
        self._note(PAD)
        self.scanned.emit(code, symbology, code, PAD)

    def is_repeat(self, code: str) -> bool:
        """True when this scanner read the same code within 300 ms; only pages that ask care.

        The moment of reading counts, not that of the answer: two codes that waited together
        while the program was busy are two.
        """
        source, at_ms = self._read
        last_code, last_source, last_ms = self._last
        self._last = (code, source, at_ms)
        same = (code, source) == (last_code, last_source)
        return same and 0 <= at_ms - last_ms < REPEAT_MS

    def _note(self, source: str, at_ms: float | None = None) -> None:
        self._read = (source, clock.monotonic() * 1000 if at_ms is None else at_ms)


def source_title(source: str) -> str:
    """The name of a scanner as people see it."""
    return tr(source) if source in {KEYBOARD, TYPED, PAD, PHOTO} else source
