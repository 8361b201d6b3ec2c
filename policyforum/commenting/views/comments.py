"""Replies, one's own words, endorsements and moderation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.commenting import authorship, moderation
from policyforum.commenting.briefing import comment_in, opening_of, thread_in_brief
from policyforum.commenting.forms import EditForm, ReasonForm, ReplyForm
from policyforum.commenting.gates import require_edit, require_reply
from policyforum.commenting.models import Comment, Thread
from policyforum.commenting.permissions import is_own, rights_on
from policyforum.commenting.queries import (
    REPLIES_BESIDE,
    comment_by_id,
    comment_to_withdraw,
    root_of,
    thread_by_id,
    thread_view,
    versions_of,
)
from policyforum.commenting.replying import ReadyReply, enter_reply, ready_reply
from policyforum.commenting.services import endorse as endorse_thread
from policyforum.db.session import transaction
from policyforum.organisation.current import current_actor
from policyforum.policies.permissions import may_moderate, may_see
from policyforum.web.access import everyone, roles, signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import (
    SEE_OTHER,
    form_page,
    perform_once,
    perform_ready_once,
    redirect_back,
    require,
    wants_fragment,
)
from policyforum.web.problems import Closed, NotFound


@signed_in
def reply(public_id: str) -> ResponseReturnValue:
    """Answer a contribution, shown beside the form."""
    actor = current_actor()
    form = ReplyForm(parent=request.args.get("to", ""))

    def prepare() -> ReadyReply:
        thread = thread_in_brief(public_id, actor)
        named = form.parent.data or ""
        parent = comment_in(thread.id, named) if named else opening_of(thread.id)
        if parent is None:
            raise NotFound
        return ready_reply(thread, parent, actor, form.body.data or "", now())

    def post(ready: ReadyReply) -> str:
        posted = enter_reply(ready, now())
        flash(_("Your reply is in."), "success")
        return _path_of(public_id, posted.public_id)

    if form.validate_on_submit() and (done := perform_ready_once(form, prepare, post)):
        return done
    thread = thread_by_id(public_id, actor)
    parent = _parent(thread, form.parent.data or "")
    if request.method == "GET":
        try:
            require_reply(thread.policy, thread, actor, now())
        except Closed as problem:
            return _shut(thread, problem)
    return form_page("commenting/reply.html", form, thread=thread, parent=parent)


@signed_in
def edit(public_id: str) -> ResponseReturnValue:
    """Reword one's own contribution."""
    actor = current_actor()
    comment = comment_by_id(public_id, actor)
    thread = comment.thread
    require(is_own(actor, comment))
    if request.method == "GET":
        try:
            require_edit(thread.policy, comment, actor, now())
        except Closed as problem:
            return _shut(thread, problem)
    form = EditForm(obj=comment)

    def change() -> str:
        authorship.edit_comment(comment, actor, form.body.data or "", now())
        flash(_("Your words are changed. The earlier ones stay in the history."), "success")
        return _path_of(comment.thread.public_id, public_id)

    if form.validate_on_submit() and (done := perform_once(form, change)):
        return done
    return form_page("commenting/edit.html", form, comment=comment, thread=thread)


@signed_in
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take one's own contribution back."""
    actor = current_actor()
    comment = comment_to_withdraw(public_id, actor)
    is_visible = may_see(actor, comment.thread.policy)
    path = _path_of(comment.thread.public_id, public_id) if is_visible else "/contributions"
    with transaction():
        authorship.withdraw_comment(comment, actor, now())
    flash(_("Your contribution is withdrawn. The answers to it stay."), "success")
    return redirect(path, SEE_OTHER)


@everyone
def versions(public_id: str) -> str:
    """What a contribution said before."""
    actor = current_actor()
    comment = comment_by_id(public_id, actor)
    is_gone = comment.withdrawn_at is not None or comment.hidden_at is not None
    if is_gone and not may_moderate(actor, comment.thread.policy):
        raise NotFound
    return render_template(
        "commenting/versions.html",
        comment=comment,
        thread=comment.thread,
        versions=versions_of(comment),
    )


@signed_in
def endorse(public_id: str) -> ResponseReturnValue:
    """Support or oppose a contribution; the same press again takes it back."""
    actor = current_actor()
    thread = thread_by_id(public_id, actor)
    stance = request.form.get("stance") or None
    with transaction():
        endorse_thread(thread, actor, stance, now())
    if wants_fragment():
        is_full = request.form.get("full") == "1"
        shown = thread_view(thread, actor, None if is_full else REPLIES_BESIDE)
        return render_template(
            "commenting/_thread.html",
            thread=shown,
            full=is_full,
            rights=rights_on(thread.policy, shown.placement.revision, actor, now()),
        )
    return redirect_back(f"/threads/{public_id}", part=f"t-{public_id}")


@roles("moderator")
def hide(public_id: str) -> ResponseReturnValue:
    """Hide a contribution, with the reason that is shown in its place."""
    return _moderate(public_id, is_hiding=True)


@roles("moderator")
def show(public_id: str) -> ResponseReturnValue:
    """Show a hidden contribution again."""
    return _moderate(public_id, is_hiding=False)


def _moderate(public_id: str, *, is_hiding: bool) -> ResponseReturnValue:
    actor = current_actor()
    comment = comment_by_id(public_id, actor)
    require(may_moderate(actor, comment.thread.policy))
    form = ReasonForm()

    def carry_out() -> str:
        service = moderation.hide_comment if is_hiding else moderation.show_comment
        service(comment, actor, form.reason.data or "", now())
        flash(_("It is hidden.") if is_hiding else _("It is shown again."), "success")
        return _path_of(comment.thread.public_id, public_id)

    if form.validate_on_submit() and (done := perform_once(form, carry_out)):
        return done
    return form_page(
        "commenting/moderate.html",
        form,
        comment=comment,
        thread=comment.thread,
        is_hiding=is_hiding,
    )


def _parent(thread: Thread, public_id: str) -> Comment:
    """The comment that is answered: the one that opened the thread if none is named."""
    if not public_id:
        return root_of(thread)
    parent = comment_by_id(public_id, current_actor())
    if parent.thread_id != thread.id:
        raise NotFound
    return parent


def _shut(thread: Thread, problem: Closed) -> ResponseReturnValue:
    page = render_template(
        "commenting/shut.html",
        policy=thread.policy,
        revision=thread.revision,
        problem=problem,
        back=f"/threads/{thread.public_id}",
    )
    return page, problem.status


def _path_of(thread_id: str, comment_id: str) -> str:
    return f"/threads/{thread_id}#c-{comment_id}"
