"""Pictures as bytes: our own decoder decides what they are, and how large."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib

import pytest
from PIL import Image as Pillow

from fluxgen import pictures
from fluxgen.errors import NeverWill
from fluxgen.pictures import PIXELS_MAX, PORTRAIT_PX, SIZE_MAX_BYTES, png
from fluxgen.sandbox.replicate_studio import png_of_declared_size
from tests.support import photographs
from tests.support.drawing import CAMERA, ORIENTATION, drawn, opened

PAGE = b"<!doctype html><title>Just a moment...</title>"


@pytest.mark.parametrize(
    ("file_format", "kind"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")]
)
def test_a_picture_is_measured_and_its_pixels_are_kept(file_format: str, kind: str) -> None:
    data = drawn(file_format, (64, 48))
    picture = pictures.decode(data)
    assert (picture.format, picture.width, picture.height) == (kind, 64, 48)
    assert opened(picture.data).tobytes() == opened(data).tobytes()
    assert picture.facts == {
        "width": 64,
        "height": 48,
        "format": kind,
        "size_bytes": len(picture.data),
        "sha256": hashlib.sha256(picture.data).hexdigest(),
        "placeholder": picture.placeholder,
        "flaw": None,
        "is_marked": True,
    }


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_any_kind_of_pixel_is_understood(mode: str) -> None:
    data = drawn(mode=mode) if mode != "I;16" else _sixteen_bit()
    assert opened(pictures.decode(data).thumbnails[320]).mode == "RGB"


def test_a_picture_in_print_colours_is_understood() -> None:
    assert pictures.decode(drawn("JPEG", mode="CMYK")).format == "jpg"


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((1024, 1024), (640, 640), (320, 320)),
        ((1344, 768), (640, 366), (320, 183)),
        ((768, 1344), (366, 640), (183, 320)),
        ((100, 50), (100, 50), (100, 50)),
    ],
)
def test_thumbnails_are_webp_within_their_side_and_never_larger_than_the_picture(
    size: tuple[int, int], large: tuple[int, int], small: tuple[int, int]
) -> None:
    thumbnails = pictures.decode(drawn(size=size)).thumbnails
    found = {side: opened(data) for side, data in thumbnails.items()}
    assert {side: picture.format for side, picture in found.items()} == {640: "WEBP", 320: "WEBP"}
    for side, expected in ((640, large), (320, small)):
        width, height = found[side].size
        assert abs(width - expected[0]) <= 1
        assert abs(height - expected[1]) <= 1


def test_a_turned_photograph_is_measured_as_it_is_seen() -> None:
    picture = pictures.decode(drawn("JPEG", (64, 48), exif={ORIENTATION: 6}))
    assert (picture.width, picture.height) == (48, 64)
    red, _green, _blue = _pixel(picture.thumbnails[320], 24, 5)
    assert red > 150  # what was left is on top now


def test_the_placeholder_is_nine_colours_in_27_hex_digits() -> None:
    placeholder = pictures.decode(drawn(size=(60, 60))).placeholder
    assert re.fullmatch("[0-9a-f]{27}", placeholder)
    left, right = placeholder[:3], placeholder[6:9]
    assert int(left[0], 16) > int(left[2], 16)
    assert int(right[2], 16) > int(right[0], 16)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PAGE,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert _refusal(data) == "not_a_picture"


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_kinds_of_file_are_refused(file_format: str) -> None:
    assert _refusal(drawn(file_format)) == "not_a_picture"


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.66, 0.95])
def test_a_truncated_file_is_refused(file_format: str, share: float) -> None:
    whole = _noisy(file_format)
    assert _refusal(whole[: int(len(whole) * share)]) == "not_a_picture"


def test_a_png_with_missing_rows_is_refused_and_an_interlaced_one_is_counted_pass_by_pass() -> None:
    assert _refusal(photographs.without_rows()) == "not_a_picture"
    head = struct.pack(">IIBBBBB", 8, 8, 1, 0, 0, 0, 1)  # seven passes: 30 bytes
    for rows, is_whole in ((bytes(30), True), (bytes(29), False)):
        chunks = {b"IHDR": head, b"IDAT": zlib.compress(rows), b"IEND": b""}
        body = b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks.items()
        )
        assert png.is_whole(b"\x89PNG\r\n\x1a\n" + body) is is_whole


def test_a_damaged_file_is_refused() -> None:
    whole = bytearray(_noisy("PNG"))
    whole[len(whole) // 2] ^= 0xFF
    assert _refusal(bytes(whole)) == "not_a_picture"


@pytest.mark.parametrize("side", [30_000, 5_001])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    assert side * side > PIXELS_MAX
    assert _refusal(png_of_declared_size(side, side)) == "too_large"


def test_a_bomb_of_text_is_refused() -> None:
    assert _refusal(_with_text(drawn(), bytes(100_000_000))) in {"not_a_picture", "too_large"}


def test_too_many_bytes_are_refused_unread() -> None:
    assert _refusal(drawn() + bytes(SIZE_MAX_BYTES)) == "too_large"


def test_a_portrait_is_a_small_square_drawn_anew() -> None:
    data = drawn("JPEG", (400, 300), exif={CAMERA: "Secret Camera"})
    assert b"Secret Camera" in data
    portrait = pictures.portrait(data)
    assert b"Secret Camera" not in portrait
    picture = opened(portrait)
    assert (picture.format, picture.size) == ("WEBP", (PORTRAIT_PX, PORTRAIT_PX))
    assert not picture.getexif()
    assert not {"exif", "xmp", "icc_profile"} & set(picture.info)


def test_a_turned_portrait_stands_upright() -> None:
    portrait = pictures.portrait(drawn("JPEG", (96, 96), exif={ORIENTATION: 6}))
    red, _green, _blue = _pixel(portrait, 48, 10)
    assert red > 150


def test_thumbnails_carry_nothing_along() -> None:
    data = drawn("JPEG", exif={CAMERA: "Secret Camera"})
    assert all(b"Secret" not in thumb for thumb in pictures.decode(data).thumbnails.values())


@pytest.mark.parametrize("data", [PAGE, png_of_declared_size(30_000, 30_000)])
def test_a_portrait_is_checked_like_any_picture(data: bytes) -> None:
    with pytest.raises(NeverWill):
        pictures.portrait(data)


def _refusal(data: bytes) -> str:
    with pytest.raises(NeverWill) as refusal:
        pictures.decode(data)
    return refusal.value.reason


def _pixel(data: bytes, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = opened(data).tobytes()[3 * (y * opened(data).width + x) :][:3]
    return red, green, blue


def _noisy(file_format: str) -> bytes:
    """Long enough that its end matters."""
    out = io.BytesIO()
    Pillow.effect_noise((200, 200), 90).convert("RGB").save(out, file_format)
    return out.getvalue()


def _sixteen_bit() -> bytes:
    out = io.BytesIO()
    Pillow.new("I;16", (8, 8), 40_000).save(out, "PNG")
    return out.getvalue()


def _with_text(png: bytes, text: bytes) -> bytes:
    """The PNG with a compressed remark that is far larger than it looks."""
    chunk = b"zTXt" + b"note\x00\x00" + zlib.compress(text)
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:33] + packed + png[33:]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_broken_exif_block_is_no_reason_to_refuse_a_picture() -> None:
    whole = drawn("JPEG", (64, 48), exif={ORIENTATION: 6})
    start = whole.index(b"Exif\0\0") + 6
    for at in range(start, start + 24):
        broken = whole[:at] + b"\xff" + whole[at + 1 :]
        assert {pictures.decode(broken).width, pictures.decode(broken).height} == {64, 48}
        assert pictures.portrait(broken)
