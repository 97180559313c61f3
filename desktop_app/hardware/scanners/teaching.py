"""Learning a scanner's habits from four codes that are known beforehand.

A person prints the page (``reporting.layouts.scanner_page``) and scans the four codes in
order; what arrives is compared with what stands there. Pure: keys in, a profile and
findings out; nothing is set that was not seen.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.symbologies import split as split_symbology
from desktop_app.hardware.scanners.profile import GS, ScannerProfile, undoubled

_TERMINATORS = "\r\n\t"
_SLOWEST_MS = 500


@dataclass(frozen=True)
class Key:
    """One key as it arrived. ``text`` is a character, or the name of a key that types none
    (``F8``, ``Ctrl+]``, ``Alt+029``). ``at_ms`` is its time stamp.
    """

    text: str
    at_ms: int


@dataclass(frozen=True)
class TeachCode:
    """A code of the page. ``symbol`` names how it is printed; ``title`` says what it shows."""

    id: str
    text: str
    symbol: str
    title: str


TEACH_CODES = (
    TeachCode("suffix", "SCAN1234567890", "code128", N_("What the scanner sends after a code")),
    TeachCode(
        "separator",
        f"0106921111111116{'10'}TEACH{GS}3712",
        "gs1_128",
        N_("Whether the separator of GS1 codes arrives"),
    ),
    TeachCode("case", "ABCabc-/]^", "code128", N_("Capitals, small letters and signs")),
    TeachCode("chinese", "账实通-12.5", "qr", N_("Chinese in a QR code")),
)
"""In the order they are printed and scanned."""


@dataclass(frozen=True)
class Finding:
    """What one code told. ``good``: no action is needed."""

    code_id: str
    good: bool
    sentence: Message


@dataclass(frozen=True)
class Learned:
    """The profile to keep and what to tell the person, in the order of the page."""

    profile: ScannerProfile
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """False when not even a plain code arrives whole."""
        return all(f.good for f in self.findings if f.code_id == "suffix")


_PLAIN = N_("Codes arrive whole; after each one the scanner sends {suffix}.")
_NO_SUFFIX = N_(
    "The scanner sends nothing after a code. It works, a little slower; set it to send Enter."
)
_PREFIXED = N_("Before each code it sends “{prefix}”; this is cut off.")
_DOUBLED = N_("Every key comes twice; it is taken once.")
_NOT_WHOLE = N_("“{received}” arrived instead of “{expected}”. Scan this code again.")
_NOT_SCANNED = N_("This code was not scanned.")
_SEPARATOR = N_("The separator arrives.")
_REPLACED = N_("The separator arrives as “{sign}”; it is changed back.")
_LOST = N_(
    "The scanner loses the separator: what follows a lot would be added to it. Set it to"
    " send the separator (GS, ASCII 29), or use it in serial mode."
)
_CASE = N_("Capitals, small letters and signs arrive as printed.")
_SWAPPED = N_("Capitals and small letters are exchanged (Caps Lock is on); they are changed back.")
_ONE_CASE = N_("The scanner makes all letters the same size. Set it to leave letters as they are.")
_LAYOUT = N_(
    "Signs arrive changed (“{received}”): the scanner types for another keyboard layout. Set"
    " its keyboard to US English."
)
_CHINESE = N_("Chinese arrives.")
_NO_CHINESE = N_(
    "Chinese does not arrive (“{received}”). Codes with letters and digits work; for Chinese"
    " use the scanner in serial mode."
)
_SUFFIX_NAMES: Mapping[str, str] = {
    "\r": N_("Enter"),
    "\n": N_("a line feed"),
    "\r\n": N_("Enter and a line feed"),
    "\t": N_("Tab"),
}


def learn(
    received: Mapping[str, Sequence[Key]], codes: Sequence[TeachCode] = TEACH_CODES
) -> Learned:
    """The profile of a scanner from what arrived for each code of the page, by its id."""
    profile = ScannerProfile(suffix="")
    findings: list[Finding] = []
    for code in codes:
        keys = received.get(code.id, ())
        if not keys:
            findings.append(Finding(code.id, False, Message(_NOT_SCANNED)))
            continue
        profile, told = _STEPS[code.id](profile, code, keys)
        findings += told
    return Learned(profile, tuple(findings))


def _learn_suffix(
    profile: ScannerProfile, code: TeachCode, keys: Sequence[Key]
) -> tuple[ScannerProfile, list[Finding]]:
    text = "".join(key.text for key in keys)
    once = undoubled(text)
    body = once.rstrip(_TERMINATORS)
    suffix = once[len(body) :]
    folded = body if code.text in body else body.swapcase()
    if code.text not in folded:
        facts = {"received": _shown(text), "expected": code.text}
        return profile, [Finding(code.id, False, Message(_NOT_WHOLE, facts))]
    place = folded.index(code.text)
    symbology = split_symbology(body[:place] + "x")[0]
    prefix = "" if symbology == body[:place] else body[:place]
    # what follows the code before Enter belongs to the suffix as well
    suffix = folded[place + len(code.text) :] + suffix
    profile = replace(
        profile,
        suffix=suffix,
        prefix=prefix,
        sends_symbology=bool(symbology),
        doubled=once != text,
        case_swapped=folded is not body,
    )
    profile = _timed(profile, keys)
    return profile, [Finding(code.id, True, said) for said in _suffix_words(profile)]


def _suffix_words(profile: ScannerProfile) -> list[Message]:
    name = _SUFFIX_NAMES.get(profile.suffix, profile.suffix)
    said = [
        Message(_PLAIN, {"suffix": Message(name)}) if profile.suffix else Message(_NO_SUFFIX),
    ]
    if profile.prefix:
        said.append(Message(_PREFIXED, {"prefix": _shown(profile.prefix)}))
    if profile.doubled:
        said.append(Message(_DOUBLED))
    return said


def _timed(profile: ScannerProfile, keys: Sequence[Key]) -> ScannerProfile:
    """Half as much again as the longest pause seen, never under what any scanner may need."""
    gaps = [later.at_ms - earlier.at_ms for earlier, later in itertools.pairwise(keys)]
    longest = max((gap for gap in gaps if gap >= 0), default=0)
    usual = ScannerProfile()
    return replace(
        profile,
        max_gap_ms=min(max(usual.max_gap_ms, longest * 3 // 2), _SLOWEST_MS),
        idle_ms=min(max(usual.idle_ms, longest * 2), 2 * _SLOWEST_MS),
    )


def _learn_separator(
    profile: ScannerProfile, code: TeachCode, keys: Sequence[Key]
) -> tuple[ScannerProfile, list[Finding]]:
    before, after = code.text.split(GS)
    names = _without_alt_digits([key.text for key in keys])
    if profile.doubled and names[::2] == names[1::2]:
        names = names[::2]
    text = _bare(profile, "".join(n if len(n) == 1 else GS for n in names))
    if not (text.startswith(before) and text.endswith(after)):
        facts = {"received": _shown(text), "expected": _shown(code.text)}
        return profile, [Finding(code.id, False, Message(_NOT_WHOLE, facts))]
    between = text[len(before) : len(text) - len(after)]
    if between == GS:
        return profile, [Finding(code.id, True, Message(_SEPARATOR))]
    if not between:
        profile = replace(profile, loses_separator=True)
        return profile, [Finding(code.id, False, Message(_LOST))]
    if len(between) == 1 and not between.isalnum():
        profile = replace(profile, separators=between)
        return profile, [Finding(code.id, True, Message(_REPLACED, {"sign": between}))]
    facts = {"received": _shown(text), "expected": _shown(code.text)}
    return profile, [Finding(code.id, False, Message(_NOT_WHOLE, facts))]


def _without_alt_digits(names: Sequence[str]) -> list[str]:
    """``Alt+0``, ``Alt+2``, ``Alt+9`` are one key sequence."""
    joined: list[str] = []
    for name in names:
        if name.startswith("Alt+") and joined and joined[-1].startswith("Alt+"):
            joined[-1] += name.removeprefix("Alt+")
        else:
            joined.append(name)
    return joined


def _learn_case(
    profile: ScannerProfile, code: TeachCode, keys: Sequence[Key]
) -> tuple[ScannerProfile, list[Finding]]:
    text = _bare(profile, "".join(key.text for key in keys))
    if text == code.text:
        if profile.case_swapped:
            return profile, [Finding(code.id, True, Message(_SWAPPED))]
        return profile, [Finding(code.id, True, Message(_CASE))]
    if text == code.text.swapcase():
        # the capitals of the first code were read before or after Caps Lock was pressed
        profile = replace(profile, case_swapped=not profile.case_swapped)
        sentence = Message(_SWAPPED if profile.case_swapped else _CASE)
        return profile, [Finding(code.id, True, sentence)]
    if text in {code.text.upper(), code.text.lower()}:
        return profile, [Finding(code.id, False, Message(_ONE_CASE))]
    return profile, [Finding(code.id, False, Message(_LAYOUT, {"received": _shown(text)}))]


def _learn_chinese(
    profile: ScannerProfile, code: TeachCode, keys: Sequence[Key]
) -> tuple[ScannerProfile, list[Finding]]:
    text = _bare(profile, "".join(key.text for key in keys))
    if text == code.text:
        return profile, [Finding(code.id, True, Message(_CHINESE))]
    return profile, [Finding(code.id, False, Message(_NO_CHINESE, {"received": _shown(text)}))]


_STEPS = {
    "suffix": _learn_suffix,
    "separator": _learn_separator,
    "case": _learn_case,
    "chinese": _learn_chinese,
}


def _bare(profile: ScannerProfile, text: str) -> str:
    """``text`` without what the scanner puts around it."""
    body = profile.undo(text).strip(_TERMINATORS)
    return split_symbology(body)[1] if profile.sends_symbology else body


def _shown(text: str) -> str:
    return text.rstrip(_TERMINATORS).replace(GS, "<GS>")[:40]
