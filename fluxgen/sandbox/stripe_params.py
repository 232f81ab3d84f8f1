"""Reading parameters strictly: what is not asked for by `finish` was not known."""

import re
from typing import TypeVar
from urllib.parse import urlsplit

from fluxgen.sandbox.stripe_forms import Tree
from fluxgen.sandbox.stripe_refusals import (
    StripeRefused,
    invalid,
    missing_parameter,
    unknown_parameter,
)

MAX_TEXT = 5000
MAX_METADATA, MAX_METADATA_KEY, MAX_METADATA_VALUE = 50, 40, 500
MAX_INTEGER = 99_999_999
_INTEGER = re.compile(r"-?\d{1,12}")

T = TypeVar("T")


class Params:
    """Some parameters, each to be read once; their names are given as Stripe writes them."""

    def __init__(self, given: Tree, within: str = "") -> None:
        self._left = dict(given)
        self._within = within
        self._inner: list[Params] = []

    def name(self, name: str) -> str:
        """The whole name: `line_items[0][quantity]`."""
        return f"{self._within}[{name}]" if self._within else name

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def is_group(self, name: str) -> bool:
        """Whether there are parameters inside this one."""
        return isinstance(self._left.get(name), dict)

    def text(self, name: str, longest: int = MAX_TEXT) -> str | None:
        """Some words."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise invalid(self.name(name), f"Invalid string: {self.name(name)}")
        if not value:
            words = f"You passed an empty string for '{self.name(name)}'; leave it out instead."
            raise invalid(self.name(name), words, "parameter_invalid_empty")
        if len(value) > longest:
            words = f"Invalid string: {self.name(name)} must be at most {longest} characters"
            raise invalid(self.name(name), words)
        return value

    def one_of(self, name: str, *values: str) -> str | None:
        """One of some words."""
        value = self.text(name)
        if value is not None and value not in values:
            raise invalid(
                self.name(name), f"Invalid {self.name(name)}: must be one of {', '.join(values)}"
            )
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self.one_of(name, "true", "false")
        return None if value is None else value == "true"

    def integer(self, name: str, lowest: int = 0, highest: int = MAX_INTEGER) -> int | None:
        """A whole number within bounds."""
        value = self.text(name)
        if value is None:
            return None
        if not _INTEGER.fullmatch(value):
            raise invalid(self.name(name), f"Invalid integer: {value}", "parameter_invalid_integer")
        if int(value) < lowest:
            words = f"This value must be greater than or equal to {lowest}."
            raise invalid(self.name(name), words, "parameter_invalid_integer")
        if int(value) > highest:
            words = f"This value must be less than or equal to {highest}."
            raise invalid(self.name(name), words, "parameter_invalid_integer")
        return int(value)

    def address(self, name: str) -> str | None:
        """An absolute http or https address."""
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid(self.name(name), "Not a valid URL", "url_invalid")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """A list of words; empty if not given."""
        value = self._left.pop(name, [])
        items = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(items) < len(value):
            raise invalid(self.name(name), f"Invalid array: {self.name(name)}")
        if len(items) > most:
            raise invalid(self.name(name), f"At most {most} values are allowed.")
        return items

    def metadata(self, name: str = "metadata") -> dict[str, str]:
        """Keys and values of the caller's own, within Stripe's bounds."""
        given = self._left.pop(name, {})
        if isinstance(given, list):  # keys 0, 1, 2 … look like a list
            given = {str(index): item for index, item in enumerate(given)}
        if not isinstance(given, dict) or len(given) > MAX_METADATA:
            raise invalid(self.name(name), f"Metadata can have at most {MAX_METADATA} keys.")
        kept: dict[str, str] = {}
        for key, value in given.items():
            whole = f"{self.name(name)}[{key}]"
            if len(key) > MAX_METADATA_KEY:
                raise invalid(whole, f"Metadata keys can be at most {MAX_METADATA_KEY} long.")
            if not isinstance(value, str) or len(value) > MAX_METADATA_VALUE:
                raise invalid(whole, f"Metadata values: text, at most {MAX_METADATA_VALUE} long.")
            kept[key] = value
        return kept

    def group(self, name: str) -> "Params | None":
        """Parameters inside a parameter."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        return self._inside(self.name(name), value)

    def groups(self, name: str) -> list["Params"]:
        """A list of parameters inside a parameter."""
        value = self._left.pop(name, [])
        if not isinstance(value, list):
            raise invalid(self.name(name), f"Invalid array: {self.name(name)}")
        return [self._inside(f"{self.name(name)}[{n}]", item) for n, item in enumerate(value)]

    def needed(self, value: T | None, name: str) -> T:
        """The value just read, which must be there."""
        if value is None:
            raise missing_parameter(self.name(name))
        return value

    def wrong(self, name: str, message: str, code: str | None = None) -> StripeRefused:
        """A refusal that names this parameter."""
        return invalid(self.name(name), message, code)

    def finish(self) -> None:
        """Raises `StripeRefused` if anything was given that nobody read."""
        for name in self._left:
            raise unknown_parameter(self.name(name))
        for inner in self._inner:
            inner.finish()

    def _inside(self, whole_name: str, value: object) -> "Params":
        if not isinstance(value, dict):
            raise invalid(whole_name, f"Invalid object: {whole_name}")
        inner = Params(value, whole_name)
        self._inner.append(inner)
        return inner
