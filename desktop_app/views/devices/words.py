"""What devices are called on the screen: where they hang, what they speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.i18n import tr
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.queries.devices import CONNECTIONS, KINDS
from desktop_app.services.devices import Device

_PLACES = ("host", "queue", "printer", "path", "port_title", "identity", "replay")
"""Settings that tell where a device hangs, the plainest first."""


def kind_title(kind: str) -> str:
    """Scale, label printer …"""
    return tr(KINDS[kind])


def connection_text(settings: Mapping[str, Any]) -> str:
    """How a device is connected and where: "Network address · 192.168.1.20"."""
    transport = settings.get("transport") or {}
    kind = str(transport.get("kind") or "")
    if not kind:
        return "—"
    title = tr(CONNECTIONS.get(kind, kind))
    place = next((str(transport[name]) for name in _PLACES if transport.get(name)), "")
    parts = (title, place, str(transport.get("line") or ""))
    return " · ".join(part for part in parts if part)


def speaks_text(device: Device) -> str:
    """The protocol of a scale, the language and size of a printer."""
    profile = device.settings.get("profile") or {}
    if device.kind == "scale":
        from desktop_app.hardware.scales.registry import PROTOCOLS

        protocol = PROTOCOLS.get(str(profile.get("protocol") or ""))
        return tr(protocol.title) if protocol is not None else ""
    if device.kind == "printer":
        read = PrinterProfile.from_json(profile)
        size = f"{read.width_mm.normalize():f}×{read.height_mm.normalize():f} mm"
        return f"{read.language.upper()} · {size} · {read.dpi} dpi"
    return ""
