"""Lines of text that fit a width: wrapped first, then smaller, never over the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.reporting.fonts import REGULAR, printable, text_width

LEADING = 1.22
"""Line distance as a multiple of the type size; Noto Sans SC needs a little room."""

Measure = Callable[[str], float]
"""The width of a text in some unit."""

_ELLIPSIS = "…"
_ROUNDING = 0.01  # points: a column made for three signs holds three
# A word, a run of spaces, or one sign of a script that breaks anywhere.
_TOKEN = re.compile(r"\s+|[!-~\u00a0-\u024f]+|.", re.DOTALL)
_NOT_LAST = "（《【「“‘([¥￥"
_NOT_FIRST = "，。、；：？！）》】」”’％,.;:?!)%]"


@dataclass(frozen=True)
class Fitted:
    """Text ready to draw: ``lines`` at ``size`` points; ``height`` includes leading."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """Points from the top of the first line to the foot of the last."""
        return len(self.lines) * self.size * LEADING


def wrap(text: str, width: float, size: float, font: str = REGULAR) -> tuple[str, ...]:
    """``text`` broken into lines no wider than ``width`` points (at least one line)."""
    return wrap_measured(
        printable(text, font), width, lambda part: text_width(part, font, size) - _ROUNDING
    )


def wrap_measured(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """``text`` broken into lines that ``measure`` finds no wider than ``width`` (any unit)."""
    lines: list[str] = []
    line = ""
    for token in _tokens(text.strip(), width, measure):
        if token.isspace() and not line:
            continue
        hangs = token in _NOT_FIRST and line
        if measure(line + token) <= width or (hangs and len(line) < 2):
            line += token
        elif hangs and not line[-1].isspace():
            # A closing sign takes the sign before it along to the next line.
            lines.append(line[:-1].rstrip())
            line = line[-1] + token
        else:
            opening = line[-1] if len(line) > 1 and line[-1] in _NOT_LAST else ""
            lines.append(line[: len(line) - len(opening)].rstrip())
            line = "" if token.isspace() else opening + token
    lines.append(line.rstrip())
    return tuple(lines)


def words(text: str) -> tuple[str, ...]:
    """The parts of ``text`` that a line break should not divide."""
    return tuple(word for word in _TOKEN.findall(text) if len(word) > 1 and not word.isspace())


def _tokens(text: str, width: float, measure: Measure) -> list[str]:
    """Words and signs; a word wider than the column falls into characters."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if len(token) > 1 and measure(token) > width:
            tokens.extend(token)
        else:
            tokens.append(token)
    return tokens


def fit(
    text: str,
    width: float,
    size: float,
    font: str = REGULAR,
    *,
    max_lines: int = 4,
    min_size: float = 6.0,
) -> Fitted:
    """``text`` in at most ``max_lines`` lines of ``width``, smaller down to ``min_size``.

    A little smaller is preferred to breaking a word. Text that does not fit even at
    ``min_size`` ends with an ellipsis on its last line.
    """
    size = _unbroken_size(text, width, size, font, min_size)
    while True:
        lines = wrap(text, width, size, font)
        if len(lines) <= max_lines:
            return Fitted(lines, size)
        if size - 0.5 < min_size:
            break
        size -= 0.5
    kept = list(lines[:max_lines])
    last = kept[-1] + _ELLIPSIS
    while text_width(last, font, size) > width and len(last) > 1:
        last = last[:-2] + _ELLIPSIS
    kept[-1] = last
    return Fitted(tuple(kept), size)


def _unbroken_size(text: str, width: float, size: float, font: str, least: float) -> float:
    """The size, at most 2.5 pt smaller, at which no word is wider than the column.

    The given size when there is none: then the word has to be broken anyway.
    """
    words = [word for word in _TOKEN.findall(printable(text, font)) if len(word) > 1]
    widest = max((text_width(word, font, 1) for word in words), default=0.0)
    if widest * size <= width:
        return size
    smaller = int(width / widest * 4) / 4
    return smaller if smaller >= max(least, size - 2.5) else size


def fit_line(
    text: str, width: float, size: float, font: str = REGULAR, *, min_size: float = 6.0
) -> Fitted:
    """``text`` on one line, smaller down to ``min_size``, then cut with an ellipsis."""
    return fit(text, width, size, font, max_lines=1, min_size=min_size)
