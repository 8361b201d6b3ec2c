"""How a policy's title is set: "Rancangan Peraturan …" above, what it is about below."""

from __future__ import annotations

import re
from typing import NamedTuple

from policyforum.policies.models import Policy
from policyforum.reading.kinds import policy_kind

_FORM = re.compile(
    r"((?:Rancangan\s+)?(?:Peraturan|Keputusan|Surat Edaran)\b.{0,60}?)\s+tentang\s+(\S.*)"
)


class Title(NamedTuple):
    """`form`: what kind of text it is; `subject`: what it is about."""

    form: str
    subject: str


def title_of(policy: Policy) -> Title:
    """The two parts of a policy's title; the form is its kind's name when the title has none."""
    found = _FORM.fullmatch(policy.title)
    return Title(found[1] if found else policy_kind(policy.kind), subject_of(policy.title))


def subject_of(title: str) -> str:
    """What a title says the text is about."""
    found = _FORM.fullmatch(title)
    return found[2][:1].upper() + found[2][1:] if found else title
