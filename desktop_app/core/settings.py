"""Settings of this workstation: declared once as data, kept in one JSON file.

What belongs to the company (tolerances that bind everybody, numbering, policies) lives in the
database; here is only what may differ between two PCs.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.core.json_file import load_object, save_object
from desktop_app.core.registry import Registry

Value = str | int | bool | Decimal


@dataclass(frozen=True)
class Setting:
    """One thing a person may choose.

    ``type`` is str, int, bool or Decimal; ``choices`` or ``minimum``/``maximum`` narrow it.
    ``default`` may be a function when it depends on the PC.
    """

    key: str
    type: type[Any]
    default: Value | Callable[[], Value]
    description: str
    choices: tuple[str, ...] = ()
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None

    def default_value(self) -> Value:
        """What holds until somebody chooses."""
        return self.default() if callable(self.default) else self.default

    def accepts(self, value: Any) -> bool:
        """Whether ``value`` has the type and lies within the limits."""
        if type(value) is not self.type:  # bool is an int for isinstance
            return False
        if isinstance(value, Decimal) and not value.is_finite():
            return False
        if self.choices and value not in self.choices:
            return False
        if self.minimum is not None and value < self.minimum:
            return False
        return self.maximum is None or bool(value <= self.maximum)

    def from_json(self, stored: Any) -> Any:
        """The stored form back to the type; unchanged (and then refused) when it cannot be."""
        if self.type is Decimal and isinstance(stored, str):
            try:
                return Decimal(stored)
            except InvalidOperation:
                return stored
        return stored


LANGUAGE = Setting(
    "language", str, "auto", N_("Language of the screens"), choices=("auto", "zh_CN", "en")
)
THEME = Setting("theme", str, "auto", N_("Colours"), choices=("auto", "light", "dark"))
ZOOM = Setting("zoom", int, 100, N_("Size of the text in per cent"), minimum=80, maximum=200)
WORKSTATION = Setting(
    "workstation", str, lambda: platform.node()[:40] or "PC", N_("Name of this workstation")
)
SOUND = Setting("sound", bool, True, N_("Sounds after a scan"))
SCAN_GAP = Setting(
    "scan_gap_ms",
    int,
    35,
    N_("Longest pause between two characters of a scanner, in milliseconds"),
    minimum=5,
    maximum=500,
)
SCAN_LENGTH = Setting(
    "scan_min_length",
    int,
    4,
    N_("Shortest code of a scanner, in characters; what is shorter was typed"),
    minimum=2,
    maximum=20,
)
SCAN_IDLE = Setting(
    "scan_idle_ms",
    int,
    80,
    N_("Pause that ends a code of a scanner without Enter, in milliseconds"),
    minimum=20,
    maximum=1000,
)
SCAN_PREFIX = Setting("scan_prefix", str, "", N_("Characters the scanner sends before a code"))
PROFILE = Setting("profile", str, "", N_("Database to open at start"))
PRINTER = Setting("printer", str, "", N_("Printer for documents"))
LABEL_PRINTER = Setting("label_printer", str, "", N_("Printer for labels"))
EXPORT_FOLDER = Setting("export_folder", str, "", N_("Folder for exported files"))

SETTINGS: Registry[Setting] = Registry(
    (
        LANGUAGE,
        THEME,
        ZOOM,
        WORKSTATION,
        SOUND,
        SCAN_GAP,
        SCAN_LENGTH,
        SCAN_IDLE,
        SCAN_PREFIX,
        PROFILE,
        PRINTER,
        LABEL_PRINTER,
        EXPORT_FOLDER,
    ),
    key=lambda setting: setting.key,
)


class Settings:
    """The chosen values of this workstation.

    Keys this version does not know are kept: an older and a newer program may share the file.
    ``problems`` tells what was wrong with the file when it was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: tuple[Message, ...] = ()
        self._stored: dict[str, Any] = {}

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read ``path``; a broken file is moved aside and told of in ``problems``."""
        settings = cls(path)
        settings._stored, problem = load_object(path)
        settings.problems = (*((problem,) if problem else ()), *settings._drop_refused())
        return settings

    def get(self, setting: Setting) -> Any:
        """The chosen value, or the default."""
        if setting.key not in self._stored:
            return setting.default_value()
        return setting.from_json(self._stored[setting.key])

    def is_chosen(self, setting: Setting) -> bool:
        """Somebody chose a value on this PC; otherwise the default holds."""
        return setting.key in self._stored

    def set(self, setting: Setting, value: Value) -> None:
        """Choose a value; :meth:`save` keeps it. Raises UserError when it is out of limits."""
        if not setting.accepts(value):
            if setting.minimum is not None and setting.maximum is not None:
                raise UserError(
                    "{value} is not allowed: from {low} to {high}.",
                    value=value,
                    low=setting.minimum,
                    high=setting.maximum,
                )
            raise UserError(
                "{setting}: {value} is not allowed.",
                setting=Message(setting.description),
                value=value,
            )
        self._stored[setting.key] = str(value) if isinstance(value, Decimal) else value

    @property
    def folder(self) -> Path:
        """Where the file lies; other small files of this PC stand beside it."""
        return self._path.parent

    def reset(self, setting: Setting) -> None:
        """Back to the default."""
        self._stored.pop(setting.key, None)

    def save(self) -> None:
        """Write the file as a whole. Raises OSError."""
        save_object(self._path, self._stored)

    def _drop_refused(self) -> Iterator[Message]:
        for setting in SETTINGS:
            if setting.key not in self._stored:
                continue
            value = setting.from_json(self._stored[setting.key])
            if not setting.accepts(value):
                del self._stored[setting.key]
                yield Message(
                    N_("{setting}: the stored value {value} is not allowed; the default is used."),
                    {"setting": Message(setting.description), "value": str(value)[:60]},
                )
