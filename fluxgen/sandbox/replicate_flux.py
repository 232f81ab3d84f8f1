"""Black Forest Labs' models, as their schemas were published in 2026."""

from fluxgen.sandbox import replicate_sizes as sizes
from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.replicate_schema import boolean, choice, images, number, text, uri, whole

OWNER = "black-forest-labs"
OPEN_RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"]
PRO_RATIOS = ["1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"]
FORMATS = ["webp", "jpg", "png"]
RESOLUTIONS = ["match_input_image", "0.5 MP", "1 MP", "2 MP", "4 MP"]

_PROMPT = {"prompt": text(required=True)}
_FILE = {
    "seed": whole(),
    "output_format": choice(FORMATS, "webp"),
    "output_quality": whole(0, 100, 80),
}
_OPEN = {
    **_PROMPT,
    "aspect_ratio": choice(OPEN_RATIOS, "1:1"),
    "num_outputs": whole(1, 4, 1),
    **_FILE,
    "megapixels": choice(["1", "0.25"], "1"),
    "go_fast": boolean(True),
    "disable_safety_checker": boolean(False),
}
_KONTEXT = {
    **_PROMPT,
    "input_image": uri(),
    "aspect_ratio": choice(["match_input_image", *OPEN_RATIOS, "2:1", "1:2"], "match_input_image"),
    "seed": whole(),
    "output_format": choice(["jpg", "png"], "png"),
    "safety_tolerance": whole(0, 6, 2),
    "prompt_upsampling": boolean(False),
}
_FLUX_2 = {
    **_PROMPT,
    "input_images": images(8),
    "aspect_ratio": choice(["match_input_image", "custom", *PRO_RATIOS], "1:1"),
    "resolution": choice(RESOLUTIONS, "1 MP"),
    "width": whole(256, 2048),
    "height": whole(256, 2048),
    "safety_tolerance": whole(1, 5, 2),
    **_FILE,
}

FLUX_1 = (
    Model(
        f"{OWNER}/flux-schnell",
        {**_OPEN, "num_inference_steps": whole(1, 4, 4)},
        seconds=2.0,
        size=sizes.flux_open,
        is_open=True,
        is_list=True,
    ),
    Model(
        f"{OWNER}/flux-dev",
        {
            **_OPEN,
            "num_inference_steps": whole(1, 50, 28),
            "guidance": number(0, 10, 3),
            "image": uri(),
            "prompt_strength": number(0, 1, 0.8),
        },
        seconds=6.0,
        size=sizes.flux_open,
        is_open=True,
        is_list=True,
        image_field="image",
    ),
    Model(
        f"{OWNER}/flux-1.1-pro",
        {
            **_PROMPT,
            "aspect_ratio": choice(["custom", *PRO_RATIOS], "1:1"),
            "width": whole(256, 1440),
            "height": whole(256, 1440),
            "image_prompt": uri(),
            "safety_tolerance": whole(1, 6, 2),
            "prompt_upsampling": boolean(False),
            **_FILE,
        },
        seconds=6.0,
        size=sizes.flux_pro,
        image_field="image_prompt",
    ),
    Model(
        f"{OWNER}/flux-1.1-pro-ultra",
        {
            **_PROMPT,
            "aspect_ratio": choice(OPEN_RATIOS, "1:1"),
            "raw": boolean(False),
            "image_prompt": uri(),
            "image_prompt_strength": number(0, 1, 0.1),
            "safety_tolerance": whole(1, 6, 2),
            "seed": whole(),
            "output_format": choice(["jpg", "png"], "jpg"),
        },
        seconds=13.0,
        size=sizes.flux_ultra,
        image_field="image_prompt",
    ),
)

KONTEXT = tuple(
    Model(
        f"{OWNER}/flux-kontext-{name}",
        _KONTEXT,
        seconds=seconds,
        size=sizes.one_megapixel,
        image_field="input_image",
        edits=True,
    )
    for name, seconds in (("pro", 9.0), ("max", 11.0))
)

FLUX_2 = (
    Model(
        f"{OWNER}/flux-2-klein-4b",
        {
            **_PROMPT,
            "images": images(5),
            "aspect_ratio": choice([*OPEN_RATIOS, "match_input_image"], "1:1"),
            "output_megapixels": choice(["0.25", "0.5", "1", "2", "4"], "1"),
            "go_fast": boolean(False),
            "seed": whole(),
            "output_format": choice(FORMATS, "jpg"),
            "output_quality": whole(0, 100, 95),
            "disable_safety_checker": boolean(False),
        },
        seconds=3.0,
        size=sizes.by_megapixels,
        is_open=True,
        is_list=True,
        image_field="images",
    ),
    *(
        Model(
            f"{OWNER}/flux-2-{name}",
            _FLUX_2,
            seconds=seconds,
            size=sizes.by_resolution,
            image_field="input_images",
        )
        for name, seconds in (("pro", 9.0), ("max", 13.0))
    ),
)
