"""What tests of reading look for in pages."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from tests.commenting.town import LAW, Counted
from tests.consolidation.hall import Hall, page_of
from tests.kept import forget_pages
from tests.people import Browser

REVISED = LAW.replace("tanggal 31 Maret", "tanggal 30 April").replace(
    """Pasal 3

Biaya pengembangan kompetensi dibebankan pada anggaran Perangkat Daerah masing-masing.

""",
    "",
)
REVISED = REVISED.replace(
    """BAB II
PENUTUP
""",
    """Pasal 3

Pegawai ASN yang mengikuti pelatihan melaporkan hasilnya paling lama 14 (empat belas) hari.

BAB II
PENUTUP
""",
)
MOVED = """BAB I
KETENTUAN UMUM

Pasal 1

Biaya pengembangan kompetensi dibebankan pada anggaran Perangkat Daerah masing-masing.

Pasal 2

Setiap Pegawai ASN berhak mengikuti pengembangan kompetensi.

Pasal 3

(1) Kepala Perangkat Daerah wajib **memberikan waktu** kepada Pegawai ASN.

(2) Usul disampaikan paling lambat tanggal 31 Maret kepada BKPSDM.

(3) Dalam hal usul tidak disetujui, jawaban memuat alasan secara tertulis.

BAB II
PENUTUP

Pasal 4

Peraturan ini mulai berlaku pada tanggal diundangkan.
"""


def see(browser: Browser, path: str) -> BeautifulSoup:
    """The page at a path, which must be there."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return page_of(answer)


def text_of(hall: Hall, browser: Browser, number: int = 1) -> BeautifulSoup:
    return see(browser, f"/policies/{hall.slug}/revisions/{number}")


def article(page: BeautifulSoup, label: str) -> Tag:
    """The piece of the text with that label."""
    found = page.select_one(f'[data-label="{label}"]')
    assert found is not None, label
    return found


def words(tag: Tag | None) -> str:
    """What it says, with single blanks."""
    assert tag is not None
    return " ".join(tag.get_text(" ").replace("\u00a0", " ").split())


def queries_of(hall: Hall, browser: Browser, path: str) -> int:
    """How many statements a page costs when it is put together anew."""
    see(browser, path)
    forget_pages(hall.app)
    with hall.app.app_context(), Counted() as counted:
        see(browser, path)
    return counted.number
