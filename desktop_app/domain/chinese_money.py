"""Amounts in Chinese capital figures (大写金额) as on delivery notes and receipts.

Follows 支付结算办法, annex 正确填写票据和结算凭证的基本规定 (People's Bank of China, 1997):
the prefix 人民币 touches the figure; 整 follows an amount that ends at 元; one 零 stands
for zeros between figures; 零 stands before 分 when there is no 角. Where the rule leaves
a choice (元 is 0 and 角 is not), the shorter form is written. cn2an drops the 零 after an
empty 万 place ("贰仟万伍仟"), which is allowed but reads badly, hence these lines.
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.domain.quantities import round_half_up

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("万亿", "亿", "万", "")
_LIMIT = Decimal(10) ** 16


def money_in_words(amount: Decimal, prefix: str = "人民币") -> str:
    """``amount`` in yuan, rounded half up to 分, in capital figures.

    A negative amount (a returned delivery) gets 负 after the prefix.
    Raises ValueError at 10^16 yuan and above, for which the rule has no name.
    """
    rounded = round_half_up(amount, 2)
    if abs(rounded) >= _LIMIT:
        raise ValueError("the amount has no name in capital figures")
    sign = "负" if rounded < 0 else ""
    cents = int(abs(rounded) * 100)
    return prefix + sign + _figures(*divmod(cents, 100))


def _figures(yuan: int, cents: int) -> str:
    jiao, fen = divmod(cents, 10)
    head = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return (head or "零元") + "整"
    text = head
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif head:
        text += "零"
    if fen:
        text += _DIGITS[fen] + "分"
    return text


def _whole(yuan: int) -> str:
    figures = f"{yuan:016d}"
    text = ""
    for index, name in enumerate(_GROUPS):
        group = figures[index * 4 : index * 4 + 4]
        if group == "0000":
            text += "零"
            continue
        for digit, place in zip(group, _PLACES, strict=True):
            text += "零" if digit == "0" else _DIGITS[int(digit)] + place
        text = text.rstrip("零") + name
        if group.endswith("0"):
            text += "零"
    text = re.sub("零+", "零", text).strip("零")
    # 万亿 is counted in 亿: the name is written once when both groups hold figures.
    return re.sub("万亿(?=.*亿)", "万", text)
