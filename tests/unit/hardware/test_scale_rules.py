"""Standing still, taking over once per load, the daily check."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InvalidInput, UserError
from desktop_app.hardware.scales.capture import AutoCapture, Weighed
from desktop_app.hardware.scales.reading import Mode, Reading, number
from desktop_app.hardware.scales.scale_check import all_passed, allowed_error, judge, loads
from desktop_app.hardware.scales.stability import StabilityJudge, StabilityRule
from desktop_app.hardware.scales.tare import ProgramTare, TareOwner

D = Decimal


def reading(value: str | None, stable: bool | None = None) -> Reading:
    if value is None:
        return Reading(None, overload=True)
    return Reading(D(value), stable=stable)


def seen(value: str | None, *, steady: bool = True, unit: str = "kg") -> Weighed:
    return Weighed(reading(value), unit, steady, 0.0)


def test_one_frame_is_never_stable() -> None:
    judge_ = StabilityJudge(StabilityRule(count=3, hold_s=0))
    assert [judge_.judge(reading("1.5"), 0.1 * i) for i in range(3)] == [False, False, True]
    with pytest.raises(ValueError):
        StabilityRule(count=1)


def test_equal_values_must_come_close_together_and_stay() -> None:
    judge_ = StabilityJudge(StabilityRule(count=3, within_s=1.0, hold_s=0.3))
    assert not any(judge_.judge(reading("1.5"), 0.05 * i) for i in range(6))
    assert judge_.judge(reading("1.5"), 0.31)
    assert not judge_.judge(reading("1.6"), 0.35)
    assert not judge_.judge(reading("1.6"), 5.0)
    assert not judge_.judge(reading("1.6"), 10.0)  # silence in between proves nothing


def test_the_scales_own_flag_wins() -> None:
    judge_ = StabilityJudge()
    assert judge_.judge(reading("1.5", stable=True), 0.0)
    for i in range(9):
        assert not judge_.judge(reading("1.5", stable=False), float(i))


def test_overload_is_never_steady() -> None:
    judge_ = StabilityJudge(StabilityRule(count=2, hold_s=0))
    judge_.judge(reading("1.5"), 0.0)
    assert not judge_.judge(reading(None), 0.1)
    assert not judge_.judge(reading("1.5"), 0.2)


def test_a_load_is_taken_once_and_the_pan_must_come_back_to_zero() -> None:
    capture = AutoCapture(D("0.020"))
    assert capture.see(seen("2.5")) is None  # it lay there before: not armed
    assert not capture.armed
    assert capture.see(seen("0.000")) is None
    assert capture.armed
    assert capture.see(seen("0.015")) is None  # below the least weight
    assert capture.see(seen("2.5", steady=False)) is None
    taken = capture.see(seen("2.5"))
    assert taken is not None
    assert (taken.value, taken.unit, taken.manual, taken.steady) == (D("2.5"), "kg", False, True)
    assert capture.see(seen("2.5")) is None
    assert capture.see(seen("3.5")) is None  # more put on top is still the same load
    assert capture.see(seen("-0.005")) is None
    assert capture.see(seen("3.5")) is not None


def test_overload_and_a_switched_unit_are_not_taken() -> None:
    capture = AutoCapture(D("0.020"))
    capture.see(seen("0"))
    assert capture.see(seen(None)) is None
    assert capture.armed
    assert capture.see(seen("5.5", unit="lb")) is None
    assert not capture.armed


def test_by_hand_is_recorded_as_such() -> None:
    capture = AutoCapture(D("0.020"))
    capture.see(seen("0"))
    taken = capture.take_by_hand(seen("2.5", steady=False))
    assert taken.as_evidence("Bench 1") == {
        "value": "2.5",
        "unit": "kg",
        "mode": "shown",
        "steady": "no",
        "manual": "yes",
        "scale": "Bench 1",
        "raw": "",
    }
    assert capture.see(seen("2.5")) is None  # the same load is not taken again
    for nothing in (None, seen(None)):
        with pytest.raises(UserError, match="no weight"):
            capture.take_by_hand(nothing)
    with pytest.raises(ValueError):
        AutoCapture(D(0))


def test_a_tare_of_the_program_is_shown_and_recorded() -> None:
    weighed = Weighed(Reading(D("2.5"), mode=Mode.GROSS), "kg", True, 0.0, tare=D("0.3"))
    assert weighed.value == D("2.2")
    assert AutoCapture(D(1)).take_by_hand(weighed).as_evidence("x")["tare"] == "0.3"


def test_a_reading_is_a_number_or_a_reason() -> None:
    assert Reading(None, stable=False).value is None
    for wrong in (
        {"value": D(1), "overload": True},
        {"value": D(1), "error": "E1"},
        {"value": None},
        {"value": None, "stable": True},
    ):
        with pytest.raises(ValueError):
            Reading(**wrong)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+  12.34", "12.34"),
        ("- 0.50", "-0.50"),
        ("-0.0", "0.0"),
        ("000325", "325"),
        ("", None),
        ("1e5", None),
        ("NaN", None),
        ("1.2.3", None),
        ("１２", None),
        ("--5", None),
        (".", None),
        ("9" * 16, None),
    ],
)
def test_numbers_in_frames(text: str, value: str | None) -> None:
    found = number(text)
    assert (None if found is None else str(found)) == value


def test_daily_check_with_test_weights() -> None:
    assert loads(D(30), D("0.005")) == (D("7.5"), D(15), D(30))
    assert loads(D("6.1"), D("0.002")) == (D("1.524"), D("3.05"), D("6.1"))
    assert [allowed_error(D(g), D(5)) for g in (2500, 2505, 10000, 30000)] == [5, 10, 10, 15]
    good = judge(D(7500), D("7.505"), "kg", D(5), None)
    assert good.passed
    assert str(good.message) == "7505 g for 7500 g: within ± 10 g."
    bad = judge(D(7500), D("7.520"), "kg", D(5), None)
    assert (bad.passed, bad.error_g) == (False, D(20))
    assert "off by 20 g" in str(bad.message)
    assert judge(D(7500), D("7.520"), "kg", D(5), D(50)).passed
    assert all_passed((good,))
    assert not all_passed((good, bad))
    assert not all_passed(())


def test_a_check_without_a_weight_is_none() -> None:
    with pytest.raises(InvalidInput):
        judge(D(0), D(0), "kg", D(1), None)
    with pytest.raises(InvalidInput):
        judge(D(1), D(1), "pcs", D(1), None)
    for wrong in ((D(0), D(1)), (D(1), D(0))):
        with pytest.raises(ValueError):
            loads(*wrong)


def test_a_tare_is_known_to_the_program_or_to_the_scale_never_to_both() -> None:
    tare = ProgramTare()
    box = Weighed(Reading(D("0.3"), mode=Mode.GROSS), "kg", True, 0.0)
    tare.take(box)
    full = tare.apply(Weighed(Reading(D("2.5"), mode=Mode.GROSS), "kg", True, 0.0))
    assert (full.value, tare.owner(full)) == (D("2.2"), TareOwner.PROGRAM)
    on_scale = Weighed(Reading(D("2.2"), mode=Mode.NET), "kg", True, 0.0)
    assert tare.apply(on_scale).value == D("2.2")  # dropped, not taken off twice
    assert tare.owner(on_scale) is TareOwner.SCALE
    assert tare.tare is None
    with pytest.raises(UserError, match="itself"):
        tare.type_in(D("0.3"), on_scale)
    for moving in (None, seen("0.3", steady=False), seen(None)):
        with pytest.raises(UserError, match="steady"):
            tare.take(moving)
    tare.take(box)
    assert tare.apply(seen("5", unit="lb")).tare is None  # the unit was switched
    tare.take(box)
    tare.clear()
    assert tare.owner(tare.apply(box)) is TareOwner.NOBODY
