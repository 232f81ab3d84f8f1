"""The operator's commands: `flask --app wsgi …`, also as `fluxgen …`."""

from __future__ import annotations

import sys

from flask import Flask
from flask.cli import FlaskGroup

from fluxgen.cli.accounts import accounts
from fluxgen.cli.archive import archive
from fluxgen.cli.audit import audit
from fluxgen.cli.breach import breach
from fluxgen.cli.credits import credits
from fluxgen.cli.erasing import close_underage, erase
from fluxgen.cli.exports import drill, export, import_
from fluxgen.cli.generations import generations
from fluxgen.cli.journal import journal
from fluxgen.cli.looks import looks
from fluxgen.cli.migrate import migrate
from fluxgen.cli.models import models
from fluxgen.cli.policy import policy
from fluxgen.cli.privacy import privacy
from fluxgen.cli.promises import analytics, promises
from fluxgen.cli.requests import requests
from fluxgen.cli.rights import object_, rectify, restrict, unrestrict
from fluxgen.cli.work import sweep, worker
from fluxgen.errors import Misconfigured


def init_app(app: Flask) -> None:
    house = (migrate, worker, sweep)
    rooms = (accounts, archive, credits, generations, looks, models, privacy)
    for command in (*house, *rooms):
        app.cli.add_command(command)
    for command in (policy, journal, promises, analytics, audit, breach, requests):
        app.cli.add_command(command)
    persons = (erase, close_underage, rectify, restrict, unrestrict, object_)
    for command in (*persons, export, import_, drill):
        accounts.add_command(command)


def main() -> None:
    """The `fluxgen` command."""
    from fluxgen import create_app  # the roof: it imports this floor

    try:
        FlaskGroup(create_app=create_app)()
    except Misconfigured as wrong:
        sys.exit(f"fluxgen: {wrong}")
