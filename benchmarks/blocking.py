"""The baseline: a job that waits in `replicate.run()` until the picture is there.

`python -m benchmarks.blocking <prompt> ...` is its worker: RQ's own, one process, one job at a
time, until the queue is empty.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
from redis import Redis
from replicate.client import Client
from rq import Queue, SimpleWorker

from fluxgen import catalogue, pictures

QUEUE = "blocking"
MODEL = "flux-schnell"
JOB_TIMEOUT_S = 60


def generate(prompt: str) -> None:
    """Ask, wait, fetch, check, keep."""
    model = catalogue.model(MODEL)
    client = Client(api_token="sandbox", base_url=f"{os.environ['SANDBOX_URL']}/replicate")
    asked = model.provider_input("draft", prompt, "1:1", 1, 1)
    for number, output in enumerate(client.run(model.provider_model, input=asked)):
        # Plain http, as in the sandbox, the client hands on as an address.
        fetched = httpx.get(str(output), timeout=JOB_TIMEOUT_S).raise_for_status()
        picture = pictures.decode(fetched.content)
        folder = Path(os.environ["INSTANCE_DIR"]) / "blocking"
        folder.mkdir(exist_ok=True)
        (folder / f"{prompt}-{number}.{picture.format}").write_bytes(picture.data)


def main() -> None:
    """Queue all, then work them off."""
    redis = Redis.from_url(os.environ["REDIS_URL"])
    queue = Queue(QUEUE, connection=redis, serializer="json", default_timeout=JOB_TIMEOUT_S)
    for prompt in sys.argv[1:]:
        queue.enqueue("benchmarks.blocking.generate", prompt)
    SimpleWorker([queue], connection=redis, serializer="json").work(
        burst=True, logging_level="ERROR"
    )


if __name__ == "__main__":
    main()
