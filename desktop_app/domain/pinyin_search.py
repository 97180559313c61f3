"""Search keys of Chinese names: initials, full pinyin, code and specification.

A clerk types "dnjl", "jl dn", "jiaolian" or "铰链" and finds 镀镍铰链. The key is computed
when a record is saved and kept in ``search_text``; a search splits what was typed into
words, each of which must occur in it (SQL: ``search_text LIKE '%word%'`` for each).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import product
from typing import Any

_MOST_READINGS = 8
"""Upper limit of spellings kept for one name with characters of several readings."""


def search_text(name: str, code: str = "", spec: str = "") -> str:
    """Lower-case key for ``LIKE``: the texts themselves, full pinyin and initials.

    Characters with several readings (重, 长, 行) are kept in each of them, the reading of
    the phrase first, up to eight spellings.
    """
    parts = [_fold(text) for text in (code, name, spec)]
    for text in (name, spec):
        parts += _spellings(_fold(text))
    return " ".join(dict.fromkeys(part for part in parts if part))


def search_words(typed: str) -> list[str]:
    """The words of a query, folded like the key; each must occur in it, in any order."""
    return _fold(typed).split()


def matches(key: str, typed: str) -> bool:
    """True when every word typed occurs in the search key. Nothing typed matches all."""
    return all(word in key for word in search_words(typed))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _spellings(text: str) -> list[str]:
    """Full pinyin and initials of the text, one pair per reading, phrase reading first."""
    if text.isascii():
        return []
    readings = _readings(text)
    found: list[str] = []
    for count, spelled in enumerate(product(*readings)):
        if count == _MOST_READINGS:
            break
        found += ["".join(spelled), "".join(syllable[:1] for syllable in spelled)]
    return found


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Possible syllables per character; other characters stand for themselves.

    pypinyin is imported here because its tables take a noticeable part of the start-up.
    """
    each = tuple(_of_character(char) for char in text)
    return tuple(
        tuple(dict.fromkeys((_in_phrase(text, place, readings[0]), *readings)))
        if len(readings) > 1
        else readings
        for place, readings in enumerate(each)
    )


def _in_phrase(text: str, place: int, usual: str) -> str:
    """The reading of a character in the longest phrase around it, else its usual one.

    A third of the time that segmenting the whole text takes.
    """
    from pypinyin.phrases_dict import phrases_dict

    for length in (4, 3, 2):
        for start in range(max(0, place - length + 1), place + 1):
            phrase = phrases_dict.get(text[start : start + length])
            if phrase is not None and len(phrase) > place - start:
                return _without_tone(phrase[place - start][0])
    return usual


@lru_cache(maxsize=4096)
def _without_tone(syllable: str) -> str:
    from pypinyin.contrib.tone_convert import to_normal

    return str(to_normal(syllable))


@lru_cache(maxsize=32_768)
def _of_character(char: str) -> tuple[str, ...]:
    """Every syllable a character may stand for; a shop's names use a few thousand of them."""
    from pypinyin import Style, pinyin

    apart: Any = list
    return tuple(pinyin(char, style=Style.NORMAL, heteronym=True, errors=apart)[0])
