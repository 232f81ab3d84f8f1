"""Has models make the landing page's pictures, through FluxGen itself: `make film`.

A house of its own is started with the real Replicate, and somebody asks it for every picture that
is still a stand-in, as people do. What arrives is cut to the page's size, keeps its mark of having
been made by a model, and takes the stand-in's place; `fluxgen/data/landing.toml` says who made it.
It costs what Replicate charges for so many pictures.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from benchmarks.house import House
from benchmarks.visitor import TurnedAway, Visitor
from fluxgen import landing, pictures
from fluxgen.assets import STATIC
from fluxgen.landing import Frame
from fluxgen.sandbox.run_folder import CannotRun, until

KEY = "REPLICATE_API_TOKEN"
SETTINGS = {"WELCOME_CREDITS": "1000", "GENERATIONS_A_MINUTE": "1000"}
ARRIVE_TIMEOUT_S = 600.0
QUALITY = 80
ADDRESS = re.compile(r'href="([^"]+/download)\?copy=share"')


def main() -> int:
    """Replace every stand-in; 1 when there is no key, or a picture did not arrive."""
    if not os.environ.get(KEY):
        print(f"The pictures are made by models: set {KEY} (README, real keys).")
        return 1
    stand_ins = [frame for frame in landing.frames().values() if frame.is_stand_in]
    with tempfile.TemporaryDirectory(prefix="fluxgen-film-") as folder:
        try:
            with House(Path(folder), workers=1, settings=SETTINGS, pretended=["Google"]) as house:
                made = developed(house.url, stand_ins, STATIC / "img")
        except (CannotRun, TurnedAway) as trouble:
            print(trouble)
            return 1
    keep_makers(made)
    return 0


def developed(house_url: str, frames: Iterable[Frame], folder: Path) -> dict[str, str]:
    """Ask a running FluxGen for these and lay them into the folder; who made each, by name.

    Raises `TurnedAway` when one is refused or does not arrive.
    """
    with Visitor(house_url, "editor") as editor:
        editor.sign_in()
        asked = {
            frame: editor.ask_for(
                frame.text, model=frame.model, tier=frame.tier, aspect_ratio=frame.aspect_ratio
            )
            for frame in frames
        }
        for frame, public_id in asked.items():
            (folder / f"{frame.name}.webp").write_bytes(_cut(_arrived(editor, public_id), frame))
            print(f"{frame.name}: {frame.model}", flush=True)
    return {frame.name: frame.model for frame in asked}


def keep_makers(made_by: dict[str, str]) -> None:
    """Write down which models made the pictures of these names."""
    words = landing.SOURCE.read_text()
    makers = tomllib.loads(words)["made_by"] | made_by
    rows = "".join(f'{name} = "{maker}"\n' for name, maker in makers.items())
    landing.SOURCE.write_text(words.partition("[made_by]\n")[0] + "[made_by]\n" + rows)
    landing.frames.cache_clear()


def _arrived(editor: Visitor, public_id: str) -> bytes:
    """The finished picture, as its owner downloads it to share."""
    page = f"/generations/{public_id}"
    found: list[str] = []

    def is_there() -> bool:
        found[:] = ADDRESS.findall(editor.http.get(page).text)
        return bool(found)

    if not until(is_there, ARRIVE_TIMEOUT_S):
        raise TurnedAway(f"A picture did not arrive: {editor.http.base_url.join(page)}")
    answer = editor.http.get(found[0], params={"copy": "share"}, follow_redirects=True)
    return answer.raise_for_status().content


def _cut(picture: bytes, frame: Frame) -> bytes:
    """As the page has it: its size, WebP, marked as made by a model."""
    out = io.BytesIO()
    with Pillow.open(io.BytesIO(picture)) as image:
        fitted = ImageOps.fit(image.convert("RGB"), frame.size, Pillow.Resampling.LANCZOS)
    fitted.save(out, "WEBP", quality=QUALITY, method=6)
    return pictures.marked(out.getvalue(), "webp")


if __name__ == "__main__":
    sys.exit(main())
