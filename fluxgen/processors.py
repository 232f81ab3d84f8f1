"""Who else receives something: the list of the setting `PROCESSORS`, in the page's words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from fluxgen import settings
from fluxgen.documents import DATA
from fluxgen.errors import Misconfigured


@dataclass(frozen=True)
class Processor:
    """One company that receives something: who, what for, what, where, and its hosts."""

    slug: str
    name: str
    does: str
    receives: str
    where: str
    hosts: tuple[str, ...] = ()
    outside_eu: bool | None = None
    """Whether it gets something in a country without our law; None: the operator knows."""

    @property
    def sentence(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"**{self.name}**{place} {self.does}. It receives {self.receives}."

    def has(self, host: str) -> bool:
        """Whether this host is one of its own."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)


@cache
def known() -> dict[str, Processor]:
    """The companies that we have words for, and the roles that any company may have."""
    found = tomllib.loads((DATA / "processors.toml").read_text(encoding="utf-8"))
    return {
        slug: Processor(slug=slug, **{**entry, "hosts": tuple(entry.get("hosts", ()))})
        for slug, entry in found.items()
    }


def listed() -> list[Processor]:
    """Whom the privacy page names. Raises `Misconfigured` for one that nobody knows."""
    return [_named(entry) for entry in settings.current().processor_list]


def _named(entry: str) -> Processor:
    """`stripe`, or a role with a name: `mail=Postmark`."""
    slug, _, name = entry.partition("=")
    found = known().get(slug.strip())
    if found is None or (not found.name and not name.strip()):
        raise Misconfigured(f"PROCESSORS: {_wrong(entry, found)}")
    if not name.strip():
        return found
    return replace(found, name=name.strip())


def _wrong(entry: str, found: Processor | None) -> str:
    if found is not None:
        return f"{entry} needs the name of whoever it is: {found.slug}=Example Company"
    return f"{entry} is none of {', '.join(known())}"
