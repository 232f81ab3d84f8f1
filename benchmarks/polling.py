"""What a page's question for 4 unfinished cards costs: next to the page that it saves, and next to
the cheapest answer there is.

A question stands for loading the page again, which is what a browser without scripts does every
five seconds. So the first baseline is that page at its smallest: the studio with these four cards
on the table and no other picture. Each picture of today makes the page dearer and the question
not, so this is the worst case, and half is demanded of it: a page that is made faster may come
near without the question having become dearer.

Whether that has happened says the second baseline, which does not move: `/healthz`, the same
server, hooks and log line, no session, no database, no template. A question needs all of these
for 4 cards, and costs at most four of it.

A page of 60 pictures in the archive was the baseline once, and a tenth the target. It went twice
as fast one day, and a question that had not changed failed.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from benchmarks.comparison import Comparison
from fluxgen import accounts, clock, create_app, db, generations
from fluxgen.accounts import Newcomer
from fluxgen.generations import Recipe
from fluxgen.models import Account, Generation, Session
from fluxgen.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

UNFINISHED = 4
ROUNDS = 150
WARM_UP = 10
PAGE_TARGET = 0.5
CHEAPEST_TARGET = 4
SESSION_S = 3600


def measured() -> list[Comparison]:
    """All requests in one process, in turn; medians of milliseconds."""
    with _house() as (app, account, cookie):
        waiting = [_running(account, number) for number in range(UNFINISHED)]
        ids = ",".join(generation.public_id for generation in waiting)
        addresses = (f"/partials/unfinished?ids={ids}&tries=1", "/studio", "/healthz")
        requests = [_request(address, cookie) for address in addresses]
        rounds = [[_took_ms(app, each) for each in requests] for _ in range(WARM_UP + ROUNDS)]
        question, page, cheapest = map(median, zip(*rounds[WARM_UP:], strict=True))
    return [
        _compared("the page it saves", question, page, PAGE_TARGET),
        _compared("the cheapest answer", question, cheapest, CHEAPEST_TARGET),
    ]


def _compared(baseline: str, question_ms: float, baseline_ms: float, target: float) -> Comparison:
    return Comparison(
        name=f"polling for {UNFINISHED} cards / {baseline}",
        ours=question_ms,
        baseline=baseline_ms,
        unit="ms",
        ratio=question_ms / baseline_ms,
        target=target,
        higher_is_better=False,
    )


def _request(address: str, cookie: str) -> WSGIEnvironment:
    """A request as the server hands it over: making it is not what is measured."""
    return create_environ(address, "http://localhost", headers={"Cookie": f"fluxgen={cookie}"})


def _took_ms(app: Flask, request: WSGIEnvironment) -> float:
    """Processor time that the app works on it, to the last byte: other processes do not count."""
    environ = {**request, "wsgi.input": io.BytesIO()}
    began = time.thread_time()
    chunks, status, _ = run_wsgi_app(app, environ)
    for _ in chunks:
        pass
    took = time.thread_time() - began
    assert status == "200 OK", status
    return took * 1000


def _running(account: Account, number: int) -> Generation:
    """A generation that the provider is working on."""
    recipe = Recipe(f"picture {number}", "flux-schnell", "draft", "1:1")
    generation = _claimed(generations.submit(account, recipe, secrets.token_urlsafe(16)).id)
    generations.attempt(generation)
    generations.running(generation, f"prediction-{number}", 0)
    generations.look_again(_claimed(generation.id), 0, begun=True, percent=40)
    return Generation.get_by_id(generation.id)


def _claimed(generation_id: int) -> Generation:
    generation = generations.claim(generation_id)
    assert generation is not None
    return generation


@contextmanager
def _house() -> Iterator[tuple[Flask, Account, str]]:
    """The app over a database of its own, its log going nowhere, and somebody signed in."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fluxgen-polling-"))
        stack.enter_context(redirect_stderr(stack.enter_context(Path(os.devnull).open("w"))))
        app = create_app(
            Settings(
                instance_dir=Path(folder),
                secret_key="s",
                identity_key="i",
                generations_a_minute=1000,
            )
        )
        stack.callback(lambda: db.database.obj.close_all())
        db.migrations().up()
        newcomer = Newcomer(
            identity=accounts.identity_hash("https://issuer.test", "ada"),
            email="ada@example.test",
            name="Ada",
            picture_url="",
        )
        account = accounts.sign_up(newcomer, age_confirmed=True, terms_accepted=True)
        yield app, account, _session_of(account)


def _session_of(account: Account) -> str:
    token = secrets.token_urlsafe(32)
    Session.create(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        account=account,
        data={},
        created_at=clock.now(),
        expires_at=clock.after(SESSION_S),
    )
    return token
