"""A Chinese name is found by initials, pinyin, characters, code, in any order."""

from __future__ import annotations

import pytest

from desktop_app.domain.pinyin_search import matches, search_text

HINGE = search_text("镀镍铰链", "JL-0123-NI", "35mm 全盖")


@pytest.mark.parametrize(
    "typed",
    [
        "dnjl",
        "jl dn",
        "jiaolian",
        "DUNIE",
        "铰链",
        "镀镍 35",
        "jl-0123",
        "ＪＬ-0123",
        "qg",
        "",
        "quangai dnjl",
    ],
)
def test_found(typed: str) -> None:
    assert matches(HINGE, typed)


@pytest.mark.parametrize("typed", ["dgjl", "luosi", "dn xx"])
def test_not_found(typed: str) -> None:
    assert not matches(HINGE, typed)


def test_each_reading_of_a_character_is_found() -> None:
    key = search_text("长螺丝")
    assert matches(key, "cls") and matches(key, "zls") and matches(key, "changluosi")


def test_many_readings_stay_short_and_the_phrase_comes_first() -> None:
    key = search_text("重庆银行长行重长行重")
    assert matches(key, "chongqingyinhang")
    assert len(key.split()) <= 17


def test_plain_names_cost_nothing() -> None:
    assert search_text("White Mug", "M1") == "m1 white mug"
