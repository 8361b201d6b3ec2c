"""Texts made up of a city's words: regulations, and what people say about them."""

from __future__ import annotations

import random
from collections.abc import Iterator

WORDS = """
setiap pegawai wajib berhak menyusun rencana kerja tahunan kepala perangkat daerah menetapkan
formasi jabatan fungsional pengembangan kompetensi pelatihan penilaian kinerja tunjangan
berdasarkan ketentuan peraturan yang berlaku dalam jangka waktu paling lama hari terhitung
sejak tanggal permohonan diterima secara lengkap dan benar unit pengelola kepegawaian mutasi
dilaksanakan dengan memperhatikan kebutuhan organisasi keahlian pengalaman serta masa tugas
di lingkungan pemerintah kota tim penilai melakukan verifikasi atas dokumen usul kenaikan
pangkat melalui sistem informasi cuti bersama alasan penting jam layanan masyarakat
""".split()  # noqa: SIM905  (easier to read)
ARTICLES_IN_A_CHAPTER = 10
PARAGRAPHS = 4  # ayat in an article
LETTERS = "abcd"


def regulation(articles: int, seed: int = 1) -> str:
    """A regulation in Markdown: chapters (BAB) of ten articles (Pasal), about 2,700 bytes each."""
    chance = random.Random(seed)
    return "\n\n".join(_parts(articles, chance)) + "\n"


def amended(source: str, share: float = 0.1) -> str:
    """The regulation after a revision: words changed in this share of its paragraphs."""
    chance = random.Random(len(source))
    paragraphs = source.split("\n\n")
    for index, paragraph in enumerate(paragraphs):
        if paragraph.startswith("(") and chance.random() < share:
            marker, *words = paragraph.split(" ")
            at = chance.randrange(len(words) // 2)
            words[at : at + 3] = _words(chance, 4)
            paragraphs[index] = " ".join([marker, *words])
    return "\n\n".join(paragraphs)


def opinion(chance: random.Random) -> str:
    """A comment of some 300 characters, with a little markup."""
    first, second = _sentence(chance, 16), _sentence(chance, 20)
    return f"{first}\n\n**{' '.join(_words(chance, 3))}**: {second}"


def _parts(articles: int, chance: random.Random) -> Iterator[str]:
    for number in range(1, articles + 1):
        if number % ARTICLES_IN_A_CHAPTER == 1:
            chapter = number // ARTICLES_IN_A_CHAPTER + 1
            yield f"BAB {_roman(chapter)}\n" + " ".join(_words(chance, 4)).upper()
        yield f"Pasal {number}"
        for paragraph in range(1, PARAGRAPHS + 1):
            yield f"({paragraph}) {_sentence(chance, 45)}"
        yield f"({PARAGRAPHS + 1}) {_sentence(chance, 12)[:-1]}:"
        for letter in LETTERS:
            yield f"{letter}. {_sentence(chance, 28)[:-1].lower()};"


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(_words(chance, length)).capitalize() + "."


def _words(chance: random.Random, count: int) -> list[str]:
    return chance.choices(WORDS, k=count)


def _roman(number: int) -> str:
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"))
    told = ""
    for value, sign in (*signs, (4, "IV"), (1, "I")):
        while number >= value:
            told, number = told + sign, number - value
    return told
