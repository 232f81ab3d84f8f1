"""What builds a route's addresses is compiled once a test process, not once for every app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


def remember_builders() -> None:
    """Let equal rules share the function that Werkzeug compiles for each of them.

    It depends on nothing but what is in the key: the rule it belongs to comes as an argument.
    """
    compiled: dict[Any, Builder] = {}
    compile_anew = Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> Builder:
        if rule.defaults:
            return compile_anew(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in compiled:
            compiled[key] = compile_anew(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = builder  # type: ignore[method-assign, assignment]
