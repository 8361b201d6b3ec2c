"""A call of the API: how a view says what it takes and answers, and how it is carried out.

A view is a plain function from what was sent to a model; `reads` and `writes` put the HTTP around
it. What they note down is also what the OpenAPI document is written from (see `document`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import g, request
from werkzeug.wrappers import Response

from policyforum.api.bodies import idempotency_key, read_body, read_query, what_is_asked
from policyforum.api.schemas.base import In, Out, Query
from policyforum.policies.kept import policy_page
from policyforum.web.clock import now
from policyforum.web.once import Act, once

ATTRIBUTE = "policyforum_call"
JSON = "application/json"
HEADERS = (("Content-Type", JSON),)

View = Callable[..., Response]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Call:
    """What a call takes and answers. `refusals`: statuses beyond those every call may answer.

    `also`: content types other than JSON that it may answer with.
    """

    answer: type[Out] | None
    status: int = 200
    body: type[In] | None = None
    query: type[Query] | None = None
    refusals: tuple[int, ...] = ()
    also: tuple[str, ...] = ()


def reads(
    answer: type[Out] | None,
    *,
    query: type[Query] | None = None,
    refusals: tuple[int, ...] = (),
    also: tuple[str, ...] = (),
) -> Callable[[Callable[..., Out | Response]], View]:
    """Declare a view that changes nothing; it gets the query first, then the places in the path.

    It may answer with a response of its own (`also` says of which type).
    """

    def decorate(read: Callable[..., Out | Response]) -> View:
        @wraps(read)
        def view(**places: Any) -> Response:
            shown = _read(read, query, places)
            if isinstance(shown, Response):
                return shown
            return Response(shown.model_dump_json(), content_type=JSON)

        return _noted(view, Call(answer, query=query, refusals=refusals, also=also))

    return decorate


def reads_of_policy(
    answer: type[Out], *, query: type[Query], is_ours: Callable[..., bool]
) -> Callable[[Callable[..., Out]], View]:
    """Declare a view that reads what belongs to the policy `slug` names, and nothing else.

    What it answers is kept for the asker as long as nothing about that policy changes, if `is_ours`
    finds, of the query and the places in the path, that nobody made it up (see `kept_page`).
    """

    def decorate(read: Callable[..., Out]) -> View:
        @wraps(read)
        def view(**places: Any) -> Response:
            asked = read_query(query)

            def told() -> str:
                return read(asked, **places).model_dump_json()

            names = [name for name in query.model_fields if name in request.args]
            return policy_page(
                places["slug"],
                told,
                narrowed={name: str(getattr(asked, name)) for name in names},
                is_ours=is_ours(asked, **places),
                headers=HEADERS,
            )

        return _noted(view, Call(answer, query=query))

    return decorate


def writes(
    body: type[In] | None,
    answer: type[Out],
    *,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    prepare: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Out]], View]:
    """Declare a view that changes something; it gets the body first, then the places in the path.

    It runs in one transaction, together with the memory of its `Idempotency-Key`: the same key
    again answers the first result and changes nothing. `prepare` is called the same way before the
    transaction, and what it gives takes the body's place.
    """

    def decorate(write: Callable[..., Out]) -> View:
        @wraps(write)
        def view(**places: Any) -> Response:
            sent = (read_body(body),) if body else ()

            def prepared() -> Act:
                given = sent if prepare is None else (prepare(*sent, **places),)
                return lambda: (status, write(*given, **places).model_dump_json())

            (code, text), _repeated = once(
                g.actor.account_id, idempotency_key(), what_is_asked(), now(), prepared
            )
            return Response(text, code, content_type=JSON)

        return _noted(view, Call(answer, status, body=body, refusals=refusals))

    return decorate


def call_of(view: Callable[..., Any]) -> Call:
    """What a view of the API declares."""
    call: Call = getattr(view, ATTRIBUTE)
    return call


def _read(read: Callable[..., Answer], query: type[Query] | None, places: dict[str, Any]) -> Answer:
    return read(read_query(query), **places) if query else read(**places)


def _noted(view: View, call: Call) -> View:
    setattr(view, ATTRIBUTE, call)
    return view
