"""All scale protocols, in the order a list shows them."""

from __future__ import annotations

from desktop_app.core.registry import Registry
from desktop_app.hardware.scales.families import (
    a12,
    and_standard,
    cas,
    equals,
    hid,
    jcs,
    mt_sics,
    ohaus,
    pattern,
    sartorius,
    toledo,
    toledo_8217,
    yaohua,
)
from desktop_app.hardware.scales.protocol import ScaleProtocol

PROTOCOLS: Registry[ScaleProtocol] = Registry(
    (
        yaohua.TF0,
        yaohua.COMMAND,
        equals.REVERSED,
        equals.FORWARD,
        equals.WITH_UNIT,
        a12.CHECKED,
        a12.PLAIN,
        toledo.TOLEDO,
        toledo_8217.TOLEDO_8217,
        mt_sics.MT_SICS,
        and_standard.AND_STANDARD,
        and_standard.AND_TWO_HEADERS,
        cas.CAS_22,
        cas.CAS_10,
        cas.CAS_AND18,
        cas.CAS_ENQ,
        ohaus.OHAUS,
        sartorius.SARTORIUS_SBI,
        jcs.JCS,
        jcs.HT9800,
        hid.HID,
        pattern.PATTERN,
    ),
    key=lambda protocol: protocol.key,
)
