"""The pictures of an item: by file, by drag, by paste; the current one large beside them.

Reading a file, judging it and drawing thumbnails happen on a worker, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import tr
from desktop_app.queries import items as item_queries
from desktop_app.queries.items import PictureRow
from desktop_app.runtime.context import AppContext
from desktop_app.services import item_pictures
from desktop_app.views.base.screen_room import room_around
from desktop_app.views.base.thumbnails import (
    ENDINGS,
    ThumbnailList,
    files_in,
    picture_of_file,
    picture_of_image,
    small,
)
from desktop_app.views.base.widgets import muted_label, problem_label, show_problem


@dataclass(frozen=True)
class Thumbnail:
    """A picture ready to be shown small."""

    row: PictureRow
    image: QImage


def load_thumbnails(uow: Any, item_id: int) -> list[Thumbnail]:
    """Rows and small images; runs on a worker."""
    return [
        Thumbnail(row, small(item_queries.picture_bytes(uow, row.id)))
        for row in item_queries.pictures(uow, item_id)
    ]


def load_image(uow: Any, picture_id: int) -> QImage:
    """A picture decoded; runs on a worker."""
    return QImage.fromData(item_queries.picture_bytes(uow, picture_id))


class ItemPictures(QWidget):
    """A part of the item's form; each change holds at once, not with the record.

    Signals:
        edited(name), left(): never sent, a form asks for them.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._item_id: int | None = None
        self._image = QImage()
        self._read_only = False
        self.list = ThumbnailList(self)
        self.list.brought.connect(self.take)
        self.list.removing.connect(self.remove)
        self.list.currentItemChanged.connect(lambda *_: self._show_current())
        self.list.itemActivated.connect(lambda _item: self.show_large())
        self.large = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.large.setMinimumSize(260, 150)
        self.add_button = QPushButton(tr("Add pictures…"), self)
        self.add_button.clicked.connect(lambda _checked=False: self.choose_files())
        self.first_button = QPushButton(tr("Make it the first"), self)
        self.first_button.clicked.connect(lambda _checked=False: self.make_first())
        self.remove_button = QPushButton(tr("Take away") + "  Del", self)
        self.remove_button.clicked.connect(lambda _checked=False: self.remove())
        self.hint = muted_label(tr("Drop files here, or paste a picture with Ctrl+V."))
        self.hint.setWordWrap(False)
        self.hint.setMinimumWidth(60)
        self.problem = problem_label()
        self._build()

    def __contains__(self, name: object) -> bool:
        return False

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show the pictures of the item among ``values``."""
        self._item_id = values.get("id")
        self._show_buttons()
        if self._item_id is None:
            self._show([])
            return
        self._context.operations.query(
            load_thumbnails, self._item_id, on_done=self._show, on_error=self._failed
        )

    def values(self) -> dict[str, Any]:
        """Pictures are kept at once, so the record has none of them."""
        return {}

    titles = values

    def problems(self) -> tuple[FieldProblem, ...]:
        """Nothing here keeps a record from being saved."""
        return ()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Problems of pictures are shown when they happen."""

    def focus_field(self, name: str | None = None) -> None:
        """Go to the pictures."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_read_only(self, read_only: bool) -> None:
        """Pictures can be looked at only."""
        self._read_only = read_only
        self._show_buttons()

    def choose_files(self) -> None:
        """Ask for picture files."""
        paths, _ = QFileDialog.getOpenFileNames(
            self, tr("Add pictures…"), "", f"{tr('Pictures')} ({ENDINGS})"
        )
        self.add_files([Path(path) for path in paths])

    def add_files(self, paths: Sequence[Path]) -> None:
        """Read, judge and keep these files, one after the other."""
        for path in paths:
            self._judge(picture_of_file, path, path.name)

    def take(self, mime: QMimeData) -> None:
        """What was dropped or pasted: files, or a picture."""
        paths = files_in(mime)
        if paths:
            self.add_files(paths)
        elif mime.hasImage():
            self._judge(picture_of_image, QImage(mime.imageData()), tr("Pasted picture"))

    def remove(self) -> None:
        """Take the current picture away."""
        current = self.list.currentItem()
        if current is not None and not self._read_only:
            self._change(item_pictures.remove_picture, self.list.id_of(current))

    def make_first(self) -> None:
        """The current picture stands for the item."""
        place = self.list.currentRow()
        if place < 1 or self._read_only or self._item_id is None:
            return
        ids = [self.list.id_of(self.list.item(n)) for n in range(self.list.count())]
        self._change(
            item_pictures.order_pictures,
            self._item_id,
            [ids[place], *(i for n, i in enumerate(ids) if n != place)],
        )

    def show_large(self) -> None:
        """The current picture in a window of its own, as large as it fits."""
        if self._image.isNull():
            return
        window = QLabel(self, Qt.WindowType.Window, alignment=Qt.AlignmentFlag.AlignCenter)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.setWindowTitle(self.list.currentItem().text())
        room = room_around(self.mapToGlobal(QPoint())).size() * 0.85
        window.setPixmap(_fitted(self._image, room))
        window.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add_button, self.first_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addWidget(self.hint, 1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addLayout(buttons)
        left.addWidget(self.problem)
        left.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 3)
        row.addWidget(self.large, 2)
        self._show_buttons()

    def _show_buttons(self) -> None:
        writing = not self._read_only and self._item_id is not None
        for button in (self.add_button, self.first_button, self.remove_button):
            button.setEnabled(writing)
        self.list.take_drops(writing)
        waiting = not self._read_only and self._item_id is None
        self.hint.setText(
            tr("Save the item first.")
            if waiting
            else tr("Drop files here, or paste a picture with Ctrl+V.")
        )

    def _judge(self, read: Any, source: Any, name: str) -> None:
        item_id = self._item_id
        if item_id is None or self._read_only:
            return
        show_problem(self.problem, "")
        self._context.operations.background(
            read,
            source,
            owner=self,
            on_done=lambda made: self._change(item_pictures.add_picture, item_id, name, made),
            on_error=lambda error: show_problem(self.problem, f"{name}: {error}"),
        )

    def _change(self, call: Any, *args: Any) -> None:
        self._context.operations.command(
            call, *args, owner=self, on_done=lambda _made: self._again(), on_error=self._failed
        )

    def _again(self) -> None:
        self.show_values({"id": self._item_id})

    def _show(self, found: Sequence[Thumbnail]) -> None:
        place = self.list.currentRow()
        self.list.clear()
        for thumbnail in found:
            row = thumbnail.row
            kilobytes = -(-row.size // 1024)
            tip = tr("{name}, {size} KB, {by}", name=row.name, size=kilobytes, by=row.added_by)
            self.list.put(row.id, row.name, thumbnail.image, tip)
        self.list.setCurrentRow(min(max(place, 0), self.list.count() - 1))
        if not found:
            self._image_known(QImage())

    def _show_current(self) -> None:
        current = self.list.currentItem()
        if current is not None:
            self._context.operations.query(
                load_image,
                self.list.id_of(current),
                on_done=self._image_known,
                on_error=self._failed,
            )

    def _image_known(self, image: QImage) -> None:
        self._image = image
        self._draw()

    def _draw(self) -> None:
        if self._image.isNull():
            self.large.setText(tr("No picture"))
        else:
            self.large.setPixmap(_fitted(self._image, self.large.size()))

    def _failed(self, error: Exception) -> None:
        show_problem(self.problem, str(error))


def _fitted(image: QImage, room: QSize) -> QPixmap:
    return QPixmap.fromImage(
        image.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        if image.width() > room.width() or image.height() > room.height()
        else image
    )
