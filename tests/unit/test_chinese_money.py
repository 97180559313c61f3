"""大写金额 by 支付结算办法."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.chinese_money import money_in_words

_CASES = {
    "1409.50": "人民币壹仟肆佰零玖元伍角",
    "6007.14": "人民币陆仟零柒元壹角肆分",
    "16409.02": "人民币壹万陆仟肆佰零玖元零贰分",
    "325.04": "人民币叁佰贰拾伍元零肆分",
    "1680.32": "人民币壹仟陆佰捌拾元叁角贰分",
    "107000.53": "人民币壹拾万零柒仟元伍角叁分",
    "1000": "人民币壹仟元整",
    "10": "人民币壹拾元整",
    "0": "人民币零元整",
    "0.05": "人民币伍分",
    "0.5": "人民币伍角",
    "-12.3": "人民币负壹拾贰元叁角",
    "20005000": "人民币贰仟万零伍仟元整",
    "100000000": "人民币壹亿元整",
    "100010000.1": "人民币壹亿零壹万元壹角",
    "100000001": "人民币壹亿零壹元整",
    "1000000000000": "人民币壹万亿元整",
    "1000100000000": "人民币壹万零壹亿元整",
    "123456789012.34": "人民币壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分",
    "0.005": "人民币壹分",
}


@pytest.mark.parametrize(("amount", "words"), _CASES.items())
def test_amount_is_written_by_the_rule(amount: str, words: str) -> None:
    assert money_in_words(Decimal(amount)) == words


def test_too_large_an_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        money_in_words(Decimal(10) ** 16)


_VALUE = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNIT = {"拾": 10, "佰": 100, "仟": 1000}


def _read_back(words: str) -> int:
    """Cents meant by capital figures: a reader written apart from the writer."""
    total = group = digit = 0
    high = 0
    for sign in words.removeprefix("人民币"):
        if sign in _VALUE:
            digit = _VALUE[sign]
        elif sign in _UNIT:
            group += digit * _UNIT[sign]
            digit = 0
        elif sign in "万亿元":
            group += digit
            digit = 0
            if sign == "万":
                total += group * 10**4
            elif sign == "亿":
                high = (total + group) * 10**8
                total = 0
            else:
                total += group
            group = 0
        elif sign == "角":
            total = (total + high) * 100 + digit * 10
            high, digit = 0, 0
            return total + (_VALUE[words[-2]] if words.endswith("分") else 0)
        elif sign == "分":
            return (total + high) * 100 + digit
    return (total + high) * 100


@given(st.integers(min_value=0, max_value=10**17))
def test_any_amount_reads_back(cents: int) -> None:
    assert _read_back(money_in_words(Decimal(cents).scaleb(-2))) == cents
    assert "零零" not in money_in_words(Decimal(cents).scaleb(-2))
