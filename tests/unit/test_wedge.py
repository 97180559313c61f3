"""A scanner that types is told from a person that types."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from desktop_app.hardware.wedge import (
    GROUP_SEPARATOR,
    HOLD_MS,
    IDLE_MS,
    Decision,
    Verdict,
    WedgeDetector,
)


@dataclass
class Desk:
    """Feeds keys with pauses and notes what a program would see."""

    detector: WedgeDetector = field(default_factory=WedgeDetector)
    now: int = 1_000
    typed: str = ""
    scans: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    longest_hold: int = 0
    _since: list[int] = field(default_factory=list)

    def key(self, text: str, gap: int) -> Decision:
        while self.detector.pending and gap > self.detector.patience_ms:
            waited = self.detector.patience_ms
            self.now += waited
            gap -= waited
            self._settle(self.detector.idle())
        self.now += gap
        decision = self.detector.feed(text, self.now)
        self._settle(decision)
        if decision.verdict is Verdict.HOLD:
            self.held.append(text)
            self._since.append(self.now)
        elif decision.verdict is Verdict.TYPING:
            self.typed += text
        return decision

    def keys(self, text: str, gap: int) -> None:
        for character in text:
            self.key(character, gap)

    def rest(self) -> None:
        self.now += self.detector.patience_ms
        self._settle(self.detector.idle())

    def _settle(self, decision: Decision | None) -> None:
        if decision is None:
            return
        if decision.verdict is Verdict.SCAN:
            self.scans.append(decision.code)
            self.held.clear()
            self._since.clear()
        released, self.held = self.held[: decision.release], self.held[decision.release :]
        for since in self._since[: decision.release]:
            self.longest_hold = max(self.longest_hold, self.now - since)
        self._since = self._since[decision.release :]
        self.typed += "".join(released)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
@pytest.mark.parametrize("gap", [0, 1, 6, 15, 29])
def test_scan_with_terminator_is_one_code_and_types_nothing(desk: Desk, gap: int, end: str) -> None:
    desk.keys("6901234567892" + end, gap)
    assert (desk.scans, desk.typed, desk.held) == (["6901234567892"], "", [])


def test_scan_without_terminator_ends_after_idle(desk: Desk) -> None:
    desk.keys("B.W1-A-01", 5)
    assert desk.detector.patience_ms == IDLE_MS
    desk.rest()
    assert (desk.scans, desk.typed) == (["B.W1-A-01"], "")


@pytest.mark.parametrize("gap", [51, 80, 150, 400])
def test_human_typing_passes_whole_and_soon(desk: Desk, gap: int) -> None:
    desk.keys("hello 6901", gap)
    desk.rest()
    assert (desk.typed, desk.scans) == ("hello 6901", [])
    assert desk.longest_hold <= HOLD_MS


def test_rolling_two_keys_quickly_is_typing(desk: Desk) -> None:
    for pair in ("th", "er", "in"):
        desk.key(pair[0], 120)
        desk.key(pair[1], 15)
    desk.rest()
    assert (desk.typed, desk.scans) == ("therin", [])


def test_enter_of_a_person_reaches_the_form(desk: Desk) -> None:
    desk.keys("12", 100)
    decision = desk.key("\r", 100)
    assert decision.verdict is Verdict.TYPING
    assert desk.typed == "12\r"


def test_fast_three_keys_and_enter_is_not_a_code(desk: Desk) -> None:
    desk.keys("12a\r", 10)
    assert (desk.typed, desk.scans) == ("12a\r", [])


def test_scan_in_the_middle_of_typing(desk: Desk) -> None:
    desk.keys("ab", 130)
    desk.key("6", 140)
    desk.keys("901234567892\r", 4)
    desk.keys("cd", 130)
    desk.rest()
    assert (desk.typed, desk.scans) == ("abcd", ["6901234567892"])


def test_one_slow_gap_breaks_a_code_and_loses_no_key(desk: Desk) -> None:
    desk.keys("690", 5)
    desk.key("1", 55)
    desk.rest()
    assert (desk.typed, desk.scans) == ("6901", [])


def test_average_above_limit_is_typing_even_below_the_longest_gap(desk: Desk) -> None:
    desk.keys("6901234\r", 45)
    desk.rest()
    assert (desk.typed, desk.scans) == ("6901234\r", [])


def test_slow_radio_scanner_allowed_by_setting() -> None:
    desk = Desk(WedgeDetector(max_gap_ms=100))
    desk.keys("6901234567892\r", 45)
    assert desk.scans == ["6901234567892"]


def test_two_scans_back_to_back(desk: Desk) -> None:
    desk.keys("B.A-01\rI.84029G\r", 3)
    assert desk.scans == ["B.A-01", "I.84029G"]


def test_group_separator_stays_in_the_code(desk: Desk) -> None:
    code = "]C10106901234567892" + "10ABC" + GROUP_SEPARATOR + "17260131"
    desk.keys(code + "\r", 2)
    assert desk.scans == [code]


def test_keys_that_type_nothing_release_what_is_held(desk: Desk) -> None:
    desk.keys("ab", 5)
    assert desk.key("", 5).verdict is Verdict.TYPING
    assert desk.typed == "ab"


def test_space_at_the_start_is_never_held(desk: Desk) -> None:
    assert desk.key(" ", 5).verdict is Verdict.TYPING


def test_prefix_is_cut_and_lets_short_codes_through() -> None:
    desk = Desk(WedgeDetector(prefix="~"))
    desk.keys("~A1\r", 5)
    assert (desk.scans, desk.typed) == (["A1"], "")


def test_clock_running_backwards_is_not_a_scan(desk: Desk) -> None:
    desk.key("6", 0)
    desk.now -= 500
    desk.key("9", 0)
    assert desk.typed == "6"


def test_a_second_terminator_belongs_to_the_code() -> None:
    desk = Desk()
    desk.keys("6901234567892\r\n", 5)
    assert desk.scans[0] == "6901234567892" and desk.typed == ""
    desk.key("\r", 400)
    assert desk.typed == "\r", "a person's Enter later is a key"


def test_the_separator_key_only_counts_within_a_code() -> None:
    detector = WedgeDetector()
    assert not detector.continues(1_000)
    detector.feed("6", 1_000)
    assert detector.continues(1_010) and not detector.continues(1_200)


def test_a_taught_scanner_may_be_slow_and_short() -> None:
    desk = Desk(WedgeDetector(90, "", min_length=2, idle_ms=200))
    desk.keys("A1", 40)
    assert desk.detector.patience_ms == 200
    desk.rest()
    assert desk.scans == ["A1"]
