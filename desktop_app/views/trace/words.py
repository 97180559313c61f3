"""The words of an explanation: what a flow is called, and the one sentence at the top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor
from desktop_app.domain.locations import TITLES as PLACE_TITLES, LocationKind
from desktop_app.queries.trace import Block, CountBase, Flow, Start, Step, Waterfall
from desktop_app.services.lists import VERB_TITLES
from desktop_app.views.base.values import format_value

MINUS = "−"
FLOW_WORDS: dict[Flow, str] = {
    Flow("supplier", inbound=True): N_("received"),
    Flow("supplier", inbound=False): N_("sent back to the supplier"),
    Flow("customer", inbound=False): N_("shipped"),
    Flow("customer", inbound=True): N_("returned by customers"),
    Flow("opening", inbound=True): N_("opening stock"),
    Flow("opening", inbound=False): N_("opening stock taken back"),
    Flow("difference", inbound=True): N_("found"),
    Flow("difference", inbound=False): N_("found missing"),
    Flow("scrap", inbound=False): N_("written off"),
    Flow("scrap", inbound=True): N_("written off by mistake"),
    Flow("process", inbound=True): N_("made"),
    Flow("process", inbound=False): N_("used up"),
    Flow("production", inbound=False): N_("issued to production"),
    Flow("production", inbound=True): N_("back from production"),
    Flow("subcontractor", inbound=False): N_("sent to subcontractors"),
    Flow("subcontractor", inbound=True): N_("back from subcontractors"),
    Flow("transit", inbound=False): N_("transferred out"),
    Flow("transit", inbound=True): N_("transferred in"),
    Flow("staging", inbound=False): N_("picked"),
    Flow("staging", inbound=True): N_("put back from the dock"),
    Flow("hold", inbound=False): N_("frozen"),
    Flow("hold", inbound=True): N_("released from hold"),
}
_MOVED = {True: N_("moved here"), False: N_("moved away")}


def number(qty: Decimal) -> str:
    """A quantity as people read it, without a sign of its own."""
    return format_value(Editor.QUANTITY, abs(qty))


def signed(qty: Decimal) -> str:
    """A change: "+60" or "−24"."""
    return f"{'+' if qty >= 0 else MINUS}{number(qty)}"


def flow_word(flow: Flow) -> str:
    """What happened to the goods, in a word or two, in the reader's language."""
    return tr(FLOW_WORDS.get(flow, _MOVED[flow.inbound]))


def sentence(found: Waterfall) -> str:
    """The whole explanation: "236 pcs = 200 counted on … + 60 received − 24 shipped"."""
    parts = [start_words(found.start)] if found.start.counts else []
    for flow, qty in found.flows:
        words = tr("{qty} {flow}", qty=number(qty), flow=flow_word(flow))
        if parts:
            parts.append(f"{'+' if qty >= 0 else MINUS} {words}")
        else:
            parts.append(words if qty >= 0 else f"{MINUS}{words}")
    total = f"{format_value(Editor.QUANTITY, found.subject.on_hand)} {found.subject.uom}"
    if not parts:
        return tr("{total}: nothing has ever happened here.", total=total)
    return f"{total} = {' '.join(parts)}"


def start_words(start: Start) -> str:
    """ "200 counted on 2026-01-05 09:30", or nothing at the beginning."""
    if not start.counts:
        return tr("nothing at the beginning")
    qty, at = number(start.qty), format_value(Editor.TIMESTAMP, start.at)
    if len(start.counts) == 1:
        return tr("{qty} counted on {at}", qty=qty, at=at)
    return tr(
        "{qty} counted in {count} places, last on {at}", qty=qty, at=at, count=len(start.counts)
    )


def count_words(count: CountBase) -> str:
    """One count as the row of a table says it."""
    if count.qty == count.counted:
        return tr("Counted")
    return tr("Counted {counted}; the small difference was left", counted=number(count.counted))


def step_words(step: Step) -> str:
    """What the act was, and whether it was taken back."""
    title = tr(VERB_TITLES.get(step.verb, step.verb))
    if step.is_red:
        return tr("Red entry")
    return tr("{act} (reversed)", act=title) if step.is_reversed else title


def block_words(block: Block) -> str:
    """Older moves of one kind in a period."""
    return tr("{flow}: {count} moves", flow=capital(flow_word(block.flow)), count=block.moves)


def period(first: date, last: date) -> str:
    """ "2026-01-05" or "2026-01-05 … 2026-01-31"."""
    return first.isoformat() if first == last else f"{first.isoformat()} … {last.isoformat()}"


def place_word(code: str) -> str:
    """A bin by its code; the world outside (SUPPLIER, CUSTOMER …) by its name."""
    known = code.lower()
    return tr(PLACE_TITLES[LocationKind(known)]) if known in PLACE_TITLES else code


def capital(text: str) -> str:
    """The same with a capital letter at the beginning."""
    return text[:1].upper() + text[1:]


def joined(parts: Iterable[str], most: int = 3) -> str:
    """A few codes, the rest as an ellipsis."""
    known = list(parts)
    return ", ".join(known[:most]) + (" …" if len(known) > most else "")
