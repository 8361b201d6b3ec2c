"""Texts as they come in: from a browser's text field, or as a file."""

from __future__ import annotations

from flask_babel import gettext as _

from policyforum.web.problems import Invalid


def from_field(typed: str, stored: str) -> str:
    """What was typed into a text field, with the line ends of the draft that is stored.

    Browsers send CRLF whatever was there. A text that differs from the stored one in nothing but
    line ends is the stored one; else all lines end as the stored draft's do, LF when in doubt.
    """
    plain = in_field(typed)
    if plain == in_field(stored):
        return stored
    only_crlf = "\r\n" in stored and stored.count("\r\n") == stored.count("\n") == stored.count(
        "\r"
    )
    return plain.replace("\n", "\r\n") if only_crlf else plain


def in_field(text: str) -> str:
    """A text as a browser's text field holds it: every line end is LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def from_bytes(content: bytes) -> str:
    """The text of a file, exactly; a byte order mark stays. Raises `Invalid` when not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = _(
            "The file is not UTF-8 text: byte %(place)s can not be read. Save it as UTF-8 and "
            "choose it again.",
            place=error.start + 1,
        )
        raise Invalid({"file": [message]}) from None
