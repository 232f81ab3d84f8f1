"""JPEG files: segments that begin with a marker, and scans of pixels between them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

START, END = b"\xff\xd8", b"\xff\xd9"
SCAN, COMMENT = 0xDA, 0xFE
JFIF, EXIF_OR_XMP, PROFILE, ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
APPLICATIONS = range(0xE0, 0xF0)
XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXIF = b"Exif\0\0"
SEGMENT_MAX_BYTES = 65_533
MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""A marker, which any number of 0xff may lead up to."""
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The next marker; within a scan, 0xff is followed by a zero or a restart. What leads up to it
stays with the scan: to look for that, too, would take the square of its length."""


def rewritten(data: bytes, packet: bytes, exif: bytes) -> bytes:
    """The same pixels with this XMP and EXIF, and nothing else. Raises `ValueError`."""
    ours = [_segment(EXIF_OR_XMP, EXIF + exif)] if exif else []
    ours.append(_segment(EXIF_OR_XMP, XMP + packet))
    out = [START]
    for marker, content, pixels in _segments(data):
        if marker == JFIF and len(out) == 1 and content.startswith(b"JFIF\0"):
            out.append(_segment(JFIF, content[:12] + b"\0\0"))  # without its small preview
            continue
        out += ours
        ours = []
        if _is_shown_by(marker, content):
            out += [_segment(marker, content), pixels]
    return b"".join([*out, END])


def xmp(data: bytes) -> bytes | None:
    """The file's XMP packet, if it has one. Raises `ValueError`."""
    for marker, content, _ in _segments(data, to_scan=True):
        if marker == EXIF_OR_XMP and content.startswith(XMP):
            return content[len(XMP) :]
    return None


def _is_shown_by(marker: int, content: bytes) -> bool:
    """Whether pixels or their colours need it."""
    if marker in APPLICATIONS:
        needed = {PROFILE: b"ICC_PROFILE\0", ADOBE: b"Adobe"}.get(marker)
        return needed is not None and content.startswith(needed)
    return marker != COMMENT


def _segments(data: bytes, *, to_scan: bool = False) -> Iterator[tuple[int, bytes, bytes]]:
    """Each marker with its content and, after a scan's head, the scan; to the end of the picture,
    or only `to_scan`."""
    at = len(START)
    while found := MARKER.match(data, at):
        marker, at = data[found.end() - 1], found.end()
        if marker == END[1] or (to_scan and marker == SCAN):
            return
        if at + 2 > len(data):
            break
        (length,) = struct.unpack_from(">H", data, at)
        content, at = data[at + 2 : at + length], at + length
        if length < 2 or at > len(data):
            break
        pixels = b""
        if marker == SCAN:
            following = AFTER_SCAN.search(data, at)
            end = following.start() if following else len(data)
            pixels, at = data[at:end], end
        yield marker, content, pixels
        if at == len(data):  # decoders forgive a missing end, and so do we
            return
    raise ValueError("a JPEG that breaks off")


def _segment(marker: int, content: bytes) -> bytes:
    if len(content) > SEGMENT_MAX_BYTES:
        raise ValueError("too much for one segment")
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
