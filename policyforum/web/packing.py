"""Answers that are not kept, packed as the caller allows."""

from __future__ import annotations

from flask import Response, request
from flask_compress import Compress


class Packing(Compress):
    """Flask-Compress, which by itself takes a packing that was forbidden if no other was named."""

    def after_request(self, response: Response | None) -> Response:
        """Let it choose among what the caller takes."""
        taken = request.accept_encodings
        named = [
            f"{name};q={taken[name]}"
            for name in (*self.enabled_algorithms, "identity")
            if taken[name] > 0
        ]
        request.environ["HTTP_ACCEPT_ENCODING"] = ", ".join(named)
        return super().after_request(response)
