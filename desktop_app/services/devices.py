"""Devices of the workstations: kept with the company, each run by the PC it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound, StaleRecord
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.devices import KINDS

__all__ = ["KINDS", "SIMULATOR", "TOPIC", "Device"]

TOPIC = "device"
SIMULATOR = "simulator"
"""The connection of a device that is made of code: {"transport": {"kind": "simulator"}}."""


@dataclass(frozen=True)
class Device:
    """A device. ``settings`` are {"transport": {…}, "profile": {…}} as its kind reads them."""

    id: int
    kind: str
    name: str
    workstation: str
    identity: str
    settings: Mapping[str, Any]
    is_active: bool
    version: int

    @property
    def is_simulated(self) -> bool:
        """Made of code, for trying out."""
        return bool((self.settings.get("transport") or {}).get("kind") == SIMULATOR)


_COLUMNS = "id, kind, name, workstation, identity, settings, is_active, version"


def of_workstation(uow: UnitOfWork, workstation: str) -> tuple[Device, ...]:
    """The devices in use at a PC, by kind and name."""
    return tuple(
        uow.all(
            Device,
            f"SELECT {_COLUMNS} FROM device WHERE workstation = %s AND is_active"
            " ORDER BY kind, name",
            (workstation,),
        )
    )


def of_kind(uow: UnitOfWork, kind: str) -> tuple[Device, ...]:
    """The devices of a kind at every PC: a label may be printed at another one's printer."""
    return tuple(
        uow.all(
            Device,
            f"SELECT {_COLUMNS} FROM device WHERE kind = %s AND is_active"
            " ORDER BY workstation, name",
            (kind,),
        )
    )


def get(uow: UnitOfWork, device_id: int) -> Device:
    """One device. Raises NotFound."""
    found = uow.find(Device, f"SELECT {_COLUMNS} FROM device WHERE id = %s", (device_id,))
    if found is None:
        raise NotFound(N_("There is no such device."))
    return found


def save(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    device_id: int | None = None,
    version: int | None = None,
) -> int:
    """Add a device (of this PC when no ``workstation`` is given) or change it. Returns its id.

    Raises InvalidInput, RuleRefused (name taken on that PC), StaleDocument, PermissionDenied.
    """
    name = str(values.get("name") or "").strip()
    if not name:
        text = Message(N_("{field} is missing."), {"field": Message(N_("Name"))})
        raise InvalidInput((FieldProblem("name", text),))
    settings = Jsonb(dict(values.get("settings") or {}))
    identity = str(values.get("identity") or "")
    if device_id is None:
        saved = uow.scalar(
            "INSERT INTO device (kind, name, identity, settings, workstation) VALUES (%s, %s, %s,"
            " %s, coalesce(%s, current_setting('stockproof.workstation', true), '')) RETURNING id",
            (values["kind"], name, identity, settings, values.get("workstation")),
        )
    else:
        saved = uow.scalar(
            "UPDATE device SET name = %s, identity = %s, settings = %s, is_active = %s,"
            " version = version + 1 WHERE id = %s AND version = %s RETURNING id",
            (name, identity, settings, values.get("is_active", True), device_id, version),
        )
        if saved is None:
            raise StaleRecord
    uow.touch(TOPIC)
    return int(saved)


SIMULATED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "scale": (N_("Simulated scale"), {"protocol": "mt_sics", "capacity": "6"}),
    "printer": (N_("Simulated printer"), {"language": "tspl"}),
    "scanner": (N_("Simulated scanner"), {}),
    "camera": (N_("Simulated camera"), {}),
}
"""What is added to try everything without a device: name and profile, by kind."""


def add_simulated(uow: UnitOfWork) -> tuple[int, ...]:
    """Add a simulated device of each kind to this PC, or switch on those it has. Returns their ids."""
    return tuple(_simulated(uow, kind) for kind in SIMULATED)


def _simulated(uow: UnitOfWork, kind: str) -> int:
    title, profile = SIMULATED[kind]
    name = str(Message(title))
    there = uow.find(
        Device,
        f"SELECT {_COLUMNS} FROM device WHERE name = %s"
        " AND workstation = current_setting('stockproof.workstation', true)",
        (name,),
    )
    settings = {"transport": {"kind": SIMULATOR}, "profile": dict(profile)}
    values = {"kind": kind, "name": name, "settings": settings}
    if there is None:
        return save(uow, values)
    if there.is_active:
        return there.id
    return save(
        uow, {**values, "settings": there.settings}, device_id=there.id, version=there.version
    )


def record_check(
    uow: UnitOfWork, device_id: int, test_weight_g: Decimal, shown_g: Decimal, tolerance_g: Decimal
) -> bool:
    """Keep a check of a scale with a test weight. Returns whether it passed: the database says."""
    passed = uow.scalar(
        "INSERT INTO scale_check (device_id, test_weight_g, shown_g, tolerance_g, passed)"
        " VALUES (%s, %s, %s, %s, false) RETURNING passed",
        (device_id, test_weight_g, shown_g, tolerance_g),
    )
    uow.touch("scale_check")
    return bool(passed)


def last_check(uow: UnitOfWork, device_id: int) -> tuple[Any, bool] | None:
    """When a scale was checked last, and whether it passed; None when never."""
    return uow.execute(
        "SELECT at, passed FROM scale_check WHERE device_id = %s ORDER BY id DESC LIMIT 1",
        (device_id,),
    ).fetchone()


def learn_unit_weight(
    uow: UnitOfWork, item_id: int, unit_weight_g: Decimal, spread_g: Decimal | None, samples: int
) -> None:
    """Keep what one piece weighs, as learnt on the scale from ``samples`` pieces.

    ``spread_g`` None: weighed too few times to tell. Raises PermissionDenied.
    """
    uow.execute(
        "UPDATE item SET unit_weight_g = %s, unit_weight_spread_g = %s, weight_samples = %s,"
        " version = version + 1 WHERE id = %s",
        (
            round(unit_weight_g, 6),
            None if spread_g is None else round(spread_g, 6),
            samples,
            item_id,
        ),
    )
    uow.touch("item")
