"""A drafter at their desk: what tests of drafting do again and again, through the web."""

from __future__ import annotations

import io
import re
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from tests.people import Browser

LAW = """BAB I
KETENTUAN UMUM

Pasal 1

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.

Pasal 2

(1) Perangkat Daerah menyusun rencana pengembangan kompetensi.

(2) Rencana disampaikan paling lambat tanggal 31 Maret.

BAB II
PENUTUP

Pasal 3

Peraturan ini mulai berlaku pada tanggal diundangkan.
"""


class Desk(Browser):
    """A browser in which `email`, a drafter, has signed in."""

    def __init__(self, app: Flask, email: str) -> None:
        super().__init__(app)
        self.sign_in(email)

    def start(self, title: str = "Pengembangan Kompetensi", source: str = LAW, **form: Any) -> str:
        """Open a policy; → its slug."""
        answer = self.send_new(title, source, **form)
        assert answer.status_code == 303, text_of(answer)
        return re.fullmatch(r"/policies/([^/]+)/draft", answer.location).group(1)

    def send_new(self, title: str, source: str | bytes, **form: Any) -> TestResponse:
        """Send the form of a new policy; bytes go as an uploaded file."""
        fields = {"title": title, "kind": "perwal", "visibility": "public", "unit": "", **form}
        if isinstance(source, bytes):
            fields["file"] = (io.BytesIO(source), "naskah.md")
        else:
            fields["source"] = source
        return self.post("/policies/new", fields)

    def save(self, slug: str, source: str, version: int, **more: Any) -> TestResponse:
        page = self.get(f"/policies/{slug}/draft")
        token = soup_of(page).select_one("form#draft input[name=csrf_token]")["value"]
        form = {"csrf_token": token, "source": source, "version": str(version)}
        return self.client.post(f"/policies/{slug}/draft", data=form, **more)

    def version(self, slug: str) -> int:
        page = soup_of(self.get(f"/policies/{slug}/draft"))
        return int(page.select_one("form#draft input[name=version]")["value"])

    def source(self, slug: str) -> bytes:
        return self.get(f"/policies/{slug}/draft/source").data

    def publish(self, slug: str, note: str = "Naskah pertama.", **form: Any) -> TestResponse:
        fields = {"change_note": note, "draft_version": str(self.version(slug)), **form}
        return self.post(f"/policies/{slug}/publish", fields)


def soup_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def text_of(answer: TestResponse) -> str:
    """The words of the page's main part, white space evened out."""
    soup = soup_of(answer)
    return " ".join((soup.main or soup).get_text(" ").split())
