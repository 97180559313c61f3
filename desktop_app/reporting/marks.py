"""Marks that tell a print apart: not yet posted, printed again."""

from __future__ import annotations

from desktop_app.core.i18n import tr
from desktop_app.reporting.options import PrintOptions


def marks(options: PrintOptions) -> tuple[str, ...]:
    """Words boxed beside the title."""
    words = []
    if options.draft:
        words.append(tr("DRAFT"))
    if options.copy_no:
        words.append(tr("REPRINT {number}", number=options.copy_no))
    return tuple(words)


def numbered(number: str, options: PrintOptions) -> str:
    """The document number, with a star while the document has not been posted."""
    return number + "*" if options.draft else number
