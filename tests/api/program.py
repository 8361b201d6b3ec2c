"""Programs that use the API, each with the token of a person."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.people import make_person, make_token, make_unit

LAW = """BAB I
KETENTUAN UMUM

Pasal 1

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.

Pasal 2

(1) Kepala Perangkat Daerah wajib **memberikan waktu** kepada Pegawai ASN.

(2) Usul disampaikan paling lambat tanggal 31 Maret kepada BKPSDM 👩🏽‍⚕️.

BAB II
PENUTUP

Pasal 3

Peraturan ini mulai berlaku pada tanggal diundangkan.
"""


class Program:
    """A program that acts for somebody; without a token for nobody."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.token = token
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self._send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self._send("POST", path, json=body, **more)

    def put(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self._send("PUT", path, json=body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self._send("PATCH", path, json=body, **more)

    def delete(self, path: str) -> TestResponse:
        return self._send("DELETE", path)

    def raw(self, method: str, path: str, data: bytes | str, **headers: str) -> TestResponse:
        """Send a body as it is; JSON unless `content_type` says otherwise."""
        kind = headers.pop("content_type", "application/json")
        return self._send(method, path, data=data, content_type=kind, headers=headers)

    def _send(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self._headers, **more.pop("headers", {})}
        return self._client.open(f"/api/v1{path}", method=method, headers=headers, **more)


class City:
    """People with tokens, and the steps that tests take again and again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._titles = itertools.count(1)

    def program(self, name: str, *roles: str, **more: Any) -> Program:
        email = f"{name}@kota.example"
        make_person(self.app, email, *roles, name=name.title(), **more)
        return Program(self.app, make_token(self.app, email))

    def unit(self, code: str) -> str:
        """A new unit; → its code."""
        make_unit(self.app, code)
        return code

    def start(self, drafter: Program, source: str = LAW, visibility: str = "public") -> str:
        """A new policy; → its slug."""
        body = {
            "title": f"Kebijakan {next(self._titles)}",
            "kind": "perwal",
            "visibility": visibility,
            "source": source,
        }
        return str(made(drafter.post("/policies", body))["slug"])

    def publish(self, drafter: Program, slug: str, source: str | None = None) -> dict[str, Any]:
        """Publish the draft, after saving `source` into it if one is given."""
        path = f"/policies/{slug}"
        version = told(drafter.get(f"{path}/draft"))["version"]
        if source is not None:
            body = {"source": source, "version": version}
            version = told(drafter.put(f"{path}/draft", body))["version"]
        body = {"change_note": "Perubahan.", "draft_version": version}
        return made(drafter.post(f"{path}/revisions", body))

    def consult(self, drafter: Program, slug: str, number: int, audience: str = "public") -> None:
        """Open a round that runs for a week."""
        body = {"opens_at": in_days(-1), "closes_at": in_days(6), "audience": audience}
        made(drafter.post(f"/policies/{slug}/revisions/{number}/round", body))

    def consulted(self, drafter: Program, visibility: str = "public") -> str:
        """A policy with one revision and an open round; → its slug."""
        slug = self.start(drafter, visibility=visibility)
        self.publish(drafter, slug)
        self.consult(drafter, slug, 1, visibility)
        return slug

    def heard(self, drafter: Program, visibility: str = "public") -> str:
        """A policy whose consultation is over, so that it waits for a decision; → its slug."""
        slug = self.consulted(drafter, visibility)
        told(drafter.patch(f"/policies/{slug}/revisions/1/round", {"state": "closed"}))
        return slug


def in_days(days: float) -> str:
    """A moment from now, as RFC 3339."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(answer: TestResponse, status: int = 200) -> Any:
    """The JSON of an answer, which must have this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/json"
    return answer.get_json()


def made(answer: TestResponse) -> Any:
    return told(answer, 201)


def refused(answer: TestResponse, status: int) -> Any:
    """The problem document of a refusal with this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status
    assert problem["title"]
    assert "detail" in problem
    return problem


def key_of(sections: list[dict[str, Any]], label: str) -> str:
    """The key of the section with this citation."""
    return next(str(section["key"]) for section in sections if section["label"] == label)
