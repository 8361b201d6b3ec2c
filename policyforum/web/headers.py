"""The headers every answer carries, and the nonce that a page's own styles need."""

from __future__ import annotations

import secrets

from flask import Flask, g
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'none'; "
    "script-src 'self'{nonce}; "
    "style-src 'self'{nonce}; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

ONE_YEAR = 365 * 24 * 3600


def csp_nonce() -> str:
    """This answer's nonce, for the few pages that need one; allowed once it is asked for."""
    if "is_kept" in g:
        raise RuntimeError("a page that is kept can't hold what must differ each time")
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def standing_headers(*, https: bool) -> dict[str, str]:
    """What every answer carries, unless it says otherwise itself."""
    standing = {**FIXED, "Cache-Control": "private, no-cache"}
    if https:
        standing["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    return {**standing, "Content-Security-Policy": POLICY.format(nonce="")}


def set_headers(app: Flask, *, https: bool) -> None:
    """Add the security headers to every answer of `app`."""
    standing = standing_headers(https=https)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        nonce = g.get("csp_nonce")
        if nonce:
            policy = POLICY.format(nonce=f" 'nonce-{nonce}'")
            headers.setdefault("Content-Security-Policy", policy)
        for name, value in standing.items():
            if name not in headers:
                headers.add(name, value)
        response.vary.add("Cookie")
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce
