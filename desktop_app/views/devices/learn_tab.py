"""Learning what one piece weighs, and counting by weight with it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import AppError, InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.domain import weighing
from desktop_app.domain.document_type import Editor, Field
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.domain.weighing import Sample, UnitWeight, grams
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.queries.devices import unit_weight
from desktop_app.runtime import weights
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import devices, scanning
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.widgets import (
    hide_unless,
    muted_label,
    primary_button,
    problem_label,
    show_problem,
)
from desktop_app.views.devices.weight_display import WeightDisplay
from desktop_app.views.master_data.master_page import QuietTable

_ITEM = (Field("item_id", N_("Item"), Editor.ITEM, width=30),)
_WRITE = "master.write"


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Pieces"), lambda s: str(s.pieces), 10, right=True),
        StationColumn(tr("Net g"), lambda s: format_quantity(s.net_g), 14, right=True),
        StationColumn(
            tr("One piece g"),
            lambda s: f"{s.net_g / s.pieces:.4f}",
            14,
            right=True,
            bold=True,
        ),
        StationColumn("", lambda _s: "", stretch=True),
    )


class LearnTab(QWidget):
    """Choose the item, put counted pieces on, F8 takes the sample; three samples tell the spread."""

    def __init__(self, context: AppContext, hosted: Hosted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._hosted = context, hosted
        profile = ScaleProfile.from_settings(hosted.device.settings.get("profile") or {})
        self._division_g = grams(profile.division, profile.unit)
        self.samples: list[Sample] = []
        self.known: UnitWeight | None = None
        self.display = WeightDisplay(self)
        self.count = QLabel(self)
        enlarge(self.count, 2.4, bold=True)
        self.form = HeadForm(context, _ITEM, scanning.search, self)
        self.form.edited.connect(lambda _name: self._item_chosen())
        self.pieces = QLineEdit(self)
        self.remark = QLabel(self, wordWrap=True)
        self.problem = problem_label()
        self.table = QuietTable(_columns(), self)
        self.sample_button = QPushButton(tr("Take this sample") + "  F8", self)
        self.clear_button = QPushButton(tr("Begin again"), self)
        self.save_button = primary_button(tr("Keep with the item") + "  Ctrl+S")
        self._build()
        self._show_learnt()

    @property
    def item_id(self) -> int | None:
        """The item chosen."""
        found = self.form.value("item_id")
        return int(found) if found else None

    @property
    def learnt(self) -> UnitWeight | None:
        """What the samples say, None without any."""
        return weighing.learn(self.samples, self._division_g) if self.samples else None

    def show_item(self, item_id: int, title: str) -> None:
        """Choose an item from outside."""
        self.form.show_values({"item_id": item_id, "item_title": title})
        self._item_chosen()

    def seen(self, weighed: Weighed) -> None:
        """A reading came: show it and how many pieces it is."""
        self.display.show_weighed(weighed)
        unit = self.learnt or self.known
        if unit is None or weighed.value is None or weighed.value < 0:
            self.count.setText("")
            return
        try:
            net = grams(weighed.value, weighed.unit)
            self.count.setText(str(weighing.count_by_weight(net, unit, self._division_g).message))
        except InvalidInput as error:
            self.count.setText("")
            show_problem(self.problem, str(error.problems[0].message))

    def run(self) -> None:
        """Take the steady weight as that of the pieces typed (F8)."""
        show_problem(self.problem, "")
        try:
            pieces = int(parse_quantity(self.pieces.text(), field="pieces", decimals=0))
            sample = Sample(pieces, weights.judged(self._hosted).grams)
        except InvalidInput as error:
            show_problem(self.problem, str(error.problems[0].message))
            self.pieces.setFocus()
            return
        except AppError as error:
            show_problem(self.problem, str(error))
            return
        except ValueError:
            show_problem(self.problem, tr("How many pieces lie on the pan?"))
            self.pieces.setFocus()
            return
        before = self.learnt or self.known
        odd = weighing.odd_sample(before, sample, self._division_g) if before else None
        small = weighing.check_sample_size(sample, self._division_g)
        self.samples.append(sample)
        self.table.show_rows(self.samples)
        remarks = [str(message) for message in (odd, small) if message is not None]
        show_problem(self.problem, " ".join(remarks))
        self._context.notifier.sound("wrong" if odd else "ok")
        self._show_learnt()

    def begin_again(self) -> None:
        """Forget the samples."""
        self.samples = []
        self.table.show_rows(())
        self._show_learnt()

    def save(self) -> None:
        """Keep the unit weight with the item (Ctrl+S)."""
        learnt, item_id = self.learnt, self.item_id
        if learnt is None:
            show_problem(self.problem, tr("Take a sample first: put counted pieces on the scale."))
            return
        if item_id is None:
            show_problem(self.problem, tr("Choose the item first."))
            self.form.focus_field("item_id")
            return
        self._context.operations.command(
            devices.learn_unit_weight,
            item_id,
            learnt.mean_g,
            learnt.spread_g,
            learnt.pieces,
            on_done=self._saved,
            on_error=self._failed,
        )

    def _saved(self, _nothing: object) -> None:
        self._context.notifier.success(tr("Saved"))
        self.known = self.learnt
        self.begin_again()

    def _failed(self, error: Exception) -> None:
        show_problem(self.problem, str(error))

    def _item_chosen(self) -> None:
        self.known = None
        self.begin_again()
        if self.item_id is not None:
            self._context.operations.query(
                unit_weight, self.item_id, on_done=self._show_known, on_error=self._failed
            )
            self.pieces.setFocus()

    def _show_known(self, known: UnitWeight | None) -> None:
        self.known = known
        self._show_learnt()

    def _show_learnt(self) -> None:
        learnt = self.learnt
        if learnt is not None:
            text = tr(
                "Learnt from {pieces} pieces: {weight}", pieces=learnt.pieces, weight=_said(learnt)
            )
            if learnt.spread_g is None:
                text += " " + tr("After three samples the spread is known too.")
        elif self.known is not None:
            text = tr("Known so far: {weight}", weight=_said(self.known))
        else:
            text = tr("What one piece weighs is not known yet.")
        self.remark.setText(text)
        self.remark.setStyleSheet(f"color: {tone(Tone.GOOD if learnt else Tone.MUTED).name()};")

    def _build(self) -> None:
        may = self._context.user.may(_WRITE)
        hide_unless(may, self.save_button)
        self.sample_button.clicked.connect(lambda _checked=False: self.run())
        self.clear_button.clicked.connect(lambda _checked=False: self.begin_again())
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        self.pieces.returnPressed.connect(self.run)
        self.pieces.setAccessibleName(tr("Pieces"))
        self.pieces.setPlaceholderText(tr("Pieces on the pan, counted by hand"))
        grid = self.form.layout()
        if isinstance(grid, QGridLayout):
            for place in (2, 4):  # one field: no room for the columns beside it
                grid.setColumnMinimumWidth(place, 0)
                grid.setColumnStretch(place + 1, 0)
        row = QHBoxLayout()
        row.addWidget(self.form, 1)
        for widget in (QLabel(tr("Pieces"), self), self.pieces, self.sample_button):
            row.addWidget(widget)
        keys = QHBoxLayout()
        keys.addWidget(self.remark, 1)
        keys.addWidget(self.clear_button)
        keys.addWidget(self.save_button)
        top = QHBoxLayout()
        top.addWidget(self.display, 3)
        top.addWidget(self.count, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(
            muted_label(tr("Three samples of different size are enough; more pieces are surer."))
        )
        column.addWidget(self.table, 1)
        column.addLayout(keys)


def _said(weight: UnitWeight) -> str:
    """ "4.0012 g ± 0.0110 g": the mean of one piece and its spread."""
    mean = _figure(weight.mean_g)
    if weight.spread_g is None:
        return tr("{mean} g a piece", mean=mean)
    return tr("{mean} g a piece ± {spread} g", mean=mean, spread=_figure(weight.spread_g))


def _figure(value: Decimal) -> str:
    return format_quantity(round(value, 4))
