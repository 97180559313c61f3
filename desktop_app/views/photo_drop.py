"""A photo dropped on the scan bar is read like a scanner would read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext

_DRAG = frozenset({QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop})
"""Each must be accepted: a field that takes text would turn a file away while it moves."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


class PhotoDrop(QObject):
    """Watches ``target``; the codes of a photo go to the hub one after the other."""

    def __init__(self, context: AppContext, target: QWidget) -> None:
        super().__init__(target)
        self._context = context
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _DRAG or not isinstance(event, QDropEvent):
            return False
        pictures = [
            Path(url.toLocalFile())
            for url in event.mimeData().urls()
            if url.isLocalFile() and Path(url.toLocalFile()).suffix.lower() in PICTURES
        ]
        if not pictures:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            for picture in pictures:
                self.read(picture)
        return True

    def read(self, picture: Path) -> None:
        """Read a photo in the background and hand over its codes."""
        self._context.operations.background(
            _codes_of,
            picture,
            on_done=lambda codes: self._found(picture, codes),
            on_error=self._context.notifier.error,
            owner=self,
        )

    def _found(self, picture: Path, codes: Any) -> None:
        if not codes:
            self._context.notifier.warning(tr("No code was found in {file}.", file=picture.name))
            self._context.notifier.sound("unknown")
        hub = self._context.scans
        for code in codes if hub is not None else ():
            hub.from_photo(code.text, code.symbology)


def _codes_of(picture: Path) -> Any:
    # zxing-cpp and pillow are loaded when somebody has a photo
    from desktop_app.hardware.photo_codes import MAX_BYTES, read_codes

    with picture.open("rb") as stream:
        return read_codes(stream.read(MAX_BYTES + 1))
