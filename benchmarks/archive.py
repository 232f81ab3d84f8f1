"""The archive of an account with 100,000 pictures among 1,000,000: `python -m benchmarks.archive`.

Each request is timed whole, over a database that this benchmark fills, in turn with the one it is
compared with. The straightforward page of tiles (model instances, `url_for` for each address) is
kept here as the baseline of drawing it.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.test import create_environ, run_wsgi_app

from benchmarks.archive_rows import BIG, COLLECTION, OLD_WORD, SMALL, fill, word
from benchmarks.comparison import Comparison
from benchmarks.ledger import server
from fluxgen import clock, create_app, db
from fluxgen.models import Account, Generation, Image, Session
from fluxgen.presentation import current_account
from fluxgen.security import member
from fluxgen.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ROUNDS = 40
WARM_UP = 5
SESSION_S = 24 * 3600
PAGE = 60
DEEP = 1000
"""Pages down from the newest."""

SEARCHES = {
    "a word in every 3rd": f"q={word(0, 1)}",
    "a word in every 20,000th": f"q={word(6, 1)}",
    "two common words": f"q={word(0, 1)}+{word(1, 1)}",
    "the beginning of words": f"q={word(2, 1)[:4]}",
    "a word of the oldest 2,000": f"q={OLD_WORD}",
    "a word that is not there": "q=zebra",
}
FILTERS = {
    "a Look": "look=window-light",
    "an answer": "slot=mood:calm",
    "a model": "model=flux-dev",
    "a quality": "tier=print",
    "days": "from=2026-01-01&to=2026-02-01",
    "favourites": "favourite=yes",
    "a collection": f"collection={COLLECTION}",
    "with reference": "reference=yes",
    "did not develop": "status=ended",
    "Look, model and word": f"look=window-light&model=flux-dev&q={word(1, 1)}",
}

TILES = """{% for day, rows in days %}<section class="day"><h2>{{ day }}</h2><div class="sheet">
{% for row in rows %}<article id="generation-{{ row.public_id }}" class="generation-card">
{% for image in images[row.id] %}<a class="generation-card__picture"
href="{{ url_for('generations.show', public_id=row.public_id) }}"
data-fragment="{{ url_for('lightbox_partials.lightbox', public_id=row.public_id) }}"
aria-label="Picture {{ row.number }}: {{ row.prompt }}">{{ placeholder(colours(image)) }}
<img src="{{ url_for('images.show', public_id=image.public_id, variant='320') }}"
srcset="{{ url_for('images.show', public_id=image.public_id, variant='320') }} 320w,
{{ url_for('images.show', public_id=image.public_id, variant='640') }} 640w"
width="{{ image.width }}" height="{{ image.height }}" alt="" loading="lazy"></a>
<a class="button" href="{{ url_for('images.download', public_id=image.public_id) }}"
aria-label="Download picture {{ row.number }}">{{ icon("download", small=true) }}</a>{% endfor %}
<form method="post" action="{{ url_for('favourites.change', public_id=row.public_id) }}"
hx-post="{{ url_for('favourites.change', public_id=row.public_id) }}"><button class="button"
aria-label="Favourite {{ row.number }}">{{ icon("star", small=true) }}</button></form>
<p class="generation-card__edge"><b>{{ row.number }}</b><span>{{ row.created_at.strftime("%H:%M") }}
</span></p></article>{% endfor %}</div></section>{% endfor %}"""
STRAIGHT = '{% from "icons.html" import icon, placeholder %}' + TILES


def measured() -> Iterator[Comparison]:
    """Both databases, as they come."""
    with tempfile.TemporaryDirectory(prefix="fluxgen-archive-") as name, ExitStack() as stack:
        folder = Path(name)
        place = stack.enter_context(server(folder))
        urls = {
            "sqlite": f"sqlite:///{folder / 'archive.db'}",
            "postgres": place.url(place.template("archive", lambda _: None)),
        }
        for database, url in urls.items():
            with _house(folder, url) as (app, big, small):
                yield from _compared(database, app, big, small)


def _compared(database: str, app: Flask, big: str, small: str) -> Iterator[Comparison]:
    first = _request("/history", big)
    deep = _request(f"/history?after={BIG - PAGE * DEEP}", big)
    yield _ratio(app, f"{database}: page {DEEP:,} / page 1", deep, first, 1.3)
    few = _request("/history", small)
    yield _ratio(app, f"{database}: page 1 of {BIG:,} / of {SMALL}", first, few, 1.5)
    for name, query in {**SEARCHES, **FILTERS}.items():
        yield _ratio(
            app, f"{database}: {name} / page 1", _request(f"/history?{query}", big), first, 3
        )
    straight = _request(f"/straightforward?after={BIG}", big)
    ours = _request(f"/partials/history?after={BIG}", big)
    times = _times(app, straight, ours)
    yield Comparison(
        name=f"{database}: {PAGE} tiles / straightforward",
        ours=1000 / times[1],
        baseline=1000 / times[0],
        unit="/s",
        ratio=times[0] / times[1],
        target=2,
        higher_is_better=True,
    )


def _ratio(
    app: Flask, name: str, ours: WSGIEnvironment, baseline: WSGIEnvironment, target: float
) -> Comparison:
    times = _times(app, ours, baseline)
    return Comparison(name, times[0], times[1], "ms", times[0] / times[1], target, False)


def _times(app: Flask, *requests: WSGIEnvironment) -> list[float]:
    """Medians of milliseconds, the requests in turn."""
    rounds = [[_took_ms(app, each) for each in requests] for _ in range(WARM_UP + ROUNDS)]
    return [median(took) for took in zip(*rounds[WARM_UP:], strict=True)]


def _took_ms(app: Flask, environ: WSGIEnvironment) -> float:
    began = time.perf_counter()
    chunks, status, _ = run_wsgi_app(app, {**environ, "wsgi.input": io.BytesIO()})
    for _chunk in chunks:
        pass
    took = time.perf_counter() - began
    assert status == "200 OK", status
    return took * 1000


def _request(address: str, cookie: str) -> WSGIEnvironment:
    return create_environ(address, "http://localhost", headers={"Cookie": f"fluxgen={cookie}"})


def straightforward(app: Flask) -> Callable[[], str]:
    """The page of tiles as one would write it first."""
    template = app.jinja_env.from_string(STRAIGHT)
    template.globals["colours"] = lambda image: [
        f"#{image.placeholder[at : at + 3]}" for at in range(0, 27, 3)
    ]

    @member
    def show() -> str:
        mine = (Generation.account == current_account()) & (Generation.status == "done")
        below = Generation.number < request.args.get("after", type=int)
        rows = list(
            Generation.select()
            .where(mine & Generation.deleted_at.is_null() & below)
            .order_by(Generation.number.desc())
            .limit(PAGE)
        )
        images: dict[int, list[Image]] = {}
        for image in Image.select().where(Image.generation.in_([row.id for row in rows])):
            images.setdefault(image.generation_id, []).append(image)
        days = groupby(rows, key=lambda row: row.created_at.date())
        return template.render(days=[(day, list(inside)) for day, inside in days], images=images)

    return show


@contextmanager
def _house(folder: Path, url: str) -> Iterator[tuple[Flask, str, str]]:
    """The app over a full database, its log going nowhere; cookies of both accounts."""
    with ExitStack() as stack:
        stack.enter_context(redirect_stderr(stack.enter_context(Path(os.devnull).open("w"))))
        app = create_app(
            Settings(instance_dir=folder, database_url=url, secret_key="s", identity_key="i")
        )
        stack.callback(lambda: db.database.obj.close_all())
        app.add_url_rule("/straightforward", view_func=straightforward(app), endpoint="straight")
        db.migrations().up()
        big, small = fill()
        yield app, _session_of(big), _session_of(small)


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


def main() -> int:
    """Print the ratios; 1 when a target is missed."""
    is_missed = False
    for comparison in measured():
        print("  ".join(comparison.row()), flush=True)
        is_missed |= not comparison.is_reached
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
