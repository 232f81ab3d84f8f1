"""What a picture's file says about it, as an XMP packet: that a model made it, and its recipe.

The recipe has a namespace of our own; in a share copy there is none. What is read back may have
been written by anybody: it is parsed without entities, and believed by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RECIPE = "urn:fluxgen:recipe:1#"
PACKET_MAX_BYTES = 65_000
"""What fits into one segment of a JPEG."""
NAME = re.compile(r"[A-Za-z]{1,20}")
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML can hold."""

HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
    f'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{IPTC}"'
)
MARK = f"<Iptc4xmpExt:DigitalSourceType>{AI_MADE}</Iptc4xmpExt:DigitalSourceType>"
TAIL = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'


def packet(recipe: Mapping[str, str] | None = None) -> bytes:
    """The mark of what a model made, and the recipe by name, where one is given."""
    namespace = f' xmlns:fluxgen="{RECIPE}"' if recipe else ""
    kept = (
        f"<fluxgen:{name}>{_written(value)}</fluxgen:{name}>"
        for name, value in (recipe or {}).items()
    )
    return f"{HEAD}{namespace}>{MARK}{''.join(kept)}{TAIL}".encode()


def recipe_of(written: bytes) -> dict[str, str]:
    """The recipe in a packet by name; empty where there is none, or none that can be read."""
    if len(written) > PACKET_MAX_BYTES:
        return {}
    try:
        root = fromstring(written.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{{{RDF}}}Description"):
        found |= {_name(tag): value for tag, value in description.attrib.items() if _ours(tag)}
        found |= {_name(part.tag): part.text or "" for part in description if _is_plain(part)}
    return found


def _is_plain(part: Element) -> bool:
    return _ours(part.tag) and len(part) == 0


def _ours(tag: str) -> bool:
    return tag.startswith(f"{{{RECIPE}}}") and bool(NAME.fullmatch(_name(tag)))


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _written(value: str) -> str:
    """As text of an element; a line's end as a reference, which no reader changes."""
    return escape(UNWRITABLE.sub("", value), {"\r": "&#13;"})
