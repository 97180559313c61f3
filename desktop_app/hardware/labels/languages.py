"""The printer languages this program speaks, declared once."""

from __future__ import annotations

from desktop_app.core.registry import Registry
from desktop_app.hardware.labels.cpcl import Cpcl
from desktop_app.hardware.labels.epl import Epl
from desktop_app.hardware.labels.escpos import EscPos
from desktop_app.hardware.labels.language import LabelLanguage
from desktop_app.hardware.labels.tspl import Tspl
from desktop_app.hardware.labels.zpl import Zpl

LANGUAGES: Registry[LabelLanguage] = Registry(
    (Tspl(), Zpl(), Epl(), Cpcl(), EscPos()), key=lambda language: language.id
)
