"""F15: the tree against another program, and against figures that were published."""

from __future__ import annotations

import hashlib
import random

from pymerkle import InmemoryTree

from policyforum.audit import merkle
from policyforum.audit.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root_of,
)
from trials.trial import Outcome, Trial

FULL, SHORT = 1_000, 60

PUBLISHED_INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
PUBLISHED_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The inputs and the roots over their first 1 to 8 with which implementations of RFC 6962 and 9162
are tested everywhere (first in certificate-transparency, `merkle_tree_test.cc`)."""
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def published_differences() -> int:
    """How many of the published roots, and of the proofs that follow from them, are not ours."""
    leaves = [leaf_of(bytes.fromhex(data)) for data in PUBLISHED_INPUTS]
    roots = [bytes.fromhex(root) for root in PUBLISHED_ROOTS]
    wrong = int(root_of([]).hex() != EMPTY)
    for size, root in enumerate(roots, 1):
        wrong += root_of(leaves[:size]) != root
        for index in range(size):
            proof = inclusion_proof(index, leaves[:size])
            wrong += not is_included(index, size, leaves[index], proof, root)
        for first in range(1, size + 1):
            proof = consistency_proof(first, leaves[:size])
            wrong += not is_consistent(first, size, roots[first - 1], root, proof)
    return wrong


def judged_differences(most: int) -> tuple[int, int]:
    """How often pymerkle gives another root or proof, and how many were compared."""
    other = InmemoryTree(algorithm="sha256")
    chance = random.Random(9162)
    leaves: list[bytes] = []
    roots: list[bytes] = [merkle.EMPTY_ROOT]
    compared = differing = 0
    for size in range(1, most + 1):
        data = chance.randbytes(chance.randrange(1, 200))
        other.append_entry(data)
        leaves.append(leaf_of(data))
        roots.append(root_of(leaves))
        differing += other.get_root(size) != roots[size]
        index, first = chance.randrange(size), chance.randrange(1, size + 1)
        theirs = other.prove_inclusion(index + 1, size)
        ours = inclusion_proof(index, leaves)
        differing += sorted(theirs.path) != sorted([leaves[index], *ours])
        differing += not is_included(index, size, leaves[index], ours, roots[size])
        proof = consistency_proof(first, leaves)
        differing += not is_consistent(first, size, roots[first], roots[size], proof)
        compared += 4
    return differing, compared


def forged_accepted(tries: int) -> int:
    """How many proofs with one bit, one size or one hash changed are still accepted."""
    chance = random.Random(6962)
    leaves = [leaf_of(bytes([n])) for n in range(37)]
    roots = [root_of(leaves[:size]) for size in range(len(leaves) + 1)]
    accepted = 0
    for _try in range(tries):
        size = chance.randrange(2, len(leaves))
        index, first = chance.randrange(size), chance.randrange(1, size)
        proof = inclusion_proof(index, leaves[:size])
        accepted += is_included(index, size, _flip(leaves[index], chance), proof, roots[size])
        accepted += is_included(index, size, leaves[index], [*proof, roots[1]], roots[size])
        accepted += is_included(index, size, leaves[index], proof[:-1], roots[size])
        proof = consistency_proof(first, leaves[:size])
        accepted += is_consistent(first, size, roots[first], _flip(roots[size], chance), proof)
        accepted += is_consistent(first, size, _flip(roots[first], chance), roots[size], proof)
        accepted += is_consistent(first, size, roots[first], roots[size], [*proof, roots[1]])
    accepted += is_included(0, 1, b"", [], b"")  # what is no hash is no root
    return accepted


def leaf_of(data: bytes) -> bytes:
    """The leaf hash of 2.1.1, which the record's entries carry."""
    return hashlib.sha256(b"\x00" + data).digest()


def _flip(value: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(value))
    return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]


def _run(most: int) -> Outcome:
    published = published_differences()
    differing, compared = judged_differences(most)
    accepted = forged_accepted(most)
    figure = (
        f"{compared} roots and proofs against pymerkle: {differing} differ; published roots and "
        f"their proofs: {published} differ; {accepted} of {6 * most + 1} forged proofs accepted"
    )
    return Outcome(figure, (published, differing, accepted) == (0, 0, 0))


def _broken() -> Outcome:
    """Nodes hashed like leaves, so that a node can be passed off as an entry."""
    honest = merkle.node_hash
    merkle.node_hash = lambda left, right: leaf_of(left + right)
    try:
        return _run(SHORT)
    finally:
        merkle.node_hash = honest


JUDGING = (
    Trial(
        name="F15 tree",
        what="roots and proofs compared with pymerkle and with the published test vectors",
        goal="all the same; no forged proof accepted",
        run=lambda full: _run(FULL if full else SHORT),
        breaks="nodes are hashed like leaves",
        broken=lambda _full: _broken(),
    ),
)
