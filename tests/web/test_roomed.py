"""A page packed once takes other fillings, and unpacks to what it says with them."""

from __future__ import annotations

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyforum.web.roomed import roomed
from policyforum.web.spliced import Part
from policyforum.web.store import Page

SENTENCE = "Jangka waktu pengisian jabatan paling lama empat belas hari kerja. "
PART = st.one_of(
    st.binary(min_size=2, max_size=300),
    st.text(min_size=2, max_size=200).map(str.encode),
    st.integers(1, 80).map(lambda times: (SENTENCE * times).encode()),
)


@given(st.data())
def test_it_unpacks_to_parts_and_fillings_in_order(data: st.DataObject) -> None:
    parts = data.draw(st.lists(PART, min_size=1, max_size=6))
    sizes = data.draw(
        st.lists(st.integers(0, 120), min_size=len(parts) - 1, max_size=len(parts) - 1)
    )
    packed = roomed(parts, sizes)
    if packed is None:
        return  # it may not be possible; what is made must be right
    for _ in range(2):
        fillings = [data.draw(st.binary(min_size=size, max_size=size)) for size in sizes]
        stream = packed.filled(fillings)
        assert stream is not None
        assert brotli.decompress(stream) == _joined(parts, fillings)


def test_a_text_that_holds_a_stand_in_is_not_packed_so_and_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = bytes(range(0x80, 0xB0)) * 2
    monkeypatch.setattr("policyforum.web.roomed._stand_ins", lambda sizes: [known for _ in sizes])
    parts = [known * 3 + b"words", b" and more " + known * 3, known + b" at the end"]
    packed = roomed(parts, [len(known), len(known)])
    assert packed is None
    page = Page([Part(parts[0]), "token", Part(parts[1]), "token", Part(parts[2])])
    assert page.brotli(lambda _hole: b"x" * len(known)) is None


def test_what_repeats_is_packed_across_the_rooms() -> None:
    text = "".join(f"Pasal {number} {SENTENCE}" for number in range(200)).encode()
    alone, twice = roomed([text], []), roomed([text, text], [40])
    assert alone is not None
    assert twice is not None
    stream = twice.filled([b"x" * 40])
    assert stream is not None
    assert len(stream) < 1.2 * len(alone.filled([]) or b"") + 60


@pytest.mark.parametrize("parts, sizes", [([b"a", b"b"], [3]), ([b"a", b"bcd"], [70_000])])
def test_a_page_that_cannot_be_packed_so_is_not(parts: list[bytes], sizes: list[int]) -> None:
    assert roomed(parts, sizes) is None


def test_a_filling_of_another_length_is_refused() -> None:
    packed = roomed([b"<p>", b"</p>"], [3])
    assert packed is not None
    assert packed.filled([b"four"]) is None


def test_a_longer_name_gets_a_larger_room_and_a_shorter_one_spaces() -> None:
    page = Page([Part(b"<p>"), "name", Part(b"</p>")], frozenset({"name"}))
    for name in ("Siti", "Raden Ayu " * 20, "", "Siti"):
        packed = page.brotli(lambda _hole, name=name: name.encode())
        assert packed is not None
        assert brotli.decompress(packed).decode().replace(" ", "") == f"<p>{name}</p>".replace(
            " ", ""
        )


def test_where_spaces_would_change_something_another_length_is_not_packed_so() -> None:
    page = Page([Part(b'<input value="'), "token", Part(b'">')])
    assert page.brotli(lambda _hole: b"a-token") is not None
    assert page.brotli(lambda _hole: b"longer-token") is None
    packed = page.brotli(lambda _hole: b"b-token")
    assert packed is not None
    assert brotli.decompress(packed) == b'<input value="b-token">'


def _joined(parts: list[bytes], fillings: list[bytes]) -> bytes:
    return b"".join(part + filling for part, filling in zip(parts, [*fillings, b""], strict=True))
