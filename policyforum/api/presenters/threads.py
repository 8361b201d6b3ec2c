"""Threads, comments and places as the API tells them."""

from __future__ import annotations

from policyforum.api.presenters.addresses import page_url
from policyforum.api.queries import FirstPlace
from policyforum.api.schemas import threads as shapes
from policyforum.commenting.faces import CommentView, PlacementView, ThreadView
from policyforum.commenting.fresh import opening_view, reply_view
from policyforum.commenting.opening import OpenedThread
from policyforum.commenting.replying import PostedReply
from policyforum.policies.models import Policy


def thread_shown(thread: ThreadView, first: FirstPlace, policy: Policy) -> shapes.Thread:
    return shapes.Thread.model_validate(
        {
            "id": thread.id,
            "number": thread.number,
            "url": page_url(thread.path),
            "policy": policy.slug,
            "revision": thread.revision,
            "section": first.section_key,
            "label": thread.first_label,
            "quote": _quote(thread, first),
            "kind": thread.kind,
            "stance": thread.stance,
            "suggestion": (
                None if thread.suggestion is None else {"replacement": thread.suggestion}
            ),
            "state": thread.state,
            "support_count": thread.support_count,
            "oppose_count": thread.oppose_count,
            "comment_count": thread.comment_count,
            "created_at": thread.created_at,
            "comments": [comment_shown(comment, thread.id) for comment in thread.comments],
            "placement": placement_shown(thread.placement),
        }
    )


def opened_shown(opened: OpenedThread) -> shapes.Thread:
    """A thread that was opened just now: nothing is read again."""
    ready, passage = opened.ready, opened.ready.passage
    return shapes.Thread.model_validate(
        {
            "id": opened.public_id,
            "number": opened.number,
            "url": page_url(f"/threads/{opened.public_id}"),
            "policy": ready.policy.slug,
            "revision": ready.revision.number,
            "section": ready.section_key,
            "label": passage.label,
            "quote": (
                None
                if passage.exact is None
                else {
                    "exact": passage.exact,
                    "prefix": passage.prefix,
                    "suffix": passage.suffix,
                    "start": passage.start,
                    "end": passage.end,
                }
            ),
            "kind": ready.kind,
            "stance": ready.stance,
            "suggestion": None if ready.suggestion is None else {"replacement": ready.suggestion},
            "state": "open",
            "support_count": 0,
            "oppose_count": 0,
            "comment_count": 1,
            "created_at": opened.at,
            "comments": [comment_shown(opening_view(opened), opened.public_id)],
            "placement": {
                "revision": ready.revision.number,
                "section": ready.section_key,
                "label": passage.label,
                "start": passage.start,
                "end": passage.end,
                "state": "exact",
                "score": 1.0,
                "cause": "",
                "placed_by": None,
                "placed_at": opened.at,
            },
        }
    )


def posted_shown(posted: PostedReply) -> shapes.Comment:
    """A reply that was posted just now: nothing is read again."""
    return comment_shown(reply_view(posted), posted.ready.thread.public_id)


def comment_shown(comment: CommentView, thread_id: str) -> shapes.Comment:
    author = comment.author
    return shapes.Comment.model_validate(
        {
            "id": comment.id,
            "thread": thread_id,
            "parent": comment.parent,
            "author": {
                "name": author.name,
                "unit": author.unit,
                "association": author.association,
                "kind": author.kind,
                "is_drafter": author.is_drafter,
                "is_me": author.is_me,
            },
            "body": comment.body,
            "html": comment.html,
            "created_at": comment.created_at,
            "edited_at": comment.edited_at,
            "withdrawn_at": comment.withdrawn_at,
            "hidden_at": comment.hidden_at,
            "hidden_reason": comment.hidden_reason,
            "url": page_url(f"/threads/{thread_id}#c-{comment.id}"),
        }
    )


def placement_shown(place: PlacementView) -> shapes.Placement:
    return shapes.Placement.model_validate(
        {
            "revision": place.revision,
            "section": place.section_key,
            "label": place.section_label,
            "start": place.start,
            "end": place.end,
            "state": place.state,
            "score": place.score,
            "cause": place.cause,
            "placed_by": place.placed_by or None,
            "placed_at": place.placed_at,
        }
    )


def _quote(thread: ThreadView, first: FirstPlace) -> shapes.Quote | None:
    if thread.quote is None:
        return None
    return shapes.Quote(
        exact=thread.quote,
        prefix=first.prefix,
        suffix=first.suffix,
        start=thread.quote_start,
        end=thread.quote_end,
    )
