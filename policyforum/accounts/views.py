"""Signing in and out, and the pages of one's own account."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from policyforum.accounts import services
from policyforum.accounts.devices import device_of_request, keep_device
from policyforum.accounts.forms import PasswordForm, SignInForm, TokenForm
from policyforum.accounts.identity import account_of_request, forget, remember, session_of_request
from policyforum.accounts.models import Account, LoginSession
from policyforum.accounts.queries import live_sessions, tokens_of
from policyforum.accounts.signing_in import Caller, check_password, require_still
from policyforum.accounts.signing_in import sign_in as sign_in_service
from policyforum.db.session import transaction
from policyforum.web.access import everyone, signed_in
from policyforum.web.clock import now
from policyforum.web.form_pages import SEE_OTHER, form_page, local_path, redirect_back, refuse
from policyforum.web.languages import choose_language
from policyforum.web.problems import Forbidden, Problem

HOME = "/"


@everyone
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    target = local_path(form.next.data or "") or HOME
    if account_of_request() is not None:
        return redirect(target, SEE_OTHER)
    if form.validate_on_submit():
        caller = _caller(form.email.data or "")
        try:
            account, token = sign_in_service(
                form.email.data or "", form.password.data or "", caller, now()
            )
        except Problem as problem:
            refuse(form, problem)
        else:
            remember(account, token)
            answer = redirect(target, SEE_OTHER)
            keep_device(answer, account, caller.device)
            return answer
    return form_page("accounts/sign_in.html", form)


@everyone
def sign_out() -> ResponseReturnValue:
    login = session_of_request()
    if login is not None:
        with transaction():
            services.end_session(login, now())
    forget()
    flash(_("You are signed out."))
    return redirect(HOME, SEE_OTHER)


@everyone
def language() -> ResponseReturnValue:
    locale = request.form.get("locale", "")
    choose_language(locale)
    account = account_of_request()
    if account is not None:
        with transaction():
            services.choose_locale(account, locale, now())
    return redirect_back(HOME)


@everyone
def visitor_language() -> ResponseReturnValue:
    """A link, since a page for visitors holds no token: it touches nothing but their own cookie."""
    if account_of_request() is None:
        choose_language(request.args.get("locale", ""))
    return redirect_back(HOME)


@signed_in
def account() -> ResponseReturnValue:
    return render_template("accounts/account.html", account=_account())


@signed_in
def password() -> ResponseReturnValue:
    account = _account()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            caller = _caller(account.email)
            _same, proven = check_password(account.email, form.current.data or "", caller, now())
            with transaction():
                require_still(account, proven, now())
                services.change_password(
                    account, form.password.data or "", now(), keep=session_of_request()
                )
        except Problem as problem:
            refuse(form, problem)
        else:
            flash(_("Your password is changed. On other devices you are signed out."))
            return redirect(url_for("accounts.account"), SEE_OTHER)
    return form_page("accounts/password.html", form, account=account, tokens=tokens_of(account))


@signed_in
def sessions() -> ResponseReturnValue:
    return render_template(
        "accounts/sessions.html", sessions=live_sessions(_account(), now()), here=_here()
    )


@signed_in
def end_session(public_id: str) -> ResponseReturnValue:
    here = public_id == _here().public_id
    with transaction():
        services.end_session_of(_account(), public_id, now())
    if here:
        forget()
        return redirect(HOME, SEE_OTHER)
    flash(_("That device is signed out."))
    return redirect(url_for("accounts.sessions"), SEE_OTHER)


@signed_in
def end_other_sessions() -> ResponseReturnValue:
    with transaction():
        services.end_other_sessions(_account(), _here(), now())
    flash(_("You are signed out on every other device."))
    return redirect(url_for("accounts.sessions"), SEE_OTHER)


@signed_in
def tokens() -> ResponseReturnValue:
    form = TokenForm()
    secret = None
    if form.validate_on_submit():
        try:
            with transaction():
                secret = services.create_token_here(_here(), form.label.data or "", now())
        except Forbidden:
            raise
        except Problem as problem:
            refuse(form, problem)
        else:
            form = TokenForm(formdata=None)
    return form_page("accounts/tokens.html", form, secret=secret, tokens=tokens_of(_account()))


@signed_in
def revoke_token(public_id: str) -> ResponseReturnValue:
    with transaction():
        services.revoke_token(_account(), public_id, now())
    flash(_("The token no longer works."))
    return redirect(url_for("accounts.tokens"), SEE_OTHER)


def _account() -> Account:
    account = account_of_request()
    if account is None:
        raise Forbidden("")
    return account


def _here() -> LoginSession:
    login = session_of_request()
    if login is None:
        raise Forbidden("")
    return login


def _caller(email: str) -> Caller:
    return Caller(
        agent=request.user_agent.string,
        address=request.remote_addr or "",
        device=device_of_request(email),
    )
