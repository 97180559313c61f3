"""Teaching the program a scanner: four codes, and it knows its habits.

The scanner is the one that types like a keyboard, or one of this PC's devices with a line.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.hardware.scanners.serial_framing import code_of
from desktop_app.hardware.scanners.teaching import TEACH_CODES, Key, Learned, learn
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.scanner_file import save_profile
from desktop_app.services import devices
from desktop_app.services.devices import Device
from desktop_app.views.base.icons import pixmap
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, muted_label, primary_button, title_label
from desktop_app.views.theme import current


class TeachPage(Page):
    """Scan the four codes in order; each answer stands beside its code at once.

    While it waits, keys go to no field (Esc ends it). Nothing holds before it is kept.
    """

    for_scanning = True

    def __init__(self, context: AppContext, device_id: int | None = None) -> None:
        super().__init__(context)
        self._device_id = device_id
        self._received: dict[str, list[Key]] = {}
        self._learned: Learned | None = None
        self._waiting = False
        self.answers: dict[str, QLabel] = {}
        self._marks: dict[str, QLabel] = {}
        self.prompt = heading("")
        self.start_button = primary_button(tr("Begin (F6)"))
        self.keep_button = QPushButton(tr("Keep (Ctrl+S)"))
        self.paper_button = QPushButton(tr("Print the page (F9)"))
        self.forget_button = QPushButton(tr("Forget what was taught"))
        self._lay_out()
        for key, button in (
            ("F6", self.start_button),
            ("Ctrl+S", self.keep_button),
            ("F9", self.paper_button),
        ):
            QShortcut(QKeySequence(key), self, button.click)
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape),
            self,
            self.end,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.start_button.clicked.connect(self.begin)
        self.keep_button.clicked.connect(self.keep)
        self.forget_button.clicked.connect(self.forget)
        self.paper_button.clicked.connect(lambda: context.open_page("scanner_codes", {}))
        host, hub = context.devices, context.scans
        if self._device is not None and host is not None:
            host.scanned.connect(self._line_scanned)
        elif hub is not None:
            hub.keys.connect(self.arrived)
        self._show()

    @property
    def _device(self) -> Device | None:
        """As it is kept now; None for the keyboard scanner."""
        host = self.context.devices
        if host is None or self._device_id is None:
            return None
        hosted = host.find(self._device_id)
        return hosted.device if hosted is not None else None

    def title(self) -> str:
        return tr("Teach a scanner")

    def begin(self) -> None:
        """From the first code."""
        self._received, self._learned = {}, None
        self._wait(True)

    def end(self) -> None:
        """Esc: keys are keys again."""
        self._wait(False)

    def arrived(self, keys: list[Key]) -> None:
        """The keys of one code."""
        code = self._next()
        if not self._waiting or code is None:
            return
        self._received[code] = keys
        self._learned = learn(self._received)
        good = all(f.good for f in self._learned.findings if f.code_id == code)
        if code == TEACH_CODES[0].id and not self._learned.usable:
            del self._received[code]  # another code was scanned: ask for this one again
        self.context.notifier.sound("ok" if good else "wrong")
        if self._next() is None:
            self._wait(False)
        self._show()

    def _line_scanned(self, _code: str, symbology: str, raw: bytes, source: str) -> None:
        """A code over the device's line: its bytes are the keys; a line ends each code itself."""
        device = self._device
        if device is None or source != device.name:
            return
        code = code_of(raw, symbology)
        if code is not None:
            self.arrived([Key(sign, 0) for sign in f"{code.symbology}{code.text}\r"])

    def on_scan(self, code: ScanResult) -> bool:
        """While it waits, codes of a line are for it alone."""
        return self._waiting

    def keep(self) -> None:
        """This scanner from now on."""
        if self._learned is not None and self._learned.usable:
            self._use(self._learned.profile, tr("The scanner is taught."))

    def forget(self) -> None:
        """Back to a scanner without habits."""
        self._use(ScannerProfile(), tr("The scanner is read as delivered again."))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.end()

    def hideEvent(self, event: Any) -> None:  # noqa: N802
        self.end()
        super().hideEvent(event)

    def _use(self, profile: ScannerProfile, done: str) -> None:
        device = self._device
        if device is not None:
            self._keep_with_device(device, profile, done)
            return
        hub = self.context.scans
        if hub is None:
            return
        hub.use_profile(profile)
        self.context.operations.background(
            save_profile,
            self.context.settings.folder,
            profile,
            on_done=lambda _: self.context.notifier.success(done),
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _keep_with_device(self, device: Device, profile: ScannerProfile, done: str) -> None:
        settings = {**device.settings, "profile": profile.to_json()}
        self.context.operations.command(
            devices.save,
            {"name": device.name, "identity": device.identity, "settings": settings},
            device_id=device.id,
            version=device.version,
            on_done=lambda _: self._kept_with_device(done),
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _kept_with_device(self, done: str) -> None:
        if self.context.devices is not None:
            self.context.devices.start()
        self.context.notifier.success(done)

    def _wait(self, on: bool) -> None:
        hub = self.context.scans
        if on != self._waiting and self._device is not None:
            self._waiting = on
        elif on != self._waiting and hub is not None:
            self._waiting = on
            hub.recording.emit(on)
        self._show()

    def _next(self) -> str | None:
        return next((code.id for code in TEACH_CODES if code.id not in self._received), None)

    def _show(self) -> None:
        following = self._next()
        if self._waiting and following is not None:
            number = [code.id for code in TEACH_CODES].index(following) + 1
            self.prompt.setText(tr("Scan code {number} now. Esc ends.", number=number))
        elif self._learned is not None:
            usable = self._learned.usable
            self.prompt.setText(
                tr("Keep it with Ctrl+S.") if usable else tr("The first code did not arrive whole.")
            )
        else:
            self.prompt.setText(tr("Print the page, then press F6 and scan the four codes."))
        self.keep_button.setEnabled(self._learned is not None and self._learned.usable)
        self._show_findings()

    def _show_findings(self) -> None:
        findings = self._learned.findings if self._learned is not None else ()
        for code in TEACH_CODES:
            told = [f for f in findings if f.code_id == code.id]
            waiting = code.id not in self._received and not (told and code is TEACH_CODES[0])
            good = all(finding.good for finding in told)
            self.answers[code.id].setText(
                "" if waiting else "\n".join(str(finding.sentence) for finding in told)
            )
            name, ink = ("check", current().good) if good else ("warning", current().wrong)
            if waiting:
                name, ink = "scan", current().muted
            self._marks[code.id].setPixmap(pixmap(name, 24, ink))

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(16)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(1, 300)
        for row, code in enumerate(TEACH_CODES):
            self._marks[code.id] = QLabel(self)
            title = QLabel(f"{row + 1}  {tr(code.title)}")
            answer = self.answers[code.id] = QLabel(self)
            answer.setWordWrap(True)
            answer.setAccessibleName(tr(code.title))
            for column, widget in enumerate((self._marks[code.id], title, answer)):
                grid.addWidget(widget, row, column)
        buttons = QHBoxLayout()
        for button in (self.start_button, self.keep_button, self.paper_button, self.forget_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 24)
        outer.setSpacing(12)
        outer.addWidget(title_label(tr("Teach a scanner")))
        advice = muted_label(
            tr(
                "Four codes show what a scanner sends after a"
                " code, whether the separator of GS1 codes arrives, and what becomes of letters,"
                " signs and Chinese."
            )
        )
        advice.setWordWrap(True)
        outer.addWidget(advice)
        outer.addWidget(self.prompt)
        outer.addWidget(card)
        outer.addLayout(buttons)
        outer.addStretch(1)


def create(context: AppContext, params: dict[str, Any]) -> TeachPage:
    """Factory named in the table of actions. ``id``: the device to teach, else the keyboard scanner."""
    return TeachPage(context, params.get("id"))
