"""Lettering specialists, large pictures and the upscaler, as their schemas were published in 2026."""

from fluxgen.sandbox import replicate_sizes as sizes
from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.replicate_schema import boolean, choice, images, number, text, uri, whole

IDEOGRAM_RATIOS = [
    *("1:3", "3:1", "1:2", "2:1", "9:16", "16:9", "10:16", "16:10"),
    *("2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "1:1"),
]
RECRAFT_RATIOS = [
    *("Not set", "1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "1:2", "2:1"),
    *("7:5", "5:7", "4:5", "5:4", "3:5", "5:3"),
]
REALISTIC = [
    *("b_and_w", "hard_flash", "hdr", "natural_light", "studio_portrait"),
    *("enterprise", "motion_blur"),
]
ILLUSTRATED = [
    *("pixel_art", "hand_drawn", "grain", "infantile_sketch", "2d_art_poster"),
    *("handmade_3d", "hand_drawn_outline", "engraving_color", "2d_art_poster_2"),
]
RECRAFT_STYLES = [
    "any",
    "realistic_image",
    *(f"realistic_image/{name}" for name in REALISTIC),
    "digital_illustration",
    *(f"digital_illustration/{name}" for name in ILLUSTRATED),
]
SEEDREAM_RATIOS = ["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9"]
QWEN_RATIOS = ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"]
SEED_MAX = 2_147_483_647
ESRGAN_VERSION = "b3ef194191d13140337468c916c2c5b96dd0cb06dffc032a022a31807f6a5ea8"

_PROMPT = {"prompt": text(required=True)}
_IDEOGRAM = {
    **_PROMPT,
    "aspect_ratio": choice(IDEOGRAM_RATIOS, "1:1"),
    "resolution": text(),
    "magic_prompt_option": choice(["Auto", "On", "Off"], "Auto"),
    "style_type": choice(["None", "Auto", "General", "Realistic", "Design"], "None"),
    "style_preset": text(),
    "style_reference_images": images(3),
    "image": uri(),
    "mask": uri(),
    "seed": whole(None, SEED_MAX),
}

IDEOGRAM = tuple(
    Model(
        f"ideogram-ai/ideogram-v3-{name}",
        _IDEOGRAM,
        seconds=seconds,
        size=sizes.one_megapixel,
        image_field="style_reference_images",
        format="png",
    )
    for name, seconds in (("turbo", 6.0), ("balanced", 10.0), ("quality", 16.0))
)

OTHERS = (
    Model(
        "recraft-ai/recraft-v3",
        {
            **_PROMPT,
            "size": text(),
            "aspect_ratio": choice(RECRAFT_RATIOS, "Not set"),
            "style": choice(RECRAFT_STYLES, "any"),
        },
        seconds=10.0,
        size=sizes.recraft,
    ),
    Model(
        "bytedance/seedream-4",
        {
            **_PROMPT,
            "image_input": images(10),
            "size": choice(["1K", "2K", "4K", "custom"], "2K"),
            "width": whole(1024, 4096, 2048),
            "height": whole(1024, 4096, 2048),
            "aspect_ratio": choice(["match_input_image", *SEEDREAM_RATIOS], "match_input_image"),
            "sequential_image_generation": choice(["disabled", "auto"], "disabled"),
            "max_images": whole(1, 15, 1),
            "enhance_prompt": boolean(True),
        },
        seconds=14.0,
        size=sizes.by_side,
        is_list=True,
        image_field="image_input",
        format="jpg",
    ),
    Model(
        "qwen/qwen-image",
        {
            **_PROMPT,
            "aspect_ratio": choice(QWEN_RATIOS, "16:9"),
            "image_size": choice(
                ["optimize_for_quality", "optimize_for_speed"], "optimize_for_quality"
            ),
            "image": uri(),
            "strength": number(0, 1, 0.9),
            "guidance": number(0, 10, 3),
            "num_inference_steps": whole(1, 50, 30),
            "go_fast": boolean(True),
            "enhance_prompt": boolean(False),
            "negative_prompt": text(),
            "seed": whole(),
            "output_format": choice(["webp", "jpg", "png"], "webp"),
            "output_quality": whole(0, 100, 80),
            "disable_safety_checker": boolean(False),
        },
        seconds=10.0,
        size=sizes.qwen,
        is_open=True,
        is_list=True,
        image_field="image",
    ),
    Model(
        "nightmareai/real-esrgan",
        {"image": uri(required=True), "scale": number(0, 10, 4), "face_enhance": boolean(False)},
        seconds=8.0,
        size=sizes.enlarged,
        image_field="image",
        format="png",
        version=ESRGAN_VERSION,
        enlarges=True,
    ),
)
