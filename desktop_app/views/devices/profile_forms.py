"""How one device is used: the forms of a scale's and of a printer's profile."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem, InvalidInput, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.document_type import Editor, Field
from desktop_app.domain.label_design import LABEL_SIZES
from desktop_app.domain.quantities import fold_digits
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import MEDIA_TITLES, PROFILE_TITLES, PrinterProfile
from desktop_app.hardware.scales.protocol import Option, ScaleProfile, ScaleProtocol
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.runtime.context import AppContext
from desktop_app.services import scanning
from desktop_app.views.base.head_form import HeadForm

UNITS = tuple((unit, unit) for unit in ("kg", "g", "t", "斤", "lb", "oz"))
_OPTION = "option:"


def _protocol_title(protocol: ScaleProtocol) -> str:
    return str(Message(protocol.title)) + (f" · {protocol.brands}" if protocol.brands else "")


class ProfileForm(QWidget):
    """The base of both: a form that may be built again. ``changed()``: the person typed."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read_only = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.form = self._put(self.fields())

    def fields(self) -> tuple[Field, ...]:
        """The fields to show now."""
        raise NotImplementedError

    def set_read_only(self, read_only: bool) -> None:
        """Only to look at."""
        self._read_only = read_only
        self.form.set_read_only(read_only)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Sentences beside their fields."""
        self.form.show_problems(problems)

    def edited(self, name: str) -> None:
        """A field was changed by the person."""
        self.changed.emit()

    def _put(self, fields: tuple[Field, ...]) -> HeadForm:
        form = HeadForm(self._context, fields, scanning.search, self)
        form.edited.connect(self.edited)
        self._column.addWidget(form)
        return form

    def _replace(self) -> None:
        old = self.form
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.form = self._put(self.fields())
        self.form.set_read_only(self._read_only)

    def _texts(self) -> dict[str, Any]:
        """What stands in the form. Raises InvalidInput for what cannot be read."""
        problems = self.form.problems()
        if problems:
            self.form.show_problems({p.field: str(p.message) for p in problems})
            raise InvalidInput(problems)
        return self.form.values()


class ScaleForm(ProfileForm):
    """Protocol, unit, division, capacity, and the options of the protocol."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        self._protocol = next(iter(PROTOCOLS))
        super().__init__(context, parent)
        self.show_settings({})

    def fields(self) -> tuple[Field, ...]:
        protocols = tuple((p.key, _protocol_title(p)) for p in PROTOCOLS)
        return (
            Field("protocol", N_("Protocol"), Editor.CHOICE, required=True, choices=protocols),
            Field("unit", N_("Unit, when not told"), Editor.CHOICE, required=True, choices=UNITS),
            Field("division", N_("Division"), Editor.QUANTITY, required=True),
            Field("capacity", N_("Capacity"), Editor.QUANTITY, required=True),
            Field("min_weight", N_("Empty below"), Editor.QUANTITY, required=True),
            Field("stable_count", N_("Equal readings until steady"), Editor.INTEGER),
            *(_option_field(option) for option in self._protocol.options),
        )

    def show_settings(self, profile: Mapping[str, Any]) -> None:
        """Show a profile; missing entries take their defaults."""
        key = str(profile.get("protocol") or self._protocol.key)
        kept = ScaleProfile.from_settings({**profile, "protocol": key})
        self._use(PROTOCOLS.get(key) or self._protocol)
        options = self._protocol.filled(kept.options)
        self.form.show_values(
            {
                "protocol": kept.protocol,
                "unit": kept.unit,
                "division": kept.division,
                "capacity": kept.capacity,
                "min_weight": kept.min_weight,
                "stable_count": kept.stable_count,
                **{_OPTION + name: value for name, value in options.items()},
            }
        )

    def settings(self) -> dict[str, Any]:
        """The profile as it is kept. Raises InvalidInput."""
        values = self._texts()
        options = {
            name.removeprefix(_OPTION): str(value or "")
            for name, value in values.items()
            if name.startswith(_OPTION)
        }
        try:
            self._protocol.new_parser(options)
        except InvalidInput as error:
            text = "; ".join(str(problem.message) for problem in error.problems)
            self.form.show_problems({f"{_OPTION}pattern": text})
            raise
        profile = ScaleProfile(
            self._protocol.key,
            values["unit"],
            self._above_zero("division", values),
            self._above_zero("capacity", values),
            self._above_zero("min_weight", values),
            max(2, values.get("stable_count") or 4),
            options=options,
        )
        return dict(profile.as_settings())

    def edited(self, name: str) -> None:
        if name == "protocol":
            key = self.form.editor("protocol").value()
            self.show_settings({**self._loose(), "protocol": key, "options": {}})
            self.form.editor("protocol").setFocus()
        super().edited(name)

    def _above_zero(self, name: str, values: Mapping[str, Any]) -> Decimal:
        value = values[name]
        if value <= 0:
            problem = FieldProblem(name, Message(N_("More than zero.")))
            self.form.show_problems({name: str(problem.message)})
            raise InvalidInput((problem,))
        return Decimal(value)

    def _loose(self) -> dict[str, Any]:
        return {n: v for n, v in self.form.values().items() if not n.startswith(_OPTION) and v}

    def _use(self, protocol: ScaleProtocol) -> None:
        if protocol is not self._protocol:
            self._protocol = protocol
            self._replace()

    def _put(self, fields: tuple[Field, ...]) -> HeadForm:
        form = super()._put(fields)
        box = form.editor("protocol")
        if isinstance(box, QComboBox):  # the names of all brands would push the form off the screen
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(24)
        return form


def _option_field(option: Option) -> Field:
    if not option.values:
        return Field(_OPTION + option.key, option.title, width=30)
    choices = tuple(option.values.items())
    return Field(_OPTION + option.key, option.title, Editor.CHOICE, required=True, choices=choices)


_YES_NO = ("upside_down", "cut", "silent", "native_codes", "compress")
_ORDER = (
    *("language", "dpi", "size", "width_mm", "height_mm", "media", "gap_mm"),
    *("darkness", "speed", "offset_x_mm", "offset_y_mm", "margin_mm", "feed_mm"),
    "chunk_bytes",
    *_YES_NO,
    "status_layout",
)


class PrinterForm(ProfileForm):
    """Language, head, paper, darkness and offsets of a label printer."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.show_settings({})

    def fields(self) -> tuple[Field, ...]:
        return tuple(_printer_field(name) for name in _ORDER)

    def show_settings(self, profile: Mapping[str, Any]) -> None:
        """Show a profile; missing entries take their defaults."""
        kept = PrinterProfile.from_json(profile).to_json()
        shown = {name: value if name in _YES_NO else _text(value) for name, value in kept.items()}
        self.form.show_values({**shown, "size": _size_of(kept)})

    def settings(self) -> dict[str, Any]:
        """The profile as it is kept. Raises InvalidInput."""
        given = {}
        problems = []
        for name, value in self._texts().items():
            if name == "size":
                continue
            entry = _entry(name, value)
            try:
                PrinterProfile.from_json({name: entry})
            except UserError as error:
                problems.append(FieldProblem(name, error.message))
            given[name] = entry
        if not problems:
            problems = _in_vain(PrinterProfile.from_json(given))
        if problems:
            self.form.show_problems({p.field: str(p.message) for p in problems})
            raise InvalidInput(tuple(problems))
        return PrinterProfile.from_json(given).to_json()

    def edited(self, name: str) -> None:
        chosen = self.form.editor("size").value() if name == "size" else None
        for size in LABEL_SIZES:
            if chosen == size.title:
                for field, value in (
                    ("width_mm", size.width_mm),
                    ("height_mm", size.height_mm),
                    ("gap_mm", size.gap_mm),
                ):
                    self._show_text(field, _text(value))
        super().edited(name)

    def _show_text(self, name: str, text: str) -> None:
        editor = self.form.editor(name)
        if isinstance(editor, QLineEdit):
            editor.setText(text)


def _in_vain(profile: PrinterProfile) -> list[FieldProblem]:
    """What the language cannot tell the printer is not kept as if it did."""
    language = LANGUAGES[profile.language]
    text = N_("{language} has no command for this. Set it on the printer, and leave it out here.")
    return [
        FieldProblem(name, Message(text, {"language": language.title}))
        for name in language.unheeded(profile)
    ]


def _printer_field(name: str) -> Field:
    if name == "size":
        sizes = ((size.title, f"{size.title} mm") for size in LABEL_SIZES)
        return Field(name, N_("Size of the label"), Editor.CHOICE, choices=tuple(sizes))
    title = PROFILE_TITLES[name]
    if name == "language":
        known = tuple((lang.id, lang.title) for lang in LANGUAGES)
        return Field(name, title, Editor.CHOICE, required=True, choices=known)
    if name == "dpi":
        heads = tuple((dpi, dpi) for dpi in ("203", "300", "600"))
        return Field(name, title, Editor.CHOICE, required=True, choices=heads)
    if name == "media":
        known = tuple((media.value, text) for media, text in MEDIA_TITLES.items())
        return Field(name, title, Editor.CHOICE, required=True, choices=known)
    if name in _YES_NO:
        return Field(name, title, Editor.YES_NO)
    # numbers may be below zero (offsets, darkness), so the profile reads them
    return Field(name, title, required=name.endswith("_mm"))


def _entry(name: str, value: Any) -> Any:
    if name in _YES_NO:
        return bool(value)
    text = fold_digits(str(value or "")).strip()
    if name in ("darkness", "speed") and not text:
        return None
    if name == "chunk_bytes" and not text:
        return 0
    return text


def _text(value: Any) -> str:
    """A stored value without trailing zeros; "" for none."""
    if value is None:
        return ""
    text = str(value)
    if "." in text and text.replace(".", "", 1).lstrip("-").isdigit():
        return text.rstrip("0").rstrip(".")
    return text


def _size_of(kept: Mapping[str, Any]) -> str | None:
    sides = (Decimal(kept["width_mm"]), Decimal(kept["height_mm"]))
    return next((s.title for s in LABEL_SIZES if (s.width_mm, s.height_mm) == sides), None)
