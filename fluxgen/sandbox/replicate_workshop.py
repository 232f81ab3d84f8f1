"""Turns an order into a prediction: its seed, fate, times, picture size, files and webhooks."""

import random
import time
from collections.abc import Callable

from PIL import Image

from fluxgen.sandbox import replicate_fate
from fluxgen.sandbox.painting import Painter
from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.replicate_files import FileMissing, Files
from fluxgen.sandbox.replicate_orders import Order
from fluxgen.sandbox.replicate_predictions import Prediction, Predictions
from fluxgen.sandbox.replicate_studio import Studio
from fluxgen.sandbox.replicate_webhooks import Webhooks

START_DELAY_S = 0.4
JITTER = 0.12
MORE_PER_PICTURE = 0.15
MAX_LIVING = 256
LOOK_EVERY_S = 0.05


class Workshop:
    """Where predictions are made. `pace` multiplies how long they take; 0 is at once."""

    def __init__(
        self,
        *,
        pace: float,
        painter: Painter,
        faults: Faults,
        files: Files,
        webhooks: Webhooks,
        now: Callable[[], float],
    ) -> None:
        self.pace = pace
        self.predictions = Predictions()
        self.studio = Studio(painter, self._references, now)
        self._faults = faults
        self._files = files
        self._webhooks = webhooks
        self._now = now

    def is_full(self) -> bool:
        """Whether `MAX_LIVING` predictions are under way."""
        return self.predictions.living(self._now()) >= MAX_LIVING

    def start(self, order: Order, base_url: str) -> Prediction:
        """Make the prediction, begin to paint and plan its webhooks."""
        prediction = self._plan(order, base_url)
        self._choose_size(prediction)
        self.predictions.add(prediction)
        self.studio.begin(prediction, at_once=self.pace == 0)
        self._webhooks.follow(prediction)
        return prediction

    def cancel(self, prediction: Prediction) -> None:
        """Stop it, unless it has ended."""
        prediction.cancel(self._now())
        self._webhooks.hurry(prediction)

    def wait(self, prediction: Prediction, wait_s: float) -> None:
        """Return when it has ended, or after `wait_s`."""
        give_up_at = time.monotonic() + wait_s
        while prediction.completed(self._now()) is None and time.monotonic() < give_up_at:
            time.sleep(LOOK_EVERY_S)

    def _plan(self, order: Order, base_url: str) -> Prediction:
        now, model = self._now(), order.model
        seed = order.input.get("seed", random.getrandbits(32))
        fate = replicate_fate.decide(self._faults, order.prompt, open_weights=model.is_open)
        jitter = 1 + JITTER * random.Random(f"{seed}/{order.prompt}").uniform(-1, 1)
        pictures = 1 + MORE_PER_PICTURE * (int(order.input.get("num_outputs", 1)) - 1)
        run_s = model.seconds * jitter * pictures + fate.slower_by_s + fate.unknown_for_s
        starts_at = now + START_DELAY_S * self.pace
        return Prediction(
            model=model,
            input=order.input,
            seed=seed,
            fate=fate,
            base_url=base_url,
            created_at=now,
            starts_at=starts_at,
            ends_at=starts_at + run_s * self.pace,
            deadline_at=None if order.cancel_after_s is None else now + order.cancel_after_s,
            webhook=order.webhook,
            webhook_events=order.webhook_events,
        )

    def _choose_size(self, prediction: Prediction) -> None:
        try:
            references = self._references(prediction)
        except (FileMissing, OSError):
            references = []  # the painter meets the same trouble, and fails the prediction
        first = references[0].size if references else None
        prediction.size_px = prediction.model.size_px(prediction.input, first)

    def _references(self, prediction: Prediction) -> list[Image.Image]:
        addresses = prediction.model.images(prediction.input)
        found = (self._files.picture(address) for address in addresses)
        return [picture for picture in found if picture is not None]
