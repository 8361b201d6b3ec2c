"""The demo's texts and their story are whole: what is cited exists, what is quoted stands there,
what is answered was said, and time runs forward."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from policyforum.text.keyed import subtree_ends
from policyforum.text.sections import Outline, Section, join, split

CONTENT = Path(__file__).resolve().parents[2] / "policyforum" / "demo" / "content"
OUTCOMES = {
    "accepted",
    "partly",
    "rejected",
    "already_covered",
    "out_of_scope",
    "deferred",
    "merged",
}
KINDS = {"question", "support", "objection", "proposal", "concern"}
STANCES = {"support", "neutral", "oppose"}
MAY_SPEAK = {"staff", "representative", "guest", "drafter"}
PERWAL = ("perwal-r1.md", "perwal-r2.md", "perwal-r3.md")


@cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


@cache
def outline(name: str) -> Outline:
    return split((CONTENT / name).read_text("utf-8"))


def section_text(name: str, label: str) -> str:
    found = [section for section in outline(name).sections if section.label == label]
    assert len(found) == 1, f"{name}: {label!r} is there {len(found)} times"
    return whole_text(name, found[0])


def whole_text(name: str, section: Section) -> str:
    """A section with all its descendants."""
    sections = outline(name).sections
    return join(sections[section.position : subtree_ends(sections)[section.position]])


def rounds() -> list[tuple[str, dict[str, Any]]]:
    """Each consultation as (the id of its policy, its revision's entry)."""
    return [
        (policy["id"], revision)
        for policy in table("policies.toml")["policy"]
        for revision in policy.get("revision", [])
    ]


def consultation_threads() -> list[Any]:
    return [
        pytest.param(revision["file"], thread, id=thread["id"])
        for _, revision in rounds()
        for thread in table(revision["comments"])["thread"]
    ]


def people() -> dict[str, dict[str, Any]]:
    return {person["id"]: person for person in table("people.toml")["person"]}


NOON = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - only differences are looked at


def moment(at: str, now: datetime = NOON) -> datetime:
    if hours := re.fullmatch(r"-(\d+)h", at):
        return now - timedelta(hours=int(hours[1]))
    match = re.fullmatch(r"([+-]\d+)d (\d\d):(\d\d)", at)
    assert match, at
    day = now + timedelta(days=int(match[1]))
    return day.replace(hour=int(match[2]), minute=int(match[3]))


@pytest.mark.parametrize("name", PERWAL)
def test_the_regulation_has_the_size_and_form_of_one(name: str) -> None:
    sections = outline(name).sections
    kinds = Counter(section.kind for section in sections)
    assert kinds["bab"] >= 8
    assert 44 <= kinds["pasal"] <= 50
    assert outline(name).warnings == ()
    assert join(sections) == (CONTENT / name).read_text("utf-8")
    articles = [int(section.number) for section in sections if section.kind == "pasal"]
    assert articles == list(range(1, len(articles) + 1))
    for phrase in (
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        "MEMUTUSKAN:",
        "Menetapkan:",
        "Ditetapkan di Bandung",
        "Diundangkan di Bandung",
        "BERITA DAERAH KOTA BANDUNG",
    ):
        assert phrase in join(sections)


@pytest.mark.parametrize("name", PERWAL)
def test_cross_references_resolve(name: str) -> None:
    labels = {section.label for section in outline(name).sections}
    for section in outline(name).sections:
        if section.kind == "mengingat" or section.label.startswith("Mengingat"):
            continue
        article = re.match(r"Pasal \d+", section.label)
        own_article = article[0] if article else ""
        text = section.text
        for cited in re.findall(
            r"dalam (Pasal \d+(?: ayat \(\d+\))?(?: huruf [a-z](?![a-z]))?)", text
        ):
            assert cited in labels, f"{section.label} cites {cited}"
        for cited in re.findall(
            r"pada (ayat \(\d+\)(?: huruf [a-z](?![a-z]))?)|dan (ayat \(\d+\))", text
        ):
            cited_label = f"{own_article} {cited[0] or cited[1]}"
            assert cited_label in labels, f"{section.label} cites {cited_label}"


@pytest.mark.parametrize("name", PERWAL)
def test_figures_are_followed_by_their_words(name: str) -> None:
    ones = [
        "nol",
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
        "tujuh",
        "delapan",
        "sembilan",
        "sepuluh",
        "sebelas",
    ]

    def words(number: int) -> str:
        if number < 12:
            return ones[number]
        if number < 20:
            return f"{ones[number - 10]} belas"
        tens, rest = divmod(number, 10)
        return f"{ones[tens]} puluh" + (f" {ones[rest]}" if rest else "")

    found = re.findall(
        r"(?<![\d(.])(\d+)%? \(([a-z ]+?)(?: persen)?\)", join(outline(name).sections)
    )
    assert len(found) > 30
    for figure, spelled in found:
        assert spelled == words(int(figure)), f"{figure} ({spelled})"


@pytest.mark.parametrize("name", PERWAL)
def test_lists_end_as_drafting_technique_asks(name: str) -> None:
    """Items end with ; the last with . (or , before a tail); the last but one says dan or atau."""
    by_parent: dict[int | None, list[str]] = {}
    for section in outline(name).sections:
        if section.kind in {"huruf", "angka"} and section.label.startswith("Pasal"):
            if section.label.startswith("Pasal 1 "):
                continue  # definitions are sentences of their own
            whole = whole_text(name, section).strip()
            by_parent.setdefault(section.parent, []).append(whole)
    assert len(by_parent) > 20
    for items in by_parent.values():
        assert items[-1][-1] in ".,;" or items[-1].endswith("dan"), items[-1]
        assert re.search(r"; (?:dan|atau|dan/atau)$", items[-2]), items[-2]
        assert all(item.endswith(";") for item in items[:-2]), items


def test_the_organisation_fits_together() -> None:
    units = {unit["code"]: unit for unit in table("people.toml")["unit"]}
    associations = {body["code"] for body in table("people.toml")["association"]}
    below: Counter[str] = Counter()
    seen: set[str] = set()
    for code, unit in units.items():
        if parent := unit.get("parent"):
            assert parent in seen, f"{code} comes before its parent"
            below[parent] += unit["headcount"]
        seen.add(code)
    for code, headcount in below.items():
        assert headcount <= units[code]["headcount"], code
    roles = Counter(person["role"] for person in people().values())
    assert roles["admin"] == 1
    assert roles["drafter"] == 3
    assert roles["staff"] >= 30
    assert roles["representative"] == len(associations)
    assert len(people()) == len(table("people.toml")["person"])
    for person in people().values():
        assert person.get("unit") in {*units, None}
        assert person.get("association") in {*associations, None}
    assert len(table("people.toml")["password"]) >= 12


def test_there_is_as_much_talk_as_promised() -> None:
    counts: list[tuple[int, int]] = []
    depths: list[int] = []
    for name in ("comments-r1.toml", "comments-r2.toml", "comments-r3.toml"):
        threads = table(name)["thread"]
        counts.append((len(threads), sum(1 + len(each.get("replies", [])) for each in threads)))
        for thread in threads:
            depth = [0]
            for reply in thread.get("replies", []):
                depth.append(1 + depth[reply["to"]])
            depths.append(max(depth))
    (threads_1, comments_1), (threads_2, comments_2), (threads_3, _) = counts
    assert threads_1 + threads_2 >= 80
    assert comments_1 + comments_2 >= 120
    assert 15 <= threads_3 <= 25
    assert max(depths) >= 3


@pytest.mark.parametrize("file, thread", consultation_threads())
def test_a_thread_stands_where_it_says(file: str, thread: dict[str, Any]) -> None:
    speakers = [thread["by"], *(reply["by"] for reply in thread.get("replies", []))]
    assert {people()[name]["role"] for name in speakers} <= MAY_SPEAK
    assert thread["kind"] in KINDS
    assert thread["stance"] in STANCES
    assert "suggestion" not in thread or "quote" in thread
    where = join(outline(file).sections)
    if thread["section"]:
        where = section_text(file, thread["section"])
    if "quote" in thread:
        assert where.count(thread["quote"]) == 1


def test_threads_have_names_of_their_own() -> None:
    names = [
        thread["id"] for _, revision in rounds() for thread in table(revision["comments"])["thread"]
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_time_runs_forward_whenever_the_demo_is_loaded(hour: int) -> None:
    now = NOON.replace(hour=hour, minute=20)
    for _, revision in rounds():
        opens, closes = (moment(revision["round"][edge], now) for edge in ("opens", "closes"))
        published = moment(revision["published"], now)
        assert moment(revision["drafted"], now) < published <= opens < closes
        threads = table(revision["comments"])["thread"]
        for thread in threads:
            times = [moment(thread["at"], now)]
            assert opens <= times[0], thread["id"]
            for reply in thread.get("replies", []):
                written = moment(reply["at"], now)
                assert times[reply["to"]] < written, f"{thread['id']}: {reply['at']}"
                times.append(written)
            assert max(times) < min(closes, now), thread["id"]
        if "dispositions" in revision:
            decided = [moment(item["at"], now) for item in table(revision["dispositions"])["item"]]
            assert closes < min(decided)
            assert "decision" not in revision or max(decided) < moment(
                revision["recommendation"]["at"], now
            ) < moment(revision["decision"]["at"], now)
    for (policy, earlier), (other, later) in pairwise(rounds()):
        if policy == other:
            assert moment(earlier["round"]["closes"], now) < moment(later["published"], now)


@pytest.mark.parametrize("number", [1, 2])
def test_every_thread_of_a_closed_round_is_disposed_of_once(number: int) -> None:
    threads = [thread["id"] for thread in table(f"comments-r{number}.toml")["thread"]]
    items = table(f"dispositions-r{number}.toml")["item"]
    assert sorted(name for item in items for name in item["threads"]) == sorted(threads)
    following = f"perwal-r{number + 1}.md"
    before = join(outline(f"perwal-r{number}.md").sections)
    for item in items:
        assert item["outcome"] in OUTCOMES
        assert item["outcome"] == "accepted" or item["reason"]
        taken_up = item["outcome"] in {"accepted", "partly"}
        assert bool(item.get("changed")) == taken_up, item["summary"]
        assert people()[item["by"]]["role"] == "drafter"
        for label in item.get("changed", []):
            words = section_text(following, label).strip()
            assert words not in before, f"{label} did not change"


def test_the_returned_revision_is_cited_rightly() -> None:
    returned = [entry for _, entry in rounds() if "decision" in entry]
    assert [entry["decision"]["outcome"] for entry in returned] == ["returned"]
    articles = re.findall(r"Pasal \d+", returned[0]["decision"]["reason"])
    assert "pegawai pengganti" in section_text(returned[0]["file"], articles[0])
    assert "Data lokasi" in section_text(returned[0]["file"], articles[1])


def test_the_outcomes_are_those_of_a_real_consultation() -> None:
    outcomes = Counter(
        item["outcome"]
        for number in (1, 2)
        for item in table(f"dispositions-r{number}.toml")["item"]
    )
    assert set(outcomes) == OUTCOMES
    taken_up = outcomes["accepted"] + outcomes["partly"]
    assert 0.4 < taken_up / outcomes.total() < 0.65
