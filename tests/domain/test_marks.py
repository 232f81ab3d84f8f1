"""What stands in a picture's file: the AI mark, a recipe on demand, and nothing else."""

from __future__ import annotations

import io
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from fluxgen import pictures
from fluxgen.assets import STATIC
from fluxgen.errors import NeverWill
from fluxgen.pictures import xmp
from tests.support import exiftool
from tests.support.drawing import CAMERA, ORIENTATION, drawn, opened

KINDS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
RECIPE = {
    "Look": "small-sign",
    "Slots": '{"thing": "a <bell> & \\"rope\\""}',
    "Prompt": "Grüße, 猫 &amp; <b>\r\n\tسلام 🦊",
    "Seed": "4294967295",
}
FORMATS = pytest.mark.parametrize("file_format", KINDS)


def _whispering(file_format: str) -> bytes:
    """A picture whose file says a lot more than it should."""
    told = Pillow.Exif()
    told[CAMERA] = "a secret camera"
    out = io.BytesIO()
    more: dict[str, object] = {"exif": told, "xmp": b"<x>a secret packet</x>"}
    if file_format == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("parameters", "a secret prompt", zip=True)
        texts.add_itxt("prompt", "a secret prompt")
        more = {"exif": told, "pnginfo": texts}
    if file_format == "JPEG":
        more |= {"comment": "a secret remark"}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    opened(drawn()).save(out, file_format, icc_profile=profile, **more)
    return out.getvalue()


@FORMATS
def test_an_independent_reader_finds_the_mark_and_nothing_else(file_format: str) -> None:
    data = pictures.decode(drawn(file_format)).data
    assert exiftool.read(data)["ExifTool:Validate"] == "0 0 0"
    assert exiftool.metadata(data) == {exiftool.MARK: exiftool.AI_MADE}


@FORMATS
def test_thumbnails_are_marked_too(file_format: str) -> None:
    for data in pictures.decode(drawn(file_format)).thumbnails.values():
        assert exiftool.metadata(data) == {exiftool.MARK: exiftool.AI_MADE}


@FORMATS
def test_what_came_along_stays_behind_but_not_the_colours(file_format: str) -> None:
    told = _whispering(file_format)
    kept = pictures.decode(told).data
    assert b"secret" in told
    assert b"secret" not in kept
    assert opened(kept).tobytes() == opened(told).tobytes()
    assert opened(kept).info["icc_profile"] == opened(told).info["icc_profile"]
    left = {name for name in exiftool.metadata(kept) if not name.startswith("ICC")}
    assert left == {exiftool.MARK}


@FORMATS
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_stays_turned(file_format: str, turn: int) -> None:
    data = drawn(file_format, exif={ORIENTATION: turn, CAMERA: "a secret"})
    kept = pictures.decode(data).data
    assert pictures.upright(opened(kept)).tobytes() == pictures.upright(opened(data)).tobytes()
    found = exiftool.metadata(kept)
    assert found.pop("IFD0:Orientation", 1) == turn
    assert found == {exiftool.MARK: exiftool.AI_MADE}


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_every_pixel_stays_as_it_was(file_format: str, mode: str) -> None:
    out = io.BytesIO()
    shades = opened(drawn(size=(65, 49))).convert("RGBA")
    shades.putalpha(Pillow.linear_gradient("L").resize(shades.size))
    shades.convert(mode).save(out, file_format, lossless=True)
    again = pictures.marked(out.getvalue(), KINDS[file_format])
    before, after = (opened(data) for data in (out.getvalue(), again))
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
    assert (after.mode, after.size) == (before.mode, before.size)


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_rows": 1}, {}])
def test_every_way_to_write_a_jpeg_is_understood(options: dict[str, int]) -> None:
    out = io.BytesIO()
    Pillow.effect_noise((200, 120), 80).save(out, "JPEG", quality=95, **options)
    data = out.getvalue()
    assert opened(pictures.decode(data).data).tobytes() == opened(data).tobytes()
    behind = pictures.decode(data + b"a secret behind the picture").data
    assert b"secret" not in behind


@FORMATS
def test_a_recipe_is_read_back_as_it_was_written(file_format: str) -> None:
    kind = KINDS[file_format]
    data = pictures.marked(drawn(file_format), kind, RECIPE)
    assert pictures.recipe_in(data) == RECIPE
    assert pictures.recipe_in(data[:4000]) == RECIPE, "the file's beginning is enough"
    found = exiftool.metadata(data)
    assert found[exiftool.MARK] == exiftool.AI_MADE
    assert found["XMP-fluxgen:Look"] == "small-sign"
    shared = pictures.marked(data, kind)
    assert pictures.recipe_in(shared) == {}
    assert shared == pictures.decode(drawn(file_format)).data, "marked again, or once: the same"


def test_characters_that_no_file_can_hold_are_left_out() -> None:
    data = pictures.marked(drawn(), "png", {"Prompt": "a\x00b\x1fc\ud800d\uffffe"})
    assert pictures.recipe_in(data) == {"Prompt": "abcde"}


OURS = xmp.packet({"Prompt": "a fox"})
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x:xmpmeta '
HOSTILE = {
    "entities": OURS.replace(b"<x:xmpmeta ", DOCTYPE).replace(b"a fox", b"&a;"),
    "outside": OURS.replace(b"<x:xmpmeta ", b'<!DOCTYPE x SYSTEM "file:///x"><x:xmpmeta '),
    "too much of ours": OURS.replace(b"a fox", b"a" * xmp.PACKET_MAX_BYTES),
    "no XML": b"\xff\xfe<<<",
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><x/>',
    "too much": b"<x>" + b"a" * xmp.PACKET_MAX_BYTES + b"</x>",
    "somebody else's": xmp.packet(),
    "nothing": b"",
    "deep": b"<x>" * 6000 + b"</x>" * 6000,
}


@pytest.mark.parametrize("written", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_packet_has_no_recipe(written: bytes) -> None:
    assert xmp.recipe_of(written) == {}


@FORMATS
def test_a_file_that_breaks_off_or_lies_has_no_recipe_and_harms_nobody(file_format: str) -> None:
    whole = pictures.marked(drawn(file_format), KINDS[file_format], RECIPE)
    for cut in range(0, 400, 7):
        assert pictures.recipe_in(whole[:cut]) in ({}, RECIPE)
    for at in range(8, 600, 3):
        torn = whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :]
        assert isinstance(pictures.recipe_in(torn), dict)


@pytest.mark.parametrize("end", [b"\0", b""], ids=["zero", "none"])
def test_a_scan_of_nothing_but_fill_is_read_in_no_time(end: bytes) -> None:
    began = time.process_time()
    data = b"\xff\xd8\xff\xda\x00\x02" + b"\xff" * 2_000_000 + end
    assert pictures.recipe_in(data) == {}
    assert pictures.recipe_in(pictures.marked(data, "jpg", RECIPE)) == RECIPE
    assert time.process_time() - began < 10


def test_a_file_that_only_a_lenient_reader_takes_is_no_picture() -> None:
    data = drawn("WEBP")
    with pytest.raises(NeverWill):
        pictures.decode(b"RIFF" + data[4:12] + b"VP9 " + data[16:])


def test_a_chunk_with_a_wrong_sum_is_written_anew() -> None:
    data = drawn()
    at = data.index(b"IDAT") - 4
    (length,) = struct.unpack_from(">I", data, at)
    text = b"tEXtComment\0a secret"
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    told = data[:at] + chunk + data[at:]
    assert length > 0
    assert pictures.decode(told).data == pictures.decode(data).data


@pytest.mark.parametrize("path", sorted(STATIC.glob("**/*.webp")), ids=lambda path: path.name)
def test_pictures_that_come_with_the_house_are_marked(path: Path) -> None:
    assert exiftool.AI_MADE.encode() in path.read_bytes()


def test_one_of_them_is_read_by_somebody_else() -> None:
    for name in ("looks/small-sign-1-1.webp", "img/arch.webp"):
        assert exiftool.metadata((STATIC / name).read_bytes()) == {exiftool.MARK: exiftool.AI_MADE}
