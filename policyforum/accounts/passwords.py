"""Passwords: how they are kept, compared and refused."""

from __future__ import annotations

import itertools
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from flask_babel import gettext as _

from policyforum.accounts.common_passwords import COMMON, WORDS
from policyforum.web.problems import Invalid
from policyforum.web.texts import require_storable

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5

# Without what is easily taken for something else when it is read out or copied by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The Argon2id hash to keep."""
    return _hasher(current_app.testing).hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether it is the password. Takes as long when there is none to compare with."""
    hasher, nobody = _hasher(current_app.testing), _hash_of_nobody(current_app.testing)
    try:
        return hasher.verify(password_hash or nobody, password) and password_hash is not None
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher(current_app.testing).check_needs_rehash(password_hash)


def require_good(field: str, password: str, *, known: tuple[str, ...] = ()) -> None:
    """Raise `Invalid` for `field` unless it may be used. `known`: e-mail and name of its owner."""
    require_storable(field, password)
    if len(password) < SHORTEST:
        message = _("Use at least %(shortest)s characters.", shortest=SHORTEST)
        raise Invalid({field: [message]})
    if len(password) > LONGEST:
        message = _("Use at most %(longest)s characters.", longest=LONGEST)
        raise Invalid({field: [message]})
    if is_common(password):
        raise Invalid({field: [_("Many people use this password. Choose another one.")]})
    if password.casefold() in {word.casefold() for word in known}:
        raise Invalid({field: [_("Do not use your own name or e-mail address as password.")]})


def is_common(password: str) -> bool:
    """Whether it is one of those that are tried first, or one of them dressed up.

    That is: on the list; few different characters; a run along the alphabet, the numbers or the
    keyboard; or one common word, repeated or not, with figures and signs around it.
    """
    lower = password.casefold()
    if lower in COMMON or len(set(lower)) < FEWEST_DIFFERENT or _is_run(lower):
        return True
    letters = "".join(char for char in lower if char.isalpha())
    return any(letters.replace(word, "") == "" for word in WORDS if word in letters)


def temporary_password() -> str:
    """A password to be told to someone once: 4 × 5 characters, 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _i in range(5)) for _j in range(4))


def _is_run(text: str) -> bool:
    rows = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    followers = {pair for row in rows for pair in itertools.pairwise(row)}
    followers |= {(second, first) for first, second in followers}
    steps = list(itertools.pairwise(text))
    return sum(pair in followers for pair in steps) >= 0.8 * len(steps)


@lru_cache(maxsize=2)
def _hasher(testing: bool) -> PasswordHasher:
    if testing:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    # OWASP's first choice of parameters: 19 MiB, so that many can sign in at once.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@lru_cache(maxsize=2)
def _hash_of_nobody(testing: bool) -> str:
    return _hasher(testing).hash(secrets.token_urlsafe(24))
