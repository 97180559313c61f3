"""The taught habits of this PC's keyboard scanner, kept beside its settings."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.json_file import load_object, save_object
from desktop_app.hardware.scanners.profile import ScannerProfile

_FILE = "scanner.json"


def load_profile(folder: Path) -> ScannerProfile:
    """What was taught, or a good scanner. Raises OSError."""
    return ScannerProfile.from_json(load_object(folder / _FILE)[0])


def save_profile(folder: Path, profile: ScannerProfile) -> None:
    """Keep it. Raises OSError."""
    save_object(folder / _FILE, profile.to_json())
