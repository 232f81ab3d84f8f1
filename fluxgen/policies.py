"""The policies: privacy and terms, each in dated versions that never change.

A version is a file, `data/policies/<policy>/<date>.md`, in force from its date on. Its hash is
registered in `data/policies/versions.toml`; a text that differs from it turns a test red. So a
changed text is a new version.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from fluxgen import clock, documents
from fluxgen.documents import DATA, Document
from fluxgen.errors import Misconfigured

POLICIES = ("privacy", "terms")
REGISTER = DATA / "policies" / "versions.toml"


@dataclass(frozen=True)
class Version:
    """One policy as it is in force from a day on."""

    policy: str
    version: str
    title: str
    changes: tuple[str, ...]
    markdown: str
    sha256: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.version)


@cache
def versions(policy: str) -> tuple[Version, ...]:
    """Every version of a policy, newest first."""
    found = [_version(policy, document) for document in documents.read(f"policies/{policy}")]
    return tuple(reversed(found))


def _version(policy: str, document: Document) -> Version:
    try:
        date.fromisoformat(document.name)
    except ValueError:
        raise Misconfigured(f"{policy}/{document.name}.md is not named by its day") from None
    return Version(
        policy=policy,
        version=document.name,
        title=document.fact("title"),
        changes=tuple(map(str, document.facts.get("changes", ()))),
        markdown=document.markdown,
        sha256=document.sha256,
    )


def current(policy: str) -> Version:
    """The version that is in force today."""
    today = clock.now().date()
    return next(one for one in versions(policy) if one.day <= today)


def coming(policy: str) -> Version | None:
    """The version that will be in force next, if there is one."""
    today = clock.now().date()
    return next((one for one in reversed(versions(policy)) if one.day > today), None)


def find(policy: str, version: str) -> Version | None:
    """One version of a policy, whether it is in force or not."""
    return next((one for one in versions(policy) if one.version == version), None)


def of(version: str) -> list[Version]:
    """What has this version: one policy or both."""
    found = (find(policy, version) for policy in POLICIES)
    return [one for one in found if one is not None]


def registered() -> dict[str, str]:
    """The hash of each version that was ever published, by `<policy>/<version>`."""
    found: dict[str, str] = tomllib.loads(REGISTER.read_text(encoding="utf-8"))
    return found


def complaints() -> list[str]:
    """Texts that were changed, are not registered, or are missing."""
    known = registered()
    there = {f"{one.policy}/{one.version}": one for name in POLICIES for one in versions(name)}
    said = [f"{name} is registered, but not there" for name in sorted(set(known) - set(there))]
    for name, one in sorted(there.items()):
        if name not in known:
            said.append(f"{name} is not registered: flask policy register {one.version}")
        elif known[name] != one.sha256:
            said.append(f"{name} was changed: a changed text is a new version")
    return said
