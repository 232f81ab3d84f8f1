"""The bytes of a ZIP, piece by piece, so that one can be written over hours and from anywhere.

Everything about a member is known before it is written (no data descriptors), and whatever is
larger than 32 bits can say goes into the ZIP64 fields.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime

STORED, DEFLATED = 0, 8
LARGE = 0xFFFFFFFF
MANY = 0xFFFF
UTF8 = 0x0800
PLAIN, ZIP64 = 20, 45
UNIX = 3 << 8
FILE_MODE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """One file of the ZIP; sizes are bytes, `at` is when it was made."""

    name: str
    size: int
    crc: int
    at: datetime
    packed: int
    method: int = STORED


def stored(name: str, size: int, crc: int, at: datetime) -> Member:
    """A file that is kept as it is."""
    return Member(name, size, crc, at, size)


def deflated(name: str, data: bytes, at: datetime) -> tuple[Member, bytes]:
    """A file that fits in memory, made smaller."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    member = Member(name, len(data), zlib.crc32(data), at, len(packed), DEFLATED)
    return member, packed


def header(member: Member) -> bytes:
    """What stands before a file."""
    name = member.name.encode()
    extra, size, packed = b"", member.size, member.packed
    if max(size, packed) >= LARGE:
        extra = struct.pack("<HHQQ", 1, 16, size, packed)
        size = packed = LARGE
    return (
        struct.pack(
            "<4s5H3L2H",
            b"PK\x03\x04",
            ZIP64 if extra else PLAIN,
            UTF8,
            member.method,
            *_moment(member.at),
            member.crc,
            packed,
            size,
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def listed(member: Member, offset: int) -> bytes:
    """A file's line in the directory at the end; `offset` is where its header is."""
    name = member.name.encode()
    wide = [value for value in (member.size, member.packed, offset) if value >= LARGE]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    needed = ZIP64 if wide else PLAIN
    return (
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            UNIX | needed,
            needed,
            UTF8,
            member.method,
            *_moment(member.at),
            member.crc,
            min(member.packed, LARGE),
            min(member.size, LARGE),
            len(name),
            len(extra),
            0,
            0,
            0,
            FILE_MODE,
            min(offset, LARGE),
        )
        + name
        + extra
    )


def ending(count: int, size: int, offset: int) -> bytes:
    """What stands behind a directory of so many files and bytes that begins at `offset`."""
    wide = b""
    if count >= MANY or size >= LARGE or offset >= LARGE:
        fields = (44, UNIX | ZIP64, ZIP64, 0, 0, count, count, size, offset)
        wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *fields)
        wide += struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + size, 1)
    few = min(count, MANY)
    return wide + struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, few, few, min(size, LARGE), min(offset, LARGE), 0
    )


def _moment(at: datetime) -> tuple[int, int]:
    """Time and date as DOS wrote them, to two seconds, from 1980 on."""
    date = (max(at.year - 1980, 0) << 9) | (at.month << 5) | at.day
    return (at.hour << 11) | (at.minute << 5) | (at.second // 2), date
