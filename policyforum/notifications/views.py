"""The inbox."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from policyforum.db.session import transaction
from policyforum.notifications.queries import inbox_page, notification_by_id, unread_count
from policyforum.notifications.services import mark_all_read, mark_read
from policyforum.notifications.topics import words_of
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.policies.permissions import may_see
from policyforum.web.access import signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER


@signed_in
def inbox() -> str:
    actor = current_actor()

    def may_read(policy: Policy) -> bool:
        return may_see(actor, policy)

    return render_template(
        "notifications/inbox.html",
        page=inbox_page(actor.account_id, request.args.get("cursor", "")),
        unread=unread_count(actor.account_id),
        may_read=may_read,
        words_of=words_of,
    )


@signed_in
def open_line(public_id: str) -> ResponseReturnValue:
    actor = current_actor()
    notification = notification_by_id(public_id, actor.account_id)
    is_visible = may_see(actor, notification.policy)
    path = notification.path if is_visible else url_for("notifications.inbox")
    with transaction():
        mark_read(notification, now())
    return redirect(path, SEE_OTHER)


@signed_in
def read_all() -> ResponseReturnValue:
    with transaction():
        mark_all_read(current_actor(), now())
    return redirect(url_for("notifications.inbox"), SEE_OTHER)
