"""What pages have in common: forms carried out once, refusals shown where they belong.

form = NewForm()
if form.validate_on_submit() and (done := perform_once(form, lambda: path_of(create(…)))):
    return done
return form_page("drafting/new.html", form)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from flask import g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from policyforum.web.clock import now
from policyforum.web.forms import Form
from policyforum.web.once import Act, once
from policyforum.web.problems import Forbidden, Invalid, NotFound, Problem, TooMany

SEE_OTHER = 303
UNPROCESSABLE = 422
ONCE_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

Ready = TypeVar("Ready")
"""What was got ready for the transaction."""


def require(allowed: bool) -> None:
    """Raise `Forbidden` unless allowed."""
    if not allowed:
        raise Forbidden("")


def perform_once(form: Form, path_of: Callable[[], str]) -> Response | None:
    """Carry out a checked form in a transaction and lead to the path that `path_of` returns.

    `path_of` calls the service. The same form sent again (a double click, a lost reply) does
    nothing and leads to the same path. None when the service refused: the refusal then stands on
    the form, at its field if it has one, and `form_page` shows it with everything typed kept.
    What is forbidden or not there is raised.
    """
    return perform_ready_once(form, lambda: None, lambda _ready: path_of())


def perform_ready_once(
    form: Form, prepare: Callable[[], Ready], path_of: Callable[[Ready], str]
) -> Response | None:
    """As `perform_once`, with what can be done before the transaction done in `prepare`."""

    def prepared() -> Act:
        ready = prepare()
        return lambda: (SEE_OTHER, path_of(ready))

    try:
        with _said_when_done():
            (_status, path), _repeated = once(
                g.actor.account_id or 0, _once_key(form), _sent(form), now(), prepared
            )
    except (Forbidden, NotFound):
        raise
    except Problem as problem:
        refuse(form, problem)
        return None
    return redirect(path, SEE_OTHER)


def refuse(form: Form, problem: Problem) -> None:
    """Put a refusal onto the form: at the fields it names, else above it."""
    form.problem = problem
    errors = problem.errors if isinstance(problem, Invalid) else {"": [problem.detail]}
    for name, messages in errors.items():
        if name in form:
            field = form[name]
            field.errors = [*field.errors, *messages]
        else:
            form.form_errors = [*form.form_errors, *messages]


def form_page(template: str, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a form: 200 when it is first shown, the refusal's status when it came back."""
    page = render_template(template, form=form, **context)
    if isinstance(form.problem, TooMany):
        return page, form.problem.status, {"Retry-After": str(form.problem.retry_after)}
    if form.problem is not None:
        return page, form.problem.status
    return page, UNPROCESSABLE if form.errors else 200


def redirect_back(fallback: str, *, part: str = "") -> Response:
    """Lead to the form's `next` if it is an address of ours, else to `fallback`.

    `part`: the id of what to show there.
    """
    path = local_path(request.values.get("next", "")) or fallback
    return redirect(f"{path}#{part}" if part else path, SEE_OTHER)


def local_path(target: str) -> str | None:
    """The address if it stays on this site, else None."""
    if re.match(r"/(?![/\\])[^\x00-\x20\\]*\Z", target):
        return target
    return None


def wants_fragment() -> bool:
    """Whether a script asks for the part of the page alone, to put it in without a reload."""
    return request.headers.get("X-Fragment") == "1"


@contextmanager
def _said_when_done() -> Iterator[None]:
    """An act says in the browser's session that it is done; a commit that fails takes it back."""
    before = deepcopy(dict(session))
    try:
        yield
    except BaseException:
        if session != before:
            session.clear()
            session.update(before)
        raise


def _once_key(form: Form) -> str:
    key = str(form.once.data or "")
    return f"{key}:{_sent(form).hex()}" if ONCE_KEY.fullmatch(key) else ""


def _sent(form: Form) -> bytes:
    """SHA-256 of where the form went and what was in it.

    It is part of the key: a form changed after going back in the browser is another act.
    """
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.form.lists()):
        if name not in ("csrf_token", "once"):
            digest.update(repr((name, values)).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
        digest.update(repr((name, file.filename, _file_hash(file))).encode())
    return digest.digest()


def _file_hash(file: FileStorage) -> str:
    file.stream.seek(0)
    found = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return found
