"""Pages where a policy's drafters set who may read it and when people may comment; what a reader
has read."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.db.session import transaction
from policyforum.organisation.current import current_actor
from policyforum.policies import rounds, services
from policyforum.policies.asked import policy_of_drafter
from policyforum.policies.forms import (
    ChangeRoundForm,
    RoundForm,
    SettingsForm,
    WithdrawForm,
    usual_closing,
)
from policyforum.policies.models import Policy, Revision, Round
from policyforum.policies.queries import (
    changes_of,
    latest_round,
    policy_by_slug,
    revision_by_number,
)
from policyforum.policies.reads import has_read, mark_read
from policyforum.web.access import roles, signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, perform_once
from policyforum.web.forms import Form
from policyforum.web.problems import NotFound


@roles("drafter")
def settings(slug: str) -> ResponseReturnValue:
    """Title, summary, who may read; and the way to withdraw it."""
    policy = policy_of_drafter(slug)
    form = SettingsForm(obj=policy)

    def change() -> str:
        services.change_settings(policy, current_actor(), form.to_data(), now())
        flash(_("The settings are saved."), "success")
        return url_for("policies.settings", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, change)):
        return done
    return _settings_page(policy, form, form, WithdrawForm(formdata=None))


@roles("drafter")
def withdraw(slug: str) -> ResponseReturnValue:
    """End the work on a policy."""
    policy = policy_of_drafter(slug)
    form = WithdrawForm()

    def end() -> str:
        services.withdraw_policy(policy, current_actor(), form.reason.data or "", now())
        flash(_("The policy is withdrawn. What was published stays readable."), "success")
        return url_for("policies.settings", slug=slug)

    if form.validate_on_submit() and (done := perform_once(form, end)):
        return done
    return _settings_page(policy, form, SettingsForm(formdata=None, obj=policy), form)


@roles("drafter")
def round(slug: str, number: int) -> ResponseReturnValue:
    """The consultation round on a revision: open one, see how it stands."""
    policy = policy_of_drafter(slug)
    revision = revision_by_number(policy, number)
    form = RoundForm(closes_at=usual_closing(now()), audience=policy.visibility)

    def start() -> str:
        rounds.open_round(policy, revision, current_actor(), form.to_data(now()), now())
        flash(_("The consultation round is set."), "success")
        return url_for("policies.round", slug=slug, number=number)

    if form.validate_on_submit() and (done := perform_once(form, start)):
        return done
    return _round_page(policy, revision, form)


@roles("drafter")
def change_round(slug: str, number: int) -> ResponseReturnValue:
    """Extend the round, or close it now."""
    policy = policy_of_drafter(slug)
    revision = revision_by_number(policy, number)
    consultation = latest_round(revision)
    if consultation is None:
        raise NotFound
    form = ChangeRoundForm()

    def change() -> str:
        rounds.change_round(consultation, current_actor(), form.closing(now()), now())
        closed = form.action.data == "close"
        flash(_("The round is closed.") if closed else _("The round is extended."), "success")
        return url_for("policies.round", slug=slug, number=number)

    if form.validate_on_submit() and (done := perform_once(form, change)):
        return done
    return _round_page(policy, revision, form)


@signed_in
def read(slug: str, number: int) -> ResponseReturnValue:
    """Note that the reader has read a revision, to tell them later what changed since."""
    policy = policy_by_slug(slug, current_actor())
    revision = revision_by_number(policy, number)
    if not has_read(policy, revision, current_actor()):
        with transaction():
            mark_read(policy, revision, current_actor())
    if request.accept_mimetypes.best == "application/json":
        return "", 204
    flash(_("Noted: you have read Revision %(number)s.", number=number), "success")
    return redirect(f"/policies/{slug}/revisions/{number}", SEE_OTHER)


def _settings_page(
    policy: Policy, sent: Form, settings_form: SettingsForm, withdraw_form: WithdrawForm
) -> ResponseReturnValue:
    return form_page(
        "policies/settings.html",
        sent,
        policy=policy,
        settings_form=settings_form,
        withdraw_form=withdraw_form,
    )


def _round_page(policy: Policy, revision: Revision, sent: Form) -> ResponseReturnValue:
    consultation = latest_round(revision)
    moment = now()
    opening = sent if isinstance(sent, RoundForm) else _opening_form(policy)
    changing = sent if isinstance(sent, ChangeRoundForm) else _changing_form(consultation)
    return form_page(
        "policies/round.html",
        sent,
        policy=policy,
        revision=revision,
        consultation=consultation,
        state=consultation.state(moment) if consultation else None,
        changes=changes_of(consultation) if consultation else [],
        is_current=policy.current_revision_id == revision.id,
        open_form=opening,
        change_form=changing,
    )


def _opening_form(policy: Policy) -> RoundForm:
    return RoundForm(formdata=None, closes_at=usual_closing(now()), audience=policy.visibility)


def _changing_form(consultation: Round | None) -> ChangeRoundForm:
    closes_at = consultation.closes_at if consultation else None
    return ChangeRoundForm(formdata=None, new_closes_at=closes_at)
