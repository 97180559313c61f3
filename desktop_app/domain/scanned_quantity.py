"""How much one scan means, and how a quantity is told to the person at the shelf.

A barcode may stand for a unit of its item ("1 箱 = 12 个"), a GS1 code may say how many
(AI 37: so many of that unit; AI 30: so many pieces, GS1 General Specifications section 3) or
how heavy (AI 310n, 320n). Everything is counted in base units; what was read is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import SCALE, format_quantity, round_half_up
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.domain.units import GRAMS, Entry, ItemUnits, canonical, names_unit, read_entry

ONE = Decimal(1)
_PIECES_AI = "30"
_PACKS_AI = "37"


@dataclass(frozen=True)
class ScannedQuantity:
    """``count`` of ``unit``, each ``factor`` base units, are ``qty`` ``uom`` (the base unit).

    ``unit`` is "" for the base unit or a barcode that names none. ``told``: the code itself
    says how much, as ``weight_g`` grams net when that is set.
    """

    qty: Decimal
    uom: str = ""
    unit: str = ""
    factor: Decimal = ONE
    count: Decimal = ONE
    weight_g: Decimal | None = None
    told: bool = False

    @property
    def is_one(self) -> bool:
        """One plain piece: nothing worth a sentence."""
        return self.qty == 1 and not self.told and not self.unit

    def words(self) -> str:
        """ "1 箱 = 12 个", "2.5 kg = 63 个"; "" for one plain piece."""
        if self.is_one:
            return ""
        base = f"{format_quantity(self.qty)} {self.uom}"
        if self.weight_g is not None:
            read = f"{format_quantity(self.weight_g / 1000)} kg"
            return read if canonical(self.uom) == "kg" else f"{read} = {base}"
        if self.unit and self.unit != self.uom:
            return f"{format_quantity(self.count)} {self.unit} = {base}"
        return tr("1 scan = {amount}", amount=base)

    def evidence(self) -> dict[str, str]:
        """What the record of the act keeps beside the code."""
        kept = {"qty": format_quantity(self.qty)}
        if self.unit:
            kept["unit"] = self.unit
        if self.factor != 1:
            kept["factor"] = format_quantity(self.factor)
        if self.told and self.weight_g is None:
            kept["count"] = format_quantity(self.count)
        if self.weight_g is not None:
            kept["weight_g"] = format_quantity(self.weight_g)
        return kept


def quantity_of(
    scan: ScanResult, units: ItemUnits, unit: str = "", factor: Decimal = ONE
) -> ScannedQuantity:
    """What one scan of a code means whose barcode stands for ``factor`` base units.

    A weight becomes the item's own unit of weight, or pieces by the weight of one piece
    (half up); where neither is known it is one scan of the barcode.
    """
    name = "" if unit == units.base else unit
    if scan.qty is not None:
        found = dict(scan.elements)
        if _PIECES_AI in found and _PACKS_AI not in found:
            return ScannedQuantity(scan.qty, units.base, count=scan.qty, told=True)
        return ScannedQuantity(factor * scan.qty, units.base, name, factor, scan.qty, told=True)
    weighed = _weighed(scan.weight_g, units)
    if weighed is not None:
        return ScannedQuantity(weighed, units.base, weight_g=scan.weight_g, told=True)
    return ScannedQuantity(factor, units.base, name, factor)


def _weighed(weight_g: Decimal | None, units: ItemUnits) -> Decimal | None:
    if weight_g is None:
        return None
    each = _grams_of_one(units)
    if each is None:
        return None
    pieces = Fraction(weight_g) / each
    places = min(units.decimals, SCALE)
    scaled = (pieces * 10**places * 2 + 1) // 2
    return Decimal(scaled).scaleb(-places)


def _grams_of_one(units: ItemUnits) -> Fraction | None:
    """Grams in one base unit: it is a weight, a unit of the item is one, or by unit weight."""
    own = GRAMS.get(canonical(units.base))
    if own is not None:
        return own
    for unit in units.units:
        grams = GRAMS.get(canonical(unit.name))
        if grams is not None:
            return grams / unit.factor
    return Fraction(units.unit_weight_g) if units.unit_weight_g else None


def settled(qty: Decimal, decimals: int) -> Decimal:
    """A sum of scans in the decimals of its item: three bags of 1000/3 pieces are 1000."""
    return round_half_up(qty, min(decimals, SCALE))


def in_both(qty: Decimal, units: ItemUnits | None) -> str:
    """A quantity as people say it and in base units: "2箱 3个 (27个)", "3个", "27"."""
    plain = format_quantity(qty)
    if units is None or not units.units:
        return plain
    said = in_units(qty, units)
    base = _with(plain, units.base)
    return base if said in ("", base) else f"{said} ({base})"


def in_units(qty: Decimal, units: ItemUnits) -> str:
    """A quantity in the units it fills, the largest first: "1箱 2盒 3个"; "" when in none.

    Units that do not divide the one above are passed over: nobody stacks 12s out of 5s.
    """
    parts: list[str] = []
    rest, above = Fraction(qty), Fraction(0)
    for unit in sorted(units.units, key=lambda u: u.factor, reverse=True):
        fits = unit.factor > 1 and (not above or above % unit.factor == 0)
        if not fits or rest < unit.factor:
            continue
        number = rest // unit.factor
        rest, above = rest - number * unit.factor, unit.factor
        parts.append(_with(str(number), unit.name))
    if not parts:
        return ""
    if rest:
        left = round_half_up(Decimal(rest.numerator) / Decimal(rest.denominator), SCALE)
        parts.append(_with(format_quantity(left), units.base))
    return " ".join(parts)


def _with(number: str, unit: str) -> str:
    """A Chinese unit stands close to its number, a Latin one apart."""
    return f"{number} {unit}" if unit[:1].isascii() else f"{number}{unit}"


@dataclass(frozen=True)
class UnitChoice:
    """The unit a plain number is typed in; ``name`` "" is the base unit."""

    units: ItemUnits
    name: str = ""

    def following(self) -> UnitChoice:
        """The next unit of the item, after the last one the base unit again."""
        names = ["", *(unit.name for unit in self.units.units)]
        place = names.index(self.name) if self.name in names else 0
        return UnitChoice(self.units, names[(place + 1) % len(names)])

    @property
    def title(self) -> str:
        """The unit's name."""
        return self.name or self.units.base

    def words(self) -> str:
        """ "1 箱 = 12 个", or the base unit."""
        found = next((unit for unit in self.units.units if unit.name == self.name), None)
        if found is None:
            return self.units.base
        if found.den == 1:
            return f"1 {found.name} = {found.num} {self.units.base}"
        return f"{found.den} {found.name} = {found.num} {self.units.base}"

    def read(self, text: str, *, field: str = "qty") -> Entry:
        """What was typed, in base units. Raises InvalidInput at ``field``."""
        return read_entry(text, self.units, unit=self.name, field=field)

    def typed(self, qty: Decimal) -> str:
        """``qty`` base units as a person would type them in this unit: "2", "2箱3"."""
        if not self.name:
            return format_quantity(qty)
        found = next(unit for unit in self.units.units if unit.name == self.name)
        number = Fraction(qty) // found.factor
        rest = Fraction(qty) - number * found.factor
        if not rest:
            return str(number)
        left = round_half_up(Decimal(rest.numerator) / Decimal(rest.denominator), SCALE)
        loose = f"{format_quantity(left)}{self.units.base}"
        return f"{number}{self.name}{loose}" if number else loose


def looks_typed(text: str) -> bool:
    """True for "3箱", "+4", "2.5kg" and "12": text that may be a quantity."""
    plain = text.strip().lstrip("+").strip()
    number = plain.replace(".", "", 1)
    if number.isdecimal():
        return len(plain) <= LONGEST_NUMBER
    return plain[:1].isdecimal() and names_unit(plain)


LONGEST_NUMBER = 7
"""More digits are a barcode read at the wrong moment."""


@dataclass
class Reads:
    """What was read or typed for one quantity, in order; the same code is counted up."""

    rows: list[dict[str, str]] = field(default_factory=list)

    def scan(self, code: str, amount: ScannedQuantity | None) -> None:
        """A code was read."""
        kept = {"code": code, **(amount.evidence() if amount is not None else {})}
        for row in self.rows:
            if {name: row[name] for name in row if name != "times"} == kept:
                row["times"] = str(int(row["times"]) + 1)
                return
        self.rows.append({**kept, "times": "1"})

    def type(self, text: str, qty: Decimal, unit: str = "") -> None:
        """A quantity was typed; ``unit`` is the one a plain number stood for."""
        row = {"typed": text.strip(), "qty": format_quantity(qty)}
        self.rows.append({**row, "unit": unit} if unit and not names_unit(text) else row)

    def evidence(self) -> tuple[Mapping[str, str], ...]:
        """As kept with the act."""
        return tuple(dict(row) for row in self.rows)

    def clear(self) -> None:
        """Another quantity begins."""
        self.rows.clear()


def reads_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Kept reads for a person: "16901234500018 × 2 (1 箱 = 12); typed 3箱"; "" for none."""
    parts: list[str] = []
    for row in rows:
        inner = row.get("reads")
        if isinstance(inner, list):
            told = reads_text(inner)
            parts.append(f"{row['item']}: {told}" if told and row.get("item") else told)
        elif "code" in row:
            parts.append(_read_text(row))
        elif "typed" in row:
            parts.append(_typed_text(row))
    return "; ".join(part for part in parts if part)


def _read_text(row: Mapping[str, Any]) -> str:
    text = f"{row['code']} × {row.get('times', '1')}"
    if row.get("unit") and row.get("factor"):
        text += f" (1 {row['unit']} = {row['factor']})"
    return f"{text}; {_typed_text(row)}" if "typed" in row else text


def _typed_text(row: Mapping[str, Any]) -> str:
    typed = str(row["typed"])
    unit = "" if names_unit(typed) or "code" in row else str(row.get("unit", ""))
    return tr("typed {text}", text=typed + unit)
