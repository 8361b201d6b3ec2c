"""What is put together from compressed parts and small ones is one gzip file of all of it."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from policyforum.web.spliced import Part, gzipped, joined

PIECES = st.lists(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(Part)))


@given(PIECES)
def test_it_unpacks_to_all_pieces_in_order(pieces: list[Part | bytes]) -> None:
    assert gzip.decompress(gzipped(pieces)) == joined(pieces)
    assert gzip.decompress(gzipped(pieces)) == joined(pieces)  # parts know their checksums by now


@given(st.binary(), st.binary())
def test_a_checksum_goes_on_from_any_other(before: bytes, data: bytes) -> None:
    together = gzip.decompress(gzipped([before, Part(data), before, Part(data)]))
    assert together == before + data + before + data
