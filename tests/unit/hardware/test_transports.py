"""Moving bytes: what a person is told when it does not work, and that nothing blocks."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import serial

from desktop_app.core.i18n import use_language
from desktop_app.core.paths import resources_dir
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.transports import ports, serial_port, windows_spooler
from desktop_app.hardware.transports.connected import list_connected
from desktop_app.hardware.transports.cups_queue import CupsQueueTransport, list_queues
from desktop_app.hardware.transports.failures import (
    DeviceError,
    DeviceTimeout,
    DriverMissing,
    NoPermission,
    NotReachable,
    PortBusy,
    Unplugged,
    from_os_error,
    reason_of,
)
from desktop_app.hardware.transports.file import FileTransport
from desktop_app.hardware.transports.hid_scale import HidScaleTransport, list_hid_scales
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.owners import claim
from desktop_app.hardware.transports.ports import PortInfo, find_port, identity_of, list_ports
from desktop_app.hardware.transports.registry import transport_from
from desktop_app.hardware.transports.serial_port import SerialTransport
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.setup_help import (
    setup_steps,
    udev_rule,
    udev_rule_hid,
    udev_rule_of,
)
from desktop_app.hardware.transports.tcp import TcpTransport
from desktop_app.hardware.transports.usb_printer import (
    UsbPrinterTransport,
    find_usb_printer,
    list_usb_printers,
)
from desktop_app.hardware.transports.windows_spooler import WindowsSpoolerTransport
from desktop_app.hardware.transports.winspool import SpoolerError

if sys.platform != "win32":
    import pty

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Linux devices and programs")

# ---------------------------------------------------------------- serial ports


class _Port:
    def __init__(self, device, vid=None, pid=None, serial_number=None, location=None) -> None:
        self.device, self.vid, self.pid = device, vid, pid
        self.serial_number, self.location, self.description = serial_number, location, "n/a"


def _plug(monkeypatch: pytest.MonkeyPatch, *found: _Port) -> None:
    monkeypatch.setattr(ports._system, "comports", lambda: list(found))


def test_a_port_is_known_by_serial_number_not_by_its_number(monkeypatch) -> None:
    _plug(monkeypatch, _Port("/dev/ttyUSB0", 0x0403, 0x6001, "AB12", "1-1"))
    identity = list_ports()[0].identity
    assert identity == "serial:0403:6001:AB12"
    _plug(
        monkeypatch,
        _Port("/dev/ttyUSB0", 0x1A86, 0x7523, None, "1-1"),
        _Port("/dev/ttyUSB3", 0x0403, 0x6001, "AB12", "1-4"),
    )
    found = find_port(identity)
    assert found is not None
    assert found.device == "/dev/ttyUSB3"
    _plug(monkeypatch)
    assert find_port(identity) is None


def test_without_serial_number_the_socket_counts_and_a_lone_one_is_found(monkeypatch) -> None:
    _plug(monkeypatch, _Port("/dev/ttyUSB0", 0x1A86, 0x7523, None, "1-1"))
    identity = list_ports()[0].identity
    assert identity == "serial:1A86:7523:@1-1"
    _plug(monkeypatch, _Port("/dev/ttyUSB1", 0x1A86, 0x7523, None, "1-2"))
    found = find_port(identity)
    assert found is not None
    assert found.device == "/dev/ttyUSB1"
    _plug(
        monkeypatch,
        _Port("/dev/ttyUSB1", 0x1A86, 0x7523, None, "1-2"),
        _Port("/dev/ttyUSB2", 0x1A86, 0x7523, None, "1-3"),
    )
    assert find_port(identity) is None  # two alike: never guess
    _plug(monkeypatch, _Port("/dev/ttyACM0", 0x1A86, 0x7523, None, "1-3.2:1.0"))
    found = find_port("serial:1A86:7523:@1-1.2:1.0")
    assert found is not None
    assert found.device == "/dev/ttyACM0"


def test_converters_that_share_a_serial_number_are_told_apart(monkeypatch) -> None:
    _plug(
        monkeypatch,
        _Port("/dev/ttyS0"),
        _Port("/dev/ttyUSB0", 0x067B, 0x2303, "0001", "1-1"),
        _Port("/dev/ttyUSB1", 0x067B, 0x2303, "0001", "1-2"),
    )
    found = list_ports()
    assert [port.identity for port in found] == [
        "serial:067B:2303:@1-1",
        "serial:067B:2303:@1-2",
        "serial:/dev/ttyS0",
    ]


def test_a_port_that_is_no_usb_device_is_its_own_identity() -> None:
    assert identity_of("COM1", None, None, "", "") == "serial:COM1"
    known = [PortInfo("COM1", "serial:COM1", "COM1")]
    found = find_port("serial:COM1", known)
    assert found is not None
    assert found.device == "COM1"
    assert find_port("serial:/dev/does-not-exist", []) is None


def test_line_settings_are_read_as_people_write_them() -> None:
    assert SerialSettings.parse(" 9600,7e1 ") == SerialSettings(9600, 7, "E", 1)
    assert str(SerialSettings.parse("1200 8N2")) == "1200 8N2"
    for wrong in ("", "9600", "9600 9N1", "9600 8X1"):
        with pytest.raises(ValueError):
            SerialSettings.parse(wrong)


@POSIX_ONLY
def test_serial_settings_reach_the_line() -> None:
    import termios

    master, slave = pty.openpty()
    transport = SerialTransport(os.ttyname(slave), SerialSettings(2400, 7, "E", 1))
    with transport:
        flags = termios.tcgetattr(slave)
        # the kernel keeps a pseudo terminal at eight bits without parity
        assert flags[4] == termios.B2400
        assert transport._port is not None
        assert (transport._port.bytesize, transport._port.parity) == (7, "E")
        transport.write(b"SI\r\n")
        assert os.read(master, 10) == b"SI\r\n"
        os.write(master, b"x" * 100)
        got = b""
        while len(got) < 100:
            got += transport.read(1.0)
        assert got == b"x" * 100
        assert transport.read(0.05) == b""
    os.close(master)
    os.close(slave)


@POSIX_ONLY
def test_a_pulled_plug_is_noticed_while_reading_and_writing() -> None:
    master, slave = pty.openpty()
    transport = SerialTransport(os.ttyname(slave))
    transport.open()
    os.close(slave)
    os.close(master)
    with pytest.raises(Unplugged):
        transport.read(0.1)
    with pytest.raises(DeviceError):
        transport.write(b"x")
    transport.close()
    with pytest.raises(Unplugged):
        transport.read(0.1)
    with pytest.raises(Unplugged):
        transport.open()


@POSIX_ONLY
def test_a_stopped_line_times_out_and_tells_how_much_left(monkeypatch) -> None:
    monkeypatch.setattr(serial_port, "SEND_TIMEOUT_S", 0.2)
    master, slave = pty.openpty()
    transport = SerialTransport(os.ttyname(slave))
    transport.open()
    with pytest.raises(DeviceTimeout) as told:
        transport.write(b"x" * 100_000)
    assert 0 < told.value.sent < 100_000
    transport.close()
    os.close(master)
    os.close(slave)


def test_pyserials_own_words_are_understood(monkeypatch) -> None:
    """On Windows the cause stands only in the text."""

    def failing(text: str):
        def make(*args, **kwargs):
            raise serial.SerialException(text)

        return make

    known = PortInfo("COM5", "serial:COM5", "COM5")
    monkeypatch.setattr(serial_port, "find_port", lambda identity: known)
    for text, kind in (
        ("could not open port 'COM5': PermissionError(13, 'Access is denied.')", PortBusy),
        ("could not open port 'COM5': FileNotFoundError(2, 'not found')", Unplugged),
        ("ClearCommError failed", Unplugged),
        ("something new", DeviceError),
    ):
        monkeypatch.setattr(serial_port.serial, "Serial", failing(text))
        with pytest.raises(kind):
            SerialTransport("serial:COM5").open()
    # the failed attempts gave the port back
    claim("COM5", "somebody").release()


# ---------------------------------------------------------------- sentences


@POSIX_ONLY
def test_no_permission_names_the_group_to_join(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB0"
    device.touch()
    error = from_os_error(PermissionError(errno.EACCES, "Permission denied"), str(device))
    assert isinstance(error, NoPermission)
    assert "it belongs to the group" in str(error)
    assert "sudo usermod -aG" in str(error.next_step)
    missing = from_os_error(PermissionError(errno.EACCES, "x"), "/nowhere/usb/lp0")
    assert "group lp" in str(missing)
    assert "group dialout" in str(from_os_error(PermissionError(errno.EACCES, "x"), "/nowhere/tty"))


def test_every_failure_has_a_sentence_and_mostly_a_next_step() -> None:
    for number, kind in (
        (errno.ENODEV, Unplugged),
        (errno.EIO, Unplugged),
        (errno.EBUSY, PortBusy),
        (errno.ENOSPC, DeviceError),
        (errno.EINVAL, DeviceError),
    ):
        error = from_os_error(OSError(number, os.strerror(number)), "/dev/usb/lp0", sent=7)
        assert type(error) is kind
        assert "/dev/usb/lp0" in str(error)


@POSIX_ONLY
def test_the_program_that_holds_a_port_is_named() -> None:
    import subprocess
    import sys

    master, slave = pty.openpty()
    name = os.ttyname(slave)
    code = "import serial,sys;p=serial.Serial(sys.argv[1],exclusive=True);print('ok',flush=True);input()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, name], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"ok\n"
    with pytest.raises(PortBusy, match=rf"in use by .*\({other.pid}\)"):
        SerialTransport(name).open()
    other.communicate(b"\n")
    os.close(master)
    os.close(slave)


# ---------------------------------------------------------------- network


def test_a_network_printer_takes_a_job_and_answers_after_the_half_close() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    got = bytearray()

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            while data := peer.recv(65536):
                got.extend(data)
            peer.sendall(b"done")

    thread = threading.Thread(target=serve)
    thread.start()
    job = os.urandom(1_000_000)
    with TcpTransport("127.0.0.1", listener.getsockname()[1]) as transport:
        transport.write(job)
        transport.finish()
        assert transport.read(5) == b"done"
        with pytest.raises(NotReachable, match="closed the connection"):
            transport.read(5)
    thread.join()
    listener.close()
    assert bytes(got) == job


def test_nobody_at_the_address() -> None:
    unused = socket.create_server(("127.0.0.1", 0))
    port = unused.getsockname()[1]
    unused.close()
    with pytest.raises(NotReachable, match=f"Nothing answers at 127.0.0.1:{port}"):
        TcpTransport(" 127.0.0.1 ", port).open()
    with pytest.raises(NotReachable):
        TcpTransport("not a host name\x00", 9100).open()


def test_a_printer_that_takes_nothing_more_times_out() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    transport = TcpTransport("127.0.0.1", listener.getsockname()[1], send_timeout_s=0.2)
    transport.open()
    peer, _ = listener.accept()
    with pytest.raises(DeviceTimeout) as told:
        transport.write(bytes(50_000_000))
    assert 0 < told.value.sent < 50_000_000
    peer.close()
    with pytest.raises((Unplugged, NotReachable)):
        transport.read(1)
        transport.read(1)
    transport.close()
    transport.close()
    listener.close()


def test_one_owner_per_address() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with (
        TcpTransport("127.0.0.1", port, owner="Label printer 1"),
        pytest.raises(PortBusy, match="in use by Label printer 1"),
    ):
        TcpTransport("127.0.0.1", port).open()
    with TcpTransport("127.0.0.1", port):
        pass
    listener.close()


# ---------------------------------------------------------------- printers


def _usb_printer(tmp_path: Path, node: str = "lp1") -> tuple[Path, Path]:
    devices, system = tmp_path / "dev", tmp_path / "sys"
    usb = system / "usb1"
    (usb / "if0").mkdir(parents=True)
    (usb / "serial").write_text("TT244-77\n", encoding="utf-8")
    (usb / "if0" / "ieee1284_id").write_text(
        "MFG:TSC;MDL:TTP-244 Plus;CMD:TSPL;CLS:PRINTER;\n", encoding="utf-8"
    )
    (system / node).mkdir()
    (system / node / "device").symlink_to(usb / "if0")
    devices.mkdir()
    return devices, system


@POSIX_ONLY
def test_a_usb_printer_is_known_by_its_serial_number(tmp_path: Path) -> None:
    devices, system = _usb_printer(tmp_path)
    os.mkfifo(devices / "lp1")
    (printer,) = list_usb_printers(devices, system)
    assert printer.identity == "usblp:TSC:TTP-244 Plus:TT244-77"
    assert (printer.title, printer.languages) == ("TSC TTP-244 Plus", "TSPL")
    assert find_usb_printer("usblp:other:1:2", devices, system) is None
    with UsbPrinterTransport(printer.identity, devices=devices, system=system) as transport:
        transport.write(b"\x1b!?")
        assert transport.read(1) == b"\x1b!?"  # a fifo gives back what was written
        assert transport.read(0.02) == b""
        assert transport.port_status() is None
    with pytest.raises(Unplugged):
        transport.read(0.1)
    with pytest.raises(Unplugged):
        UsbPrinterTransport("usblp:gone", devices=devices, system=system).open()
    assert list_usb_printers(tmp_path / "none", system) == []


@POSIX_ONLY
def test_a_usb_printer_without_paper_does_not_hang_the_program(tmp_path: Path) -> None:
    devices, system = _usb_printer(tmp_path)
    os.mkfifo(devices / "lp1")
    transport = UsbPrinterTransport(
        "usblp:TSC:TTP-244 Plus:TT244-77", send_timeout_s=0.1, devices=devices, system=system
    )
    with transport, pytest.raises(DeviceTimeout) as told:
        transport.write(bytes(1_000_000))
    assert 0 < told.value.sent < 1_000_000


def _hid(system: Path, node: str, descriptor: bytes, facts: str) -> None:
    device = system / node / "device"
    device.mkdir(parents=True)
    (device / "report_descriptor").write_bytes(descriptor)
    (device / "uevent").write_text(facts, encoding="utf-8")


@POSIX_ONLY
def test_a_usb_scale_is_told_from_a_keyboard_and_read(tmp_path: Path) -> None:
    system, devices = tmp_path / "sys", tmp_path / "dev"
    devices.mkdir()
    _hid(system, "hidraw0", b"\x05\x01\x09\x06", "HID_ID=0003:0000046D:0000C31C\n")
    facts = "HID_ID=0003:00000922:00008003\nHID_NAME=DYMO M5\nHID_UNIQ=0071\n"
    _hid(system, "hidraw1", b"\x05\x8d\x09\x20", facts)
    (system / "hidraw2").mkdir()
    os.mkfifo(devices / "hidraw1")
    (scale,) = list_hid_scales(devices, system)
    assert (scale.identity, scale.title) == ("hid:0922:8003:0071", "DYMO M5")
    transport = HidScaleTransport(scale.identity, devices=devices, system=system)
    with transport:
        transport.write(bytes.fromhex("03 04 03 FF 7B 00"))  # a fifo gives back what was written
        (reading,) = PROTOCOLS["usb_hid"].new_parser().feed(transport.read(1))
        assert reading.value == Decimal("12.3")
    with pytest.raises(Unplugged):
        HidScaleTransport("hid:0922:8003:other", devices=devices, system=system).open()
    assert list_hid_scales(devices, tmp_path / "none") == []


def _fake_program(folder: Path, name: str, script: str, monkeypatch) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")


@POSIX_ONLY
def test_a_cups_queue_gets_the_bytes_unchanged(tmp_path: Path, monkeypatch) -> None:
    _fake_program(
        tmp_path,
        "lp",
        f'echo "$@" > {tmp_path}/args; cat > {tmp_path}/job; echo "request id is Labels-12 (1 file)"',
        monkeypatch,
    )
    _fake_program(tmp_path, "lpstat", "echo Labels; echo Office", monkeypatch)
    assert list_queues() == ["Labels", "Office"]
    job = bytes(range(256)) * 10
    with CupsQueueTransport("Labels", server="localhost:8631", title="Bins") as transport:
        transport.write(job)
        assert transport.last_job == "Labels-12"
        assert transport.read(0.1) == b""
        assert not transport.bidirectional
    assert (tmp_path / "job").read_bytes() == job
    assert (tmp_path / "args").read_text(
        encoding="utf-8"
    ) == "-h localhost:8631 -d Labels -o raw -t Bins\n"


@POSIX_ONLY
def test_a_queue_that_refuses_says_why(tmp_path: Path, monkeypatch) -> None:
    _fake_program(tmp_path, "lp", 'cat > /dev/null; echo "no such queue" >&2; exit 1', monkeypatch)
    transport = CupsQueueTransport("Labels")
    with pytest.raises(DeviceError, match="refused the job: no such queue") as told:
        transport.write(b"x")
    assert told.value.sent == 0
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(DriverMissing):
        transport.open()
    assert list_queues() == []


class _Spooler:
    """Stands for the spooler of Windows."""

    def __init__(self, *, raw: bool = True, room: int = 10**9) -> None:
        self.calls: list[object] = []
        self.data = b""
        self.raw = raw
        self.room = room

    def names(self) -> list[str]:
        return ["TSC TTP-244"]

    def open(self, printer: str) -> int:
        if printer != "TSC TTP-244":
            raise SpoolerError(1801, "The printer name is invalid.")
        return 7

    def start(self, handle: int, title: str, datatype: str) -> int:
        self.calls.append((title, datatype))
        if datatype == "RAW" and not self.raw:
            raise SpoolerError(1804, "The specified datatype is invalid.")
        return 42

    def start_page(self, handle: int) -> None:
        self.calls.append("page")

    def write(self, handle: int, data: bytes) -> int:
        if len(self.data) >= self.room:
            raise SpoolerError(1223, "Cancelled")
        self.data += data
        return len(data)

    def end(self, handle: int) -> None:
        self.calls.append("end")

    def abort(self, handle: int) -> None:
        self.calls.append("abort")

    def close(self, handle: int) -> None:
        self.calls.append("close")


@pytest.mark.parametrize("raw", [True, False])
def test_windows_gets_the_job_raw_or_passed_through(monkeypatch, raw: bool) -> None:
    spooler = _Spooler(raw=raw)
    monkeypatch.setattr(windows_spooler, "Winspool", lambda: spooler)
    assert windows_spooler.list_windows_printers() == ["TSC TTP-244"]
    with WindowsSpoolerTransport("TSC TTP-244", title="Bins") as transport:
        transport.write(b"x" * 100_000)
        assert transport.last_job == 42
    assert spooler.data == b"x" * 100_000
    assert ("Bins", "RAW" if raw else "XPS_PASS") in spooler.calls
    assert spooler.calls[-3:] == ["page", "end", "close"]
    with pytest.raises(Unplugged):
        WindowsSpoolerTransport("gone").open()


def test_a_spooler_that_stops_in_mid_job_tells_how_far_it_got(monkeypatch) -> None:
    spooler = _Spooler(room=65536)
    monkeypatch.setattr(windows_spooler, "Winspool", lambda: spooler)
    with (
        WindowsSpoolerTransport("TSC TTP-244") as transport,
        pytest.raises(DeviceError, match="Cancelled") as told,
    ):
        transport.write(b"x" * 100_000)
    assert told.value.sent == 65536
    assert spooler.calls[-2:] == ["abort", "close"]


def test_a_windows_queue_that_is_not_here() -> None:
    """Asks the real spooler on Windows; elsewhere there is none."""
    with pytest.raises(Unplugged if sys.platform == "win32" else DriverMissing):
        WindowsSpoolerTransport("no printer has this name").open()
    assert "no printer has this name" not in windows_spooler.list_windows_printers()


def test_print_to_file(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path / "out" / "labels.bin")
    for part in (b"one", b"two"):
        with transport:
            transport.write(part)
            assert transport.read(0) == b""
    assert transport.path.read_bytes() == b"onetwo"
    with FileTransport(transport.path, append=False) as fresh:
        fresh.write(b"new")
    assert transport.path.read_bytes() == b"new"
    with pytest.raises(DeviceError):
        FileTransport(tmp_path / "out").open()
    with pytest.raises(Unplugged):
        transport.write(b"x")


def test_a_cable_in_memory_behaves_as_a_real_one() -> None:
    cable = MemoryCable(room=10)
    with pytest.raises(Unplugged):
        cable.host.read(0)
    cable.hold_by("minicom (7)")
    with pytest.raises(PortBusy, match="minicom"):
        cable.host.open()
    cable.hold_by("")
    with cable.host as host:
        host.write(b"12345")
        assert cable.device.read(0.1) == b"12345"
        with pytest.raises(DeviceTimeout) as told:
            host.write(b"x" * 11)
        assert told.value.sent == 10
        cable.unplug()
        with pytest.raises(Unplugged):
            host.read(0)
        with pytest.raises(Unplugged):
            cable.host.open()
        cable.plug()
        assert host.read(0) == b""


def test_help_where_the_problem_appears() -> None:
    assert "usermod -aG dialout" in str(setup_steps("serial", "linux")[0])
    assert "usermod -aG lp" in str(setup_steps("usb_printer", "linux")[0])
    assert "Device Manager" in str(setup_steps("serial", "win32")[0])
    assert "RAW" in str(setup_steps("windows", "win32")[-1])
    assert setup_steps("tcp", "linux") == ()
    port = PortInfo("/dev/ttyUSB0", "x", "x", 0x0403, 0x6001, "AB12")
    assert udev_rule(port) == (
        'SUBSYSTEM=="tty", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6001", '
        'ATTRS{serial}=="AB12", TAG+="uaccess", SYMLINK+="stockproof-scale"'
    )
    assert "udevadm" in str(setup_steps("hid", "linux")[0])
    assert udev_rule_hid("hid:0922:8003:77") == (
        'SUBSYSTEM=="hidraw", KERNELS=="*:0922:8003.*", TAG+="uaccess"'
    )
    with pytest.raises(ValueError):
        udev_rule(PortInfo("/dev/ttyS0", "x", "x"))
    assert udev_rule_of("serial", "serial:0403:6001:AB12") == udev_rule(port)
    assert "serial" not in udev_rule_of("serial", "serial:1A86:7523:@1-1.4").split("ATTRS{idP")[1]
    assert udev_rule_of("serial", "serial:/dev/ttyS0") == ""
    assert len(setup_steps("serial", "linux", rule=False)) == 2, "no step points at a missing rule"


@pytest.fixture
def in_chinese() -> Iterator[None]:
    use_language("zh_CN", resources_dir() / "translations")
    yield
    use_language("en", resources_dir() / "translations")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "拒绝"),
        (TimeoutError("timed out"), "没有应答"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "到不了"),
        (socket.gaierror(-2, "Name or service not known"), "名称"),
    ],
)
def test_why_the_network_refuses_is_said_in_the_readers_language(
    error: OSError, says: str, in_chinese: None
) -> None:
    assert says in str(reason_of(error))


@POSIX_ONLY
def test_what_is_connected_is_one_list(tmp_path: Path, monkeypatch) -> None:
    _plug(monkeypatch, _Port("/dev/ttyUSB0", 0x0403, 0x6001, "AB12", "1-1"))
    _fake_program(tmp_path, "lpstat", "echo Labels", monkeypatch)
    scales = list_connected("scale")
    assert "serial:0403:6001:AB12" in {thing.identity for thing in scales}
    assert "cups" not in {thing.kind for thing in scales}
    printers = {thing.identity: thing for thing in list_connected("printer")}
    assert printers["cups:Labels"].settings == {"kind": "cups", "queue": "Labels"}
    for thing in list_connected():
        assert transport_from(thing.settings).address


def test_a_source_that_fails_is_left_out(monkeypatch) -> None:
    def broken():
        raise OSError("no bus")

    monkeypatch.setattr(ports._system, "comports", broken)
    assert "serial" not in {thing.kind for thing in list_connected()}
