"""Every page of the application, with parameters that lead somewhere.

`pages(app, samples)` walks the URL map, so a new page is in every walk that uses it; one whose
parameters `samples` does not know fails the walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

Samples = Mapping[str, Mapping[str, object]]
"""Values of URL parameters: by endpoint, by blueprint, or for all under "*"."""

NOT_PAGES = frozenset(
    {
        "healthz",
        "readyz",
        "accounts.visitor_language",
        "metrics",
        "reading.source",
        "reading.heads_text",
        "drafting.source",
        "exports.feedback_csv",
        "exports.feedback_json",
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    endpoint: str
    path: str

    @property
    def blueprint(self) -> str:
        return self.endpoint.split(".")[0]


def pages(app: Flask, samples: Samples) -> Iterator[Address]:
    """The address of each page a person can open (GET), the API's calls and files left out."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_PAGES:
            continue
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api.docs":
            continue
        with app.test_request_context():
            built = app.url_map.bind("localhost").build(rule.endpoint, _values(rule, samples))
        yield Address(rule.endpoint, built)


def _values(rule: Rule, samples: Samples) -> dict[str, object]:
    known = {
        **samples["*"],
        **samples.get(rule.endpoint.split(".")[0], {}),
        **samples.get(rule.endpoint, {}),
    }
    missing = rule.arguments - known.keys()
    assert not missing, f"give {rule.endpoint} sample values for {sorted(missing)}"
    return {name: known[name] for name in rule.arguments}
