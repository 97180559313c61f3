"""Translation without Qt: reports, command line and screens share one catalogue.

Source strings are English. A catalogue is a folder of JSON files, one per area,
each mapping a source string to its translation, so that a translator edits a
small file and two developers seldom meet in the same one (docs/adr/0004).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE_LANGUAGE = "en"

_catalogue: dict[str, str] = {}
_language = SOURCE_LANGUAGE


def N_(text: str) -> str:  # noqa: N802 - the customary name of a gettext no-op marker
    """Mark ``text`` for translation without translating it yet (for constants)."""
    return text


def tr(text: str, /, **values: Any) -> str:
    """Translate ``text`` into the current language, then fill its ``{name}`` places.

    A missing value leaves its place visible rather than losing the message.
    """
    translated = _catalogue.get(text, text)
    return translated.format_map(_KeepUnknown(values)) if values else translated


def use_language(language: str, folder: Path) -> None:
    """Load the catalogue of ``language`` ("en", "zh_CN") found below ``folder``."""
    global _language
    _catalogue.clear()
    _language = language
    if language == SOURCE_LANGUAGE:
        return
    for file in sorted((folder / language).glob("*.json")):
        _catalogue.update(json.loads(file.read_text(encoding="utf-8")))


def current_language() -> str:
    """The language last given to :func:`use_language`."""
    return _language


class _KeepUnknown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@dataclass(frozen=True)
class Message:
    """A sentence for a person: source text and the values of its places.

    Nested messages are translated too, so that a state or a kind named inside a
    sentence appears in the reader's language.
    """

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return tr(self.text, **self.values) if self.values else tr(self.text)
