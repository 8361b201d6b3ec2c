"""The text a consultation is walked through on, and what its people change and discuss in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEED = Path("seed") / "penyusunan-kebijakan-kepegawaian-asn-bandung.txt"
DEMO = ROOT / "policyforum" / "demo" / "content" / "perwal-r1.md"

Swap = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WalkText:
    """A policy's first text, with passages of it that occur once.

    `hers`, `his`: what two drafters change at the same time, in different places; `clash`: the
    words both change. `whole`: a section commented on as a whole; `reworded`: marked words and what
    is proposed instead, in the section `reworded_in`. Before the second revision the paragraph
    `moved` goes behind `moved_behind` (as it reads there), and `gone` goes.
    """

    title: str
    kind: str
    source: str
    sections: tuple[str, ...]
    hers: Swap
    his: Swap
    clash: tuple[str, str, str]
    whole: str
    reworded: Swap
    reworded_in: str
    moved: str
    moved_words: str
    moved_behind: str
    moved_to: str
    gone: str
    gone_words: str

    def second(self, draft: str) -> str:
        """The draft as the drafters make it before the second revision."""
        for passage in (self.moved, self.gone, self.moved_behind):
            assert draft.count(passage) == 1, passage
        draft = draft.replace(self.moved, "").replace(self.gone, "")
        return draft.replace(self.moved_behind, f"{self.moved_behind}\n\n{self.moved}")


def walk_text(test_data: Path) -> WalkText:
    """The seed text where it is there, else the demo's."""
    seed = test_data / SEED
    return _seed(seed.read_text("utf-8")) if seed.is_file() else _demo(DEMO.read_text("utf-8"))


def _seed(text: str) -> WalkText:
    """An essay: the drafter marks its short lines as headings."""
    lines = [line.strip() for line in text.splitlines()]
    title, *rest = [line for line in lines if line]
    headed = [f"# {title}", *(line if line.endswith(".") else f"## {line}" for line in rest)]
    return WalkText(
        title=title,
        kind="Naskah jenis lain",
        source="\n\n".join(headed) + "\n",
        sections=("Pendahuluan", "Partisipasi dan Kolaborasi", "Kesimpulan"),
        hers=("menjadi sangat krusial", "menjadi sangat penting"),
        his=("berbagai tantangan di masa depan", "tantangan masa depan"),
        clash=("enggan untuk beradaptasi dengan", "belum siap menjalankan", "ragu terhadap"),
        whole="Pendahuluan",
        reworded=(
            "rekrutmen, pengembangan, hingga penilaian kinerja",
            "rekrutmen terbuka, pengembangan, dan penilaian kinerja",
        ),
        reworded_in="Aspek-Aspek Pengelolaan Kepegawaian",
        moved=next(line for line in rest if line.startswith("Tantangan lainnya")),
        moved_words="komitmen dan kepemimpinan yang kuat dari setiap level manajemen",
        moved_behind="siap menghadapi tantangan masa depan.",
        moved_to="Kesimpulan",
        gone=(
            "Kota Bandung telah melakukan berbagai forum diskusi dan konsultasi dengan ASN "
            "untuk mendengar aspirasi dan masukan mereka."
        ),
        gone_words="berbagai forum diskusi dan konsultasi dengan ASN",
    )


def _demo(text: str) -> WalkText:
    """The first two chapters of the demo's regulation."""
    moved = (
        "(3) Peta jabatan dan rencana kebutuhan sebagaimana dimaksud pada ayat (2) diumumkan "
        "pada laman resmi BKPSDM."
    )
    return WalkText(
        title="Manajemen Kepegawaian Aparatur Sipil Negara",
        kind="Peraturan Wali Kota",
        source=text.partition("## BAB III")[0],
        sections=("BAB I", "Pasal 2", "Pasal 10"),
        hers=("setiap akhir bulan Maret", "setiap tanggal 31 Maret"),
        his=("sebagai pedoman bagi Perangkat Daerah", "sebagai acuan bagi Perangkat Daerah"),
        clash=("tidak dipungut biaya", "bebas dari pungutan", "tanpa ongkos apa pun"),
        whole="Pasal 2",
        reworded=(
            "menyatakan benturan kepentingan dan mengundurkan diri dari panitia",
            "menyatakan benturan kepentingan dan diganti oleh anggota lain",
        ),
        reworded_in="Pasal 8",
        moved=moved,
        moved_words="diumumkan pada laman resmi BKPSDM",
        moved_behind="b. pendamping bagi peserta yang membutuhkan.",
        moved_to="Pasal 9",
        gone=(
            "(4) Dalam hal Unit Kerja memberikan pelayanan selama 24 (dua puluh empat) jam, "
            "analisis beban kerja memperhitungkan pola kerja bergilir dan masa istirahat."
        ),
        gone_words="pola kerja bergilir dan masa istirahat",
    )
