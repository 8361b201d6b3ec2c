"""Made-up texts of the two kinds: an Indonesian regulation and a guideline in plain Markdown."""

from __future__ import annotations

from random import Random

_WORDS = """
pegawai cuti tahunan wajib jam kerja unit rencana pelatihan laporan hasil kepala badan
kepegawaian tambahan penghasilan capaian kinerja usul tertulis tim penilai biaya anggaran daerah
peserta jabatan pangkat golongan mutasi promosi disiplin hukuman berat ringan sedang pembinaan
pengawasan evaluasi berkala sistem informasi data pribadi dokumen keputusan penetapan pejabat
pembina pengembangan kompetensi sertifikasi tugas belajar izin persyaratan administrasi
verifikasi lapangan keberatan tanggapan masyarakat organisasi profesi koordinasi pelaksana
teknis operasional formasi kebutuhan analisis beban seleksi calon pengumuman kelulusan masa
percobaan sumpah mutasi pensiun pemberhentian hormat perlindungan kesehatan kecelakaan kematian
bantuan hukum penghargaan kehormatan tanda jasa kenaikan istimewa
"""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")


def regulation(rng: Random, articles: int) -> str:
    """A regulation of so many Pasal in chapters, with ayat, lists and references between them."""
    rows = [
        "# RANCANGAN PERATURAN WALI KOTA\n",
        "Menimbang :\na. bahwa " + sentence(rng)[:-1].lower() + ";\n",
        "MEMUTUSKAN:\nMenetapkan : PERATURAN WALI KOTA TENTANG KEPEGAWAIAN.\n",
    ]
    every = max(6, articles // len(_ROMAN) + 1)
    for number in range(1, articles + 1):
        if number % every == 1:
            rows.append(f"## BAB {_ROMAN[number // every]}\n{' '.join(_some(rng, 3)).upper()}\n")
        rows.append(f"#### Pasal {number}\n\n{_article(rng, number)}\n")
    return "\n".join(rows)


def guideline(rng: Random, sections: int) -> str:
    """A guideline of so many headed sections in plain Markdown."""
    rows = ["# Pedoman kepegawaian\n"]
    for number in range(1, sections + 1):
        level = "##" if number % 4 == 1 else "###"
        rows.append(f"{level} {' '.join(_some(rng, 3)).capitalize()} {number}\n")
        rows += [" ".join(sentence(rng) for _ in range(rng.randrange(2, 6))) + "\n"] * 1
        if rng.random() < 0.4:
            rows.append("\n".join(f"- {sentence(rng)}" for _ in range(rng.randrange(2, 5))) + "\n")
    return "\n".join(rows)


def articles(rng: Random, count: int, size: int) -> str:
    """So many headed sections of about `size` characters each: paragraphs and lists."""
    rows: list[str] = []
    for number in range(1, count + 1):
        rows.append(f"## Article {number}\n\n")
        written = 0
        while written < size:
            listed = rng.random() < 0.3
            sentences = [sentence(rng) for _ in range(rng.randrange(3, 7))]
            shown = "".join(f"- {one}\n" for one in sentences) if listed else " ".join(sentences)
            rows.append(shown.rstrip("\n") + "\n\n")
            written += len(rows[-1])
    return "".join(rows)


def sentence(rng: Random) -> str:
    """A sentence of made-up but ordinary words."""
    return " ".join(_some(rng, rng.randrange(8, 24))).capitalize() + "."


def _some(rng: Random, count: int) -> list[str]:
    words = _WORDS.split()
    return [rng.choice(words) for _ in range(count)]


def _article(rng: Random, number: int) -> str:
    paragraphs = rng.randrange(1, 5)
    if paragraphs == 1:
        return f"{sentence(rng)} {_reference(rng, number)}\n"
    rows = []
    for at in range(1, paragraphs + 1):
        rows.append(f"({at}) {sentence(rng)} {_reference(rng, number)}")
        if rng.random() < 0.3:
            rows[-1] = f"({at}) {sentence(rng)[:-1]} meliputi:"
            rows += [f"{mark}. {' '.join(_some(rng, 6))};" for mark in "abc"]
    return "\n".join(rows) + "\n"


def _reference(rng: Random, number: int) -> str:
    if number < 3 or rng.random() < 0.4:
        return sentence(rng)
    return f"Ketentuan sebagaimana dimaksud dalam Pasal {rng.randrange(1, number)} berlaku pula."
