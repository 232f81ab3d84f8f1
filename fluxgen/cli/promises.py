"""`flask promises` and `flask analytics`: what we measure about ourselves."""

from __future__ import annotations

import sys
from collections import Counter

import click

from fluxgen import analytics as analytics_
from fluxgen import promises as promises_
from fluxgen.cli.answers import answering, as_json, show
from fluxgen.jobs import promises as jobs


@click.command()
@click.option("--measure", is_flag=True, help="Look at our own pages first.")
@as_json
@answering
def promises(measure: bool, as_json: bool) -> None:
    """List each promise beside its measurement; exits with 1 when one is broken or too old."""
    if measure:
        jobs.measure()
    standing = promises_.standing()
    rows = (
        {
            "promise": one.promise.name,
            "state": one.state.value,
            "value": "" if one.value is None else one.value,
            "unit": one.promise.unit,
            "promised": f"{one.promise.least} to {one.promise.most}",
            "measured": one.measured_at or "",
        }
        for one in standing
    )
    show(rows, as_json)
    if any(one.is_broken for one in standing):
        sys.exit(1)


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, analytics_.DAYS_MAX),
    default=30,
    show_default=True,
    help="How far back.",
)
@click.option("--by-day", is_flag=True, help="A line for each day, instead of one for each page.")
@as_json
@answering
def analytics(days: int, by_day: bool, as_json: bool) -> None:
    """List how often public pages were seen by people who were not signed in."""
    counted = analytics_.counted(days)
    if by_day:
        show(({"day": one.day, "page": one.route, "views": one.views} for one in counted), as_json)
        return
    total: Counter[str] = Counter()
    for one in counted:
        total[one.route] += one.views
    show(({"page": page, "views": views} for page, views in total.most_common()), as_json)
