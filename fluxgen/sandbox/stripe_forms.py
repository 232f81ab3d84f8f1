"""Form fields with brackets, as Stripe's clients send them, made into trees and back."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from fluxgen.sandbox.stripe_refusals import invalid

Tree: TypeAlias = dict[str, "Tree | list[Tree | str] | str"]

MAX_FIELDS = 1000
MAX_DEPTH = 6
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def decode(fields: Iterable[tuple[str, str]]) -> Tree:
    """`a[b][0][c]=d` as `{"a": {"b": [{"c": "d"}]}}`; `a[]=x` appends. Raises `StripeRefused`."""
    tree: Tree = {}
    for number, (name, value) in enumerate(fields):
        found = _NAME.fullmatch(name)
        steps = [found[1], *_BRACKETS.findall(found[2])] if found else []
        if not steps or len(steps) > MAX_DEPTH or number >= MAX_FIELDS:
            raise invalid(name, f"Invalid form field: {name}")
        _put(tree, steps, value, name)
    return {key: _with_lists(value) for key, value in tree.items()}


def _put(tree: Tree, steps: list[str], value: str, name: str) -> None:
    branch = tree
    for step in steps[:-1]:
        deeper = branch.setdefault(step, {})
        if not isinstance(deeper, dict):
            raise invalid(name, f"Invalid form field: {name} is both a value and a group")
        branch = deeper
    last = steps[-1] or str(len(branch))
    if last in branch:
        raise invalid(name, f"Invalid form field: {name} is given twice")
    branch[last] = value


def _with_lists(value: "Tree | list[Tree | str] | str") -> "Tree | list[Tree | str] | str":
    """Groups whose keys are 0, 1, 2 … are lists."""
    if not isinstance(value, dict):
        return value
    made = {key: _with_lists(inner) for key, inner in value.items()}
    if set(made) == {str(index) for index in range(len(made))}:
        items = [made[str(index)] for index in range(len(made))]
        return [item for item in items if isinstance(item, dict | str)]
    return made
