"""Every refusal and failure as a page people understand, or as `application/problem+json`."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from policyforum.db.session import db
from policyforum.web.access import is_for_programs
from policyforum.web.problems import Problem, TooMany
from policyforum.web.resending import fields_sent

log = structlog.get_logger()

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def register(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unexpected)


def error_answer(status: int, title: str, detail: str, extra: dict[str, Any]) -> Response:
    """The refusal in the form the asker understands."""
    if is_for_programs():
        detail = detail or _advice_for_programs(status)
        body = {"title": title, "status": status, "detail": detail, **extra}
        return Response(json.dumps(body), status=status, content_type="application/problem+json")
    name = f"errors/{status if status in PAGES else 400 if status < 500 else 500}.html"
    sent = fields_sent() if status == 503 else ()
    page = render_template(name, title=title, reason=detail, sent=sent)
    return Response(page, status=status, content_type="text/html; charset=utf-8")


def title_of(status: int) -> str:
    """What a status means, in the reader's words."""
    titles = {
        400: _("The request could not be understood"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("Not found"),
        405: _("This cannot be done here"),
        409: _("Something changed in the meantime"),
        413: _("Too large"),
        415: _("This kind of content is not taken here"),
        422: _("Something is missing or wrong"),
        429: _("Too many tries"),
        503: _("Not available at the moment"),
    }
    return str(titles.get(status, _("Something went wrong on our side")))


def _problem(problem: Problem) -> Response:
    answer = error_answer(
        problem.status, problem.title or title_of(problem.status), problem.detail, problem.extra
    )
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _csrf(error: CSRFError) -> Response:
    detail = _("The page was open for too long. Go back, reload it and send it again.")
    return error_answer(400, title_of(400), detail, {})


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        redirect: Response = error.get_response()
        return redirect
    answer = error_answer(status, title_of(status), _detail_of(status), {})
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _advice_for_programs(status: int) -> str:
    """What to do where the refusal itself says nothing; pages have words of their own."""
    advice = {
        403: _("The token's owner does not have the role for this."),
        404: _("There is nothing at this address, or it is not open to you."),
        405: _("This address does not take this method. Allow names those it takes."),
        415: _("Send JSON, with Content-Type: application/json."),
        500: _("The fault has been recorded. Nothing was saved."),
    }
    return str(advice.get(status, ""))


def _detail_of(status: int) -> str:
    details = {
        401: _("Sign in, or send a valid token."),
        413: _("What was sent is larger than what is taken here."),
    }
    return str(details.get(status, ""))


def _database(error: OperationalError) -> Response:
    """The database is away, full or failing. What was sent may all the same have been kept."""
    db.session.rollback()
    reason = str(error.orig).partition("\n")[0]
    log.error("database_unavailable", error=type(error.orig).__name__, reason=reason)
    _read_to_the_end()
    answer = error_answer(503, title_of(503), _advice_while_away(), {})
    answer.headers["Retry-After"] = "5"
    return answer


def _read_to_the_end() -> None:
    """Take the rest of the request: a connection with unread bytes is cut, and the answer lost."""
    with suppress(HTTPException):
        request.get_data(cache=True, parse_form_data=True)


def _advice_while_away() -> str:
    if request.method in SAFE_METHODS:
        return str(_("The data store does not answer. Try again in a moment."))
    if is_for_programs():
        return str(
            _(
                "The data store does not answer. What was sent may have been kept: send it again "
                "with the same Idempotency-Key, then it is carried out once only."
            )
        )
    return str(
        _(
            "The data store does not answer. We can't tell whether what you sent was kept: send it "
            "again in a moment, it is carried out once only."
        )
    )


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.exception("unexpected_error", path=request.path, method=request.method)
    return error_answer(500, title_of(500), "", {})
