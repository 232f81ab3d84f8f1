"""A crowd: many threads, or processes that each put the house together for themselves."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial

from flask import Flask
from flask.testing import FlaskClient

from fluxgen import create_app
from fluxgen.db import database
from fluxgen.models import Account
from fluxgen.settings import Settings
from tests.support import cast

WAIT_S = 300.0
TASKS_MAX = 20_000

Act = Callable[[Flask, int], int]


def plain_client(app: Flask, account: Account | None = None) -> FlaskClient:
    """A client that does not read the pages it gets: that takes longer than making them."""
    client = FlaskClient(app, app.response_class)
    if account is not None:
        cookie = cast.visit(app, account).get_cookie("fluxgen", domain="localhost")
        assert cookie is not None
        client.set_cookie("fluxgen", cookie.value, domain="localhost")
    return client


def in_threads(app: Flask, threads: int, act: Act, numbers: Iterable[int]) -> Counter[int]:
    """`act` for each number; what came out how often."""
    todo = list(numbers)
    assert len(todo) <= TASKS_MAX
    if not database.is_closed():
        database.close()  # the pool is for the crowd
    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(partial(act, app), todo, timeout=WAIT_S))


def in_processes(
    settings: Settings, processes: int, act: Act, numbers: Sequence[int]
) -> Counter[int]:
    """The same in processes of their own, each with as many threads."""
    if not database.is_closed():
        database.close()
    shares = [numbers[start::processes] for start in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=_nursery()) as pool:
        found = [pool.submit(_share, settings, act, share) for share in shares]
        return sum((each.result(timeout=WAIT_S) for each in found), Counter())


@cache
def _nursery() -> multiprocessing.context.ForkServerContext:
    """Where processes come from: one that has read the house's code once, and opened nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.races.crowd", "fluxgen.roof"])
    return context


def _share(settings: Settings, act: Act, numbers: Sequence[int]) -> Counter[int]:
    """What one process does, quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    app = create_app(settings)
    app.testing = False
    try:
        return in_threads(app, 4, act, numbers)
    finally:
        database.obj.close_all()
