"""Tax numbers of Chinese companies: is there a slip of the pen in it?

The 18-character 统一社会信用代码 follows GB 32100-2015: 31 digits and letters (without I, O, S,
V, Z), character weights 3^n mod 31, and a check character that brings the weighted sum to a
multiple of 31. Before 2015 a tax number had 15 characters without a check of its own.
Whatever is wrong is a remark, never a refusal: foreign partners have other numbers.
"""

from __future__ import annotations

import re
import unicodedata

from desktop_app.core.i18n import N_, Message

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH, OLD_LENGTH = 18, 15
_OLD = re.compile(r"\d{6}[0-9A-Z]{9}")


def fold_tax_id(text: str) -> str:
    """As it is kept: plain capitals and digits without blanks or hyphens."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_character(body: str) -> str:
    """The 18th character for the first 17. Raises ValueError for characters that cannot occur."""
    total = sum(ALPHABET.index(char) * pow(3, n, 31) for n, char in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


def tax_id_warning(text: str) -> Message | None:
    """What looks wrong with a tax number, or None when it is empty or looks right."""
    code = fold_tax_id(text)
    if not code or (len(code) == OLD_LENGTH and _OLD.fullmatch(code)):
        return None
    if len(code) != LENGTH:
        return Message(
            N_(
                "A Chinese tax number has 18 characters (15 before 2015), this one has {count}."
                " Fine for a foreign partner."
            ),
            {"count": len(code)},
        )
    strange = next((char for char in code if char not in ALPHABET), None)
    if strange is not None:
        return Message(
            N_("“{char}” does not occur in a credit code. Was it read wrongly?"), {"char": strange}
        )
    if check_character(code[:-1]) != code[-1]:
        return Message(N_("The check character does not fit: a digit was mistaken or swapped."))
    return None
