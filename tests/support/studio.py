"""The studio's form for a Look, filled in and read back."""

from __future__ import annotations

from typing import Any

from tests.support.cast import Browser, order
from tests.support.pages import Page, parse

LIGHT = {"look": "window-light", "slot.who": "a retired ferry captain", "aspect_ratio": "4:5"}


def filled(**changes: Any) -> dict[str, Any]:
    """The fields of a form for the portrait Look, valid unless changed."""
    return order(**{**LIGHT, "tier": "studio", "prompt": "", **changes})


def post(client: Browser, form: dict[str, Any], status: int = 200, **options: Any) -> Page:
    answer = client.post("/generations", data=form, **options)
    assert answer.status_code == status, answer.text[:500]
    return parse(answer.text)


def chosen(page: Page, name: str) -> list[str]:
    """What is ticked or chosen under this name."""
    return [
        box["value"] for box in page.all("input") if box.get("name") == name and box.has("checked")
    ]


def value(page: Page, name: str) -> str:
    (field,) = [box for box in page.all("input") if box.get("name") == name]
    return field["value"]
