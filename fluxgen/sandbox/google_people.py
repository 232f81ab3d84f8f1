"""The sample people of the Google stand-in, and how anybody's claims are made."""

import hashlib
import io
from dataclasses import dataclass
from functools import cache

from PIL import Image

from fluxgen.sandbox.painting import paint

PORTRAIT_PX = 512
_CAMERA_MODEL_TAG, _DESCRIPTION_TAG = 0x0110, 0x010E


@dataclass(frozen=True)
class Person:
    """A Google account that does not exist."""

    sub: str
    email: str
    name: str
    portrait: str | None = None
    hosted_domain: str | None = None
    is_verified: bool = True

    def claims(self, base_url: str) -> dict[str, object]:
        """What Google says about a person: more than FluxGen may keep."""
        given, _, family = self.name.partition(" ")
        optional = {
            "family_name": family or None,
            "picture": f"{base_url}/picture/{self.sub}" if self.portrait else None,
            "hd": self.hosted_domain,
        }
        return {
            "sub": self.sub,
            "email": self.email,
            "email_verified": self.is_verified,
            "name": self.name,
            "given_name": given,
            "locale": "en",
            **{name: value for name, value in optional.items() if value},
        }


def _sub(email: str) -> str:
    """21 digits, always the same for one address."""
    return "1" + str(int(hashlib.sha256(email.encode()).hexdigest(), 16))[:20]


def _sample(email: str, name: str, portrait: str | None, hd: str | None = None) -> Person:
    return Person(_sub(email), email, name, portrait, hd)


PEOPLE: dict[str, Person] = {
    person.sub: person
    for person in (
        _sample("alma.reyes@example.com", "Alma Reyes", "a coral dahlia at dusk"),
        _sample("jonas@studio.example", "Jonas Lindqvist", "blue ridges at dawn", "studio.example"),
        _sample("noor.haddad@example.org", "Noor Haddad", None),
    )
}
"""By sub: one usual, one of a company's own domain, one without a picture."""


def typed_person(email: str, name: str, *, is_verified: bool) -> Person:
    """Somebody a visitor made up; the same address is always the same person."""
    return Person(_sub(email), email, name or email.partition("@")[0], None, None, is_verified)


@cache
def portrait_jpeg(sub: str) -> bytes:
    """A sample person's picture, with camera data in it that must not be passed on."""
    words = PEOPLE[sub].portrait or ""
    picture = paint(words, "flux-schnell", PORTRAIT_PX, PORTRAIT_PX, 7, ())
    exif = Image.Exif()
    exif[_CAMERA_MODEL_TAG] = "Sandbox Camera"
    exif[_DESCRIPTION_TAG] = f"Private note about {PEOPLE[sub].name}"
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88, exif=exif)
    return target.getvalue()
