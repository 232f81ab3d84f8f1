"""Fragments say what they take, and no template carries style or script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, meta, nodes

import fluxgen

TEMPLATES = Path(fluxgen.__file__).parent / "templates"
TAKES = re.compile(r"\{# takes:([^#]*)#\}")
FRAGMENTS = sorted(path.name for path in (TEMPLATES / "partials").glob("*.html"))
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
MAIL = "mail/frame.html"
"""Mail programs know no stylesheet, so this one carries its style in place."""


def needed(environment: Environment, name: str) -> set[str]:
    """The variables a template needs to be given, those of its includes among them."""
    source = (TEMPLATES / name).read_text()
    tree = environment.parse(source)
    own = {found.name for found in tree.find_all(nodes.Name) if found.ctx == "store"}
    imported = {
        alias if isinstance(alias, str) else alias[1]
        for found in tree.find_all(nodes.FromImport)
        for alias in found.names
    }
    wanted = meta.find_undeclared_variables(tree)
    for include in tree.find_all(nodes.Include):
        assert isinstance(include.template, nodes.Const), f"{name} includes something computed"
        wanted |= needed(environment, include.template.value) - own
    return wanted - imported - set(environment.globals)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_says_in_its_first_line_what_it_takes(app: Flask, name: str) -> None:
    first = (TEMPLATES / "partials" / name).read_text().splitlines()[0]
    says = TAKES.fullmatch(first.strip())
    assert says, f"{name} begins with {first}"
    said = {word.strip() for word in says[1].split(",") if word.strip()}
    assert said == needed(app.jinja_env, f"partials/{name}")


@pytest.mark.parametrize("name", [name for name in ALL if name != MAIL])
def test_no_template_carries_style_or_script(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|hx-on|javascript:|hx-vals=.js:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_people_wrote_is_trusted(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    trusted = re.findall(r"\{\{([^}]*)\|\s*safe", source)
    assert [words for words in trusted if not words.strip().startswith("lucide[")] == []
    assert "autoescape" not in source


def test_a_wrong_first_line_is_found(app: Flask) -> None:
    environment = app.jinja_env
    tree = environment.parse("{# takes: card #}{{ card.x }}{{ secret }}")
    assert meta.find_undeclared_variables(tree) == {"card", "secret"}


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text() for path in TEMPLATES.parent.rglob("*.py"))
    code += "\n".join((TEMPLATES / name).read_text() for name in ALL)
    assert [name for name in ALL if f'"{name}"' not in code] == []
