"""The tree of units and the associations, as administrators keep them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.people import Browser, make_person, make_unit

ADMIN, NARROW = "admin@bandung.example", "kecil@bandung.example"


@pytest.fixture
def units(app: Flask) -> dict[str, str]:
    return {
        "DINKES": make_unit(app, "DINKES"),
        "PKM": make_unit(app, "PKM", under="DINKES"),
        "POLI": make_unit(app, "POLI", under="PKM"),
        "DISDIK": make_unit(app, "DISDIK"),
    }


@pytest.fixture
def admin(app: Flask, units: dict[str, str]) -> Browser:
    make_person(app, ADMIN, "admin")
    browser = Browser(app)
    browser.sign_in(ADMIN)
    return browser


@pytest.fixture
def narrow(app: Flask, admin: Browser) -> Browser:
    make_person(app, NARROW, "admin", unit="DINKES")
    browser = Browser(app)
    browser.sign_in(NARROW)
    return browser


def tree(browser: Browser, path: str = "/admin/units") -> list[tuple[int, str]]:
    """Depth and name of every row of the tree."""
    page = browser.get(path).get_data(as_text=True)
    return [
        (int(depth), name)
        for depth, name in re.findall(r'class="depth depth-(\d)"[^>]*>([^<]+?)\s*<', page)
    ]


class TestTree:
    def test_shows_each_unit_under_its_parent(self, admin: Browser) -> None:
        assert tree(admin) == [
            (0, "Unit DINKES"),
            (1, "Unit PKM"),
            (2, "Unit POLI"),
            (0, "Unit DISDIK"),
        ]

    def test_a_unit_is_added_once_however_often_it_is_sent(
        self, admin: Browser, units: dict[str, str]
    ) -> None:
        page = admin.get(f"/admin/units/new?under={units['DISDIK']}").get_data(as_text=True)
        assert f'<option selected value="{units["DISDIK"]}"' in page
        fields = dict(re.findall(r'name="(csrf_token|once)"[^>]*value="([^"]+)"', page))
        form = {**fields, "code": "SMP1", "name": "SMPN 1", "parent": units["DISDIK"]}
        form["headcount"] = "61"
        answers = [admin.client.post("/admin/units/new", data=form) for _n in range(2)]
        assert [a.status_code for a in answers] == [303, 303]
        assert tree(admin)[-2:] == [(0, "Unit DISDIK"), (1, "SMPN 1")]

    def test_moves_with_all_that_lies_under_it(
        self, app: Flask, admin: Browser, units: dict[str, str]
    ) -> None:
        form = {"code": "PKM", "name": "Puskesmas", "parent": units["DISDIK"]}
        assert admin.post(f"/admin/units/{units['PKM']}", form).status_code == 303
        assert tree(admin) == [
            (0, "Unit DINKES"),
            (0, "Unit DISDIK"),
            (1, "Puskesmas"),
            (2, "Unit POLI"),
        ]
        # Whoever administers the branch it now hangs on reaches what lies at its end.
        make_person(app, "disdik@bandung.example", "admin", unit="DISDIK")
        other = Browser(app)
        other.sign_in("disdik@bandung.example")
        assert other.get(f"/admin/units/{units['POLI']}").status_code == 200

    def test_never_lies_under_itself(self, admin: Browser, units: dict[str, str]) -> None:
        form = {"code": "DINKES", "name": "Dinas", "parent": units["POLI"]}
        answer = admin.post(f"/admin/units/{units['DINKES']}", form)
        assert answer.status_code == 422
        assert 'value="Dinas"' in answer.get_data(as_text=True)
        assert tree(admin)[0] == (0, "Unit DINKES")

    def test_closes_from_the_end_of_the_branch_and_opens_again(
        self, admin: Browser, units: dict[str, str]
    ) -> None:
        for code in ("DINKES", "POLI", "PKM", "DINKES"):
            admin.post(f"/admin/units/{units[code]}/close", page="/admin/units/new")
            if code == "DINKES" and len(tree(admin)) > 1:
                assert len(tree(admin)) == 4
        assert tree(admin) == [(0, "Unit DISDIK")]
        assert len(tree(admin, "/admin/units?closed=1")) == 4
        admin.post(f"/admin/units/{units['DINKES']}/reopen", page="/admin/units/new")
        assert (0, "Unit DINKES") in tree(admin)

    @pytest.mark.parametrize(
        "bad",
        [
            {"code": "dinkes"},
            {"code": ""},
            {"code": "x" * 41},
            {"name": "  "},
            {"name": "x" * 201},
            {"name": "a\x00b"},
            {"headcount": "-1"},
            {"headcount": "lima"},
            {"headcount": "99999999999"},
            {"parent": "nowhere"},
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, admin: Browser, bad: dict[str, str]
    ) -> None:
        form = {"code": "BARU", "name": "Unit <baru>", "headcount": "5", "parent": "", **bad}
        answer = admin.post("/admin/units/new", form)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "error-summary" in page
        assert "name" in bad or "Unit &lt;baru&gt;" in page
        assert len(tree(admin)) == 4


class TestPasting:
    def test_takes_all_rows(self, admin: Browser) -> None:
        rows = "RSUD;Rumah Sakit;;812\r\n\r\nIGD;Gawat Darurat;rsud;60\nPKM-2;Puskesmas 2;DINKES\n"
        assert admin.post("/admin/units/paste", {"rows": rows}).status_code == 303
        assert (1, "Gawat Darurat") in tree(admin)
        assert (1, "Puskesmas 2") in tree(admin)

    @pytest.mark.parametrize(
        "rows, word",
        [
            ("A\tSatu\nB\tDua\tTIDAKADA", "TIDAKADA"),
            ("A,Satu\nA,Dua", "2"),
            ("A;Satu;;banyak", "banyak"),
            ("A;Satu;;" + "9" * 5_000, "999"),
            ("A;Satu\nB;" + "x" * 140_000, "2"),
            (";;;\n", ""),
            ("A;\x00", ""),
        ],
    )
    def test_takes_none_when_one_is_wrong(self, admin: Browser, rows: str, word: str) -> None:
        answer = admin.post("/admin/units/paste", {"rows": rows})
        assert answer.status_code == 422
        assert word in answer.get_data(as_text=True)
        assert len(tree(admin)) == 4


class TestScope:
    def test_a_narrow_administrator_keeps_to_the_branch(
        self, narrow: Browser, units: dict[str, str]
    ) -> None:
        form = {"code": "NEW", "name": "New", "parent": units["PKM"]}
        assert narrow.post("/admin/units/new", form).status_code == 303
        assert narrow.get(f"/admin/units/{units['DISDIK']}").status_code == 403
        for parent in (units["DISDIK"], ""):
            form = {"code": "NEW2", "name": "New", "parent": parent}
            assert narrow.post("/admin/units/new", form).status_code == 403
        form = {"code": "PKM", "name": "Unit PKM", "parent": units["DISDIK"]}
        assert narrow.post(f"/admin/units/{units['PKM']}", form).status_code == 403
        assert (2, "New") in tree(narrow)

    def test_and_leaves_associations_alone(self, narrow: Browser) -> None:
        assert narrow.get("/admin/associations").status_code == 200
        assert narrow.get("/admin/associations/new").status_code == 403


def test_associations_are_added_changed_and_closed(admin: Browser) -> None:
    form = {"code": "PPNI", "name": "Persatuan Perawat", "member_count": "640"}
    assert admin.post("/admin/associations/new", form).status_code == 303
    page = admin.get("/admin/associations").get_data(as_text=True)
    found = re.search(r"/admin/associations/([\w-]{20})", page)
    assert found is not None
    path = found.group()
    assert admin.post("/admin/associations/new", form).status_code == 422
    changed = {**form, "name": "PPNI Kota"}
    assert admin.post(path, changed).status_code == 303
    admin.post(f"{path}/close", page=path)
    assert "closed-mark" in admin.get("/admin/associations").get_data(as_text=True)
    admin.post(f"{path}/reopen", page=path)
    page = admin.get("/admin/associations").get_data(as_text=True)
    assert "PPNI Kota" in page
    assert "closed-mark" not in page
