"""Addresses and hidden fields that no page of ours ever makes."""

from __future__ import annotations

from tests.commenting.town import Town
from tests.people import Browser

ODD = ["\x00", "a\x00b", "-1", "9" * 40, "%", "'; --", "\u202e\ufeff", "eyJhIjogMX0", "W10"]


def test_odd_values_are_refused_or_overlooked(town: Town) -> None:
    neneng = town.person("neneng", "staff", "moderator", "drafter")
    town.contribute(neneng, "Pasal 1", "Bagaimana?")
    for odd in ODD:
        _read(town, neneng, odd)
        _send(town, neneng, odd)


def _read(town: Town, neneng: Browser, odd: str) -> None:
    thread, text = town.thread_id(), f"/policies/{town.slug}/revisions/1"
    for path, names in (
        (f"{text}/threads", ("section", "cursor", "state", "placement")),
        (f"{text}/threads/new", ("section",)),
        (f"/threads/{thread}/replies", ("to",)),
        (f"/policies/{town.slug}/placements", ("cursor",)),
        ("/inbox", ("cursor",)),
        (text, ("thread",)),
    ):
        for name in names:
            answer = neneng.get(path, query_string={name: odd})
            assert answer.status_code in (200, 302, 404, 422), (path, name)
    for path in (f"/threads/{odd}/replies", f"/comments/{odd}/versions"):
        assert neneng.get(path).status_code == 404


def _send(town: Town, neneng: Browser, odd: str) -> None:
    thread, comment = town.thread_id(), town.comment_ids()[0]
    text = f"/policies/{town.slug}/revisions/1"
    names = ("exact", "prefix", "suffix", "start", "kind", "stance", "once", "next")
    fields = dict.fromkeys(names, odd)
    page = "/account/password"
    for path, form in (
        (f"{text}/threads/new", {"section": odd, "body": "x"}),
        (f"{text}/threads/new", {"body": "x", **fields}),
        (f"/threads/{thread}/replies", {"body": "x", "parent": odd}),
        (f"/threads/{thread}/stance", {"stance": odd, "next": odd}),
        (f"/threads/{thread}/place", {"as": odd, "section": odd, "exact": odd}),
        (f"/comments/{comment}/edit", {"body": odd}),
        (f"/comments/{comment}/hide", {"reason": odd}),
    ):
        answer = neneng.post(path, form, page=page)
        assert answer.status_code in (303, 403, 404, 409, 422), (path, form)
