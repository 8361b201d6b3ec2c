"""The part of a policy's address that is made of its title, and stays when the title changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

LONGEST = 80
RESERVED = ("new",)
UNNAMED = "kebijakan"


def slug_of(title: str) -> str:
    """Lower-case ASCII words joined by hyphens, cut between words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rsplit("-", 1)[0][:LONGEST]
    return slug or UNNAMED


def free_slug(wish: str, taken: Container[str]) -> str:
    """`wish`, or `wish-2`, `wish-3`, … whichever is not taken."""
    slug, number = wish, 1
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{wish}-{number}"
    return slug
