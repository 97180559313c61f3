"""The taught habits of this PC's keyboard scanner, kept beside its settings."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.json_file import load_object, save_object
from desktop_app.core.settings import SCAN_IDLE, SCAN_LENGTH, Setting, Settings
from desktop_app.hardware.scanners.profile import ScannerProfile

_FILE = "scanner.json"


def load_profile(folder: Path) -> ScannerProfile:
    """What was taught, or a good scanner. Raises OSError."""
    return ScannerProfile.from_json(load_object(folder / _FILE)[0])


def save_profile(folder: Path, profile: ScannerProfile) -> None:
    """Keep it. Raises OSError."""
    save_object(folder / _FILE, profile.to_json())


def in_force(settings: Settings, setting: Setting, profile: ScannerProfile) -> int:
    """What somebody chose on this PC goes before what the scanner was found to need."""
    taught = {SCAN_LENGTH.key: profile.min_length, SCAN_IDLE.key: profile.idle_ms}
    if settings.is_chosen(setting) or setting.key not in taught:
        return int(settings.get(setting))
    return taught[setting.key]
