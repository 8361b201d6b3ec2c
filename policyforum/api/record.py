"""The heads of the audit record, and proofs for those who hold one."""

from __future__ import annotations

import base64

from flask_babel import gettext as _

from policyforum.api.calls import reads
from policyforum.api.schemas.base import Paging
from policyforum.api.schemas.record import (
    ConsistencyQuery,
    InclusionQuery,
    Proof,
    TreeHead,
    TreeHeadList,
)
from policyforum.audit.heads import heads_before, leaves, signed_head, verifier_of
from policyforum.audit.merkle import consistency_proof, inclusion_proof
from policyforum.web.access import everyone, signed_in
from policyforum.web.paging import decode_cursor, page_of
from policyforum.web.problems import Invalid


@everyone
@reads(TreeHeadList, query=Paging)
def list_heads(query: Paging) -> TreeHeadList:
    """The signed heads of the whole record, newest first; no token is needed."""
    before = decode_cursor(query.cursor, (int,))
    rows = heads_before(int(before[0]) if before else None, query.limit + 1)
    page = page_of(rows, query.limit, lambda row: [row.size])
    return TreeHeadList(
        items=[
            TreeHead(
                size=row.size,
                root=_base64(signed_head(row).head.root),
                at=row.at,
                note=row.note,
                key=verifier_of(row),
            )
            for row in page.items
        ],
        next=page.next,
    )


@signed_in
@reads(Proof, query=ConsistencyQuery)
def show_consistency(query: ConsistencyQuery) -> Proof:
    """That the record of the newer head begins with the record of the older (RFC 9162, 2.1.4)."""
    found = leaves(query.second)
    if not query.first <= query.second == len(found):
        raise Invalid({"second": [_("The record does not have so many entries.")]})
    return Proof(proof=[_base64(part) for part in consistency_proof(query.first, found)])


@signed_in
@reads(Proof, query=InclusionQuery)
def show_inclusion(query: InclusionQuery) -> Proof:
    """That an entry is under a head (RFC 9162, 2.1.3)."""
    found = leaves(query.size)
    if not query.seq <= query.size == len(found):
        raise Invalid({"size": [_("The record does not have so many entries.")]})
    return Proof(proof=[_base64(part) for part in inclusion_proof(query.seq - 1, found)])


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
