"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput

from policyforum.accounts.passwords import LONGEST, SHORTEST
from policyforum.web.forms import Form, LineField

LONGEST_EMAIL = 254


class EmailField(LineField):
    """An e-mail address, with the keyboard for it on phones."""

    widget = EmailInput()


class SecretField(PasswordField):
    """A password; never sent back to the page. `purpose` as in HTML's autocomplete."""

    def __init__(self, label: Any, *, purpose: str, **kwargs: Any) -> None:
        super().__init__(label, [_given], render_kw={"autocomplete": purpose}, **kwargs)


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"), longest=LONGEST_EMAIL, render_kw={"autocomplete": "username"}
    )
    password = SecretField(_l("Password"), purpose="current-password")
    next = HiddenField()


class PasswordForm(Form):
    """The current password again, so that an unlocked screen is not enough."""

    current = SecretField(_l("Current password"), purpose="current-password")
    password = SecretField(
        _l("New password"),
        purpose="new-password",
        description=_l(
            "%(shortest)s to %(longest)s characters. A few words in a row are good.",
            shortest=SHORTEST,
            longest=LONGEST,
        ),
    )
    repeated = SecretField(_l("New password, once more"), purpose="new-password")

    def validate_repeated(self, field: Any) -> None:
        if field.data != self.password.data:
            raise StopValidation(_("The two are not the same."))


class TokenForm(Form):
    label = LineField(
        _l("What is it for?"),
        longest=100,
        description=_l("So that you know later which program uses it."),
    )


def _given(_form: Any, field: Any) -> None:
    if not field.data:
        raise StopValidation(_("Please fill this in."))
