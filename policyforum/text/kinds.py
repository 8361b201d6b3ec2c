"""What a section can be: the one list of kinds.

Plain strings, since they are stored, sent over the API and used as class names.
"""

from typing import Final

# Any text
PREAMBLE: Final = "preamble"
HEADING: Final = "heading"

# The opening of an Indonesian legal text
MENIMBANG: Final = "menimbang"
MENGINGAT: Final = "mengingat"
MEMPERHATIKAN: Final = "memperhatikan"
MENETAPKAN: Final = "menetapkan"

# Its body
BUKU: Final = "buku"
BAB: Final = "bab"
BAGIAN: Final = "bagian"
PARAGRAF: Final = "paragraf"
PASAL: Final = "pasal"
DIKTUM: Final = "diktum"
AYAT: Final = "ayat"
HURUF: Final = "huruf"  # a.
ANGKA: Final = "angka"  # 1.
HURUFP: Final = "hurufp"  # a)
ANGKAP: Final = "angkap"  # 1)
EKOR: Final = "ekor"  # words that close a provision after its list
INSTRUKSI: Final = "instruksi"  # one numbered instruction of an amendment

# What follows the body
PENUTUP: Final = "penutup"
PENJELASAN: Final = "penjelasan"
PENJELASAN_UMUM: Final = "penjelasan_umum"
PENJELASAN_PASAL: Final = "penjelasan_pasal"
PENJELASAN_AYAT: Final = "penjelasan_ayat"
PENJELASAN_HURUF: Final = "penjelasan_huruf"
PENJELASAN_ANGKA: Final = "penjelasan_angka"
LAMPIRAN: Final = "lampiran"

HEADS: Final = (BUKU, BAB, BAGIAN, PARAGRAF)  # the outermost first
LISTS: Final = frozenset({HURUF, ANGKA, HURUFP, ANGKAP})
ELUCIDATIONS: Final = frozenset(
    {PENJELASAN_PASAL, PENJELASAN_AYAT, PENJELASAN_HURUF, PENJELASAN_ANGKA}
)
