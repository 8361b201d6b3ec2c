"""People who do their work in a browser, by the words they read on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.people import PASSWORD

SELECT = """words => {
  const text = document.querySelector("[data-quotable]");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const start = node.data.indexOf(words);
    if (start < 0 || node.parentElement.closest(".threads")) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + words.length);
    node.parentElement.scrollIntoView({block: "center"});
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


class Person:
    """Somebody at a page of their own."""

    def __init__(self, page: Page, name: str, email: str) -> None:
        page.on("dialog", lambda dialog: dialog.accept())
        self.page, self.name, self.email = page, name, email
        self.main = page.locator("main")

    def begin(self, temporary: str) -> None:
        """Sign in for the first time, and choose a password."""
        self.page.goto("/sign-in")
        self.fill("Alamat surel", self.email)
        self.fill("Kata sandi", temporary)
        self.press("Masuk")
        self.reads("Anda masuk dengan kata sandi sementara.")
        self.fill("Kata sandi sekarang", temporary)
        self.fill("Kata sandi baru", PASSWORD)
        self.fill("Kata sandi baru, sekali lagi", PASSWORD)
        self.press("Ubah kata sandi")
        self.hears("Kata sandi Anda sudah diubah.")

    def follow(self, name: str | re.Pattern[str]) -> None:
        """A link by its whole name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        (within or self.main).get_by_role("button", name=name).first.click()

    def fill(self, label: str, words: str) -> None:
        self.field(label).fill(words)

    def pick(self, menu: str, choice: str) -> None:
        """Choose in a menu, whose choices may be indented."""
        field = self.field(menu)
        chosen = field.locator("option").filter(has_text=choice).first.get_attribute("value")
        field.select_option(chosen)

    def field(self, label: str) -> Locator:
        """A field by its label, which may go on with “(tidak wajib)”."""
        name = re.compile(rf"^\s*{re.escape(label)}\s*(\(tidak wajib\))?\s*$")
        return self.main.get_by_label(name).first

    def hears(self, words: str) -> None:
        """What just happened is said."""
        expect(self.page.locator("#pesan")).to_contain_text(words)

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.main).to_contain_text(words)

    def opens(self, title: str) -> None:
        """From the list of all policies to the newest text of one."""
        self.page.goto("/")
        self.follow("Kebijakan")
        expect(self.page).to_have_url(re.compile("/policies$"))
        self.follow(title)
        expect(self.page.locator("#naskah")).to_be_visible()


class Administrator(Person):
    def adds_unit(self, code: str, name: str, *, under: str = "") -> None:
        self._part("Unit kerja")
        self.follow(f"Tambah di bawahnya {under}" if under else "Tambah unit")
        self.fill("Nama", name)
        self.fill("Kode", code)
        self.press("Tambah")
        expect(self.main.get_by_role("rowheader", name=name)).to_be_visible()

    def adds_association(self, code: str, name: str) -> None:
        self._part("Organisasi")
        self.follow("Tambah organisasi")
        self.fill("Nama", name)
        self.fill("Kode", code)
        self.press("Tambah")
        self.reads(code)

    def adds_person(
        self, person: Person, role: str, *, unit: str = "", speaks_for: str = ""
    ) -> str:
        """Returns the temporary password that is shown."""
        self._part("Orang")
        self.follow("Tambah orang")
        self.fill("Nama", person.name)
        self.fill("Alamat surel", person.email)
        if unit:
            self.pick("Bekerja di", unit)
        self.pick("Peran", role)
        if speaks_for:
            self.pick("Mewakili", speaks_for)
        self.press("Tambah")
        self.reads("Kata sandi sementara, hanya ditampilkan sekarang.")
        return self.main.locator("code").inner_text()

    def _part(self, name: str) -> None:
        if not self.main.get_by_role("link", name=name, exact=True).count():
            self.follow("Administrasi")
        self.main.get_by_role("link", name=name, exact=True).first.click()


class Drafter(Person):
    def opens_policy(self, title: str, kind: str, source: str) -> None:
        self.follow("Kebijakan baru")
        self.fill("Judul", title)
        self.pick("Jenis naskah", kind)
        self.fill("Naskah", source)
        self.press("Buat kebijakan")
        self.hears("Kebijakan sudah dibuat.")

    def opens_draft(self, title: str) -> None:
        self.page.goto("/")
        desk = self.page.get_by_role("region", name=re.compile("Di meja Anda"))
        row = desk.get_by_role("article").filter(has_text=title)
        row.get_by_role("link", name="Draf", exact=True).click()
        expect(self.editor).to_be_visible()

    @property
    def editor(self) -> Locator:
        return self.page.get_by_role("textbox", name="Naskah draf")

    @property
    def beside(self) -> Locator:
        return self.page.get_by_role("complementary", name="Struktur dan pratinjau")

    def rewrites(self, change: Callable[[str], str]) -> None:
        """Put a changed text in the place of the one that was there when the page was opened."""
        before = self.page.locator("#source").input_value()
        after = change(before)
        assert after != before
        self.version = self._version.input_value()
        self.editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(after)

    def swaps(self, before: str, after: str) -> None:
        def swap(text: str) -> str:
            assert text.count(before) == 1, before
            return text.replace(before, after)

        self.rewrites(swap)

    def finds(self, *words: str) -> None:
        """The draft as it was when the page was opened holds these words."""
        for some in words:
            expect(self.page.locator("#source")).to_have_value(re.compile(re.escape(some)))

    def sees_it_saved(self) -> None:
        """It saves by itself, and says so."""
        expect(self._version).not_to_have_value(self.version)
        expect(self.page.locator("[data-state]")).to_have_text(re.compile(r"^Tersimpan \d"))

    @property
    def _version(self) -> Locator:
        return self.page.locator("#draft input[name=version]")

    def goes_to_publish(self, title: str, number: int) -> None:
        self.opens_draft(title)
        self.follow("Periksa dan terbitkan")
        heading = self.page.get_by_role("heading", name=f"Terbitkan Revisi {number}", level=1)
        expect(heading).to_be_visible()

    def publishes(self, number: int, note: str, *, days: int = 0) -> None:
        """With a round of so many days, if any."""
        self.fill("Apa yang berubah, dan mengapa", note)
        self.main.get_by_label("Buka putaran konsultasi").set_checked(bool(days))
        if days:
            self.fill("Ditutup pada", days_on(days))
            self.main.get_by_label("Pegawai dan organisasi").check()
        self.press(f"Terbitkan Revisi {number}")
        self.hears(f"Revisi {number} terbit.")

    def goes_to_round(self, title: str) -> None:
        self.opens_draft(title)
        self.follow("Putaran konsultasi")

    def takes_on(self, number: int) -> None:
        """Open a contribution on the worksheet, unless it is open already."""
        if self.panel.filter(has_text=f"Masukan {number},").count():
            return
        row = self.page.get_by_role("listitem").filter(
            has=self.page.get_by_label(f"Pilih masukan {number}", exact=True)
        )
        row.get_by_role("link").first.click()
        expect(self.panel).to_contain_text(f"Masukan {number},")

    @property
    def panel(self) -> Locator:
        return self.page.locator("#ws section.dp")

    def decides(
        self, number: int, outcome: str, *, reason: str = "", wording: str = "", answer: str = ""
    ) -> None:
        self.takes_on(number)
        self.panel.get_by_label(re.compile(rf"^{outcome}\s*\d?$")).check()
        for label, words in (
            ("Alasan", reason),
            ("Rumusan hasil", wording),
            ("Jawaban kepada pemberi masukan", answer),
        ):
            if words:
                self.fill(label, words)
        self.press("Simpan dan lanjut")


class Contributor(Person):
    def marks(self, words: str) -> Locator:
        """Select words of the text; → what can be done with them."""
        assert self.page.evaluate(SELECT, words), words
        bar = self.page.get_by_role("toolbar", name="Untuk kata-kata yang dipilih")
        expect(bar).to_be_visible()
        expect(bar).to_contain_text(words)
        return bar

    def says(
        self,
        words: str,
        *,
        kind: str = "Kekhawatiran atau catatan",
        stance: str = "Netral",
        wording: str = "",
    ) -> None:
        """Fill in the form for a contribution that is open, and send it."""
        if wording:
            self.fill("Usulan rumusan Anda", wording)
        self.fill("Masukan Anda", words)
        self.main.get_by_role("radio", name=kind, exact=True).check()
        self.main.get_by_role("radio", name=stance, exact=True).check()
        self.press("Kirim masukan")

    def replies(self, words: str) -> None:
        self.fill("Balasan Anda", words)
        self.press("Kirim balasan")
        self.hears("Balasan Anda sudah diterima.")

    def opens_own(self, words: str) -> None:
        """One of one's own contributions, by how it begins."""
        self.page.goto("/")
        self.follow("Masukan saya")
        self.follow(re.compile(re.escape(words[:40])))


def days_on(days: int) -> str:
    """A moment so many days from today, as it is typed into a field."""
    return f"{date.today() + timedelta(days=days):%Y-%m-%d}T16:00"  # noqa: DTZ011
