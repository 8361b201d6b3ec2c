"""What one line of an Indonesian legal text opens, judged by its own words.

Heading level, bold type, block quotes and bullets around a marker are ignored: the words decide.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from policyforum.text import kinds
from policyforum.text.marks import Line
from policyforum.text.numbering import (
    ORDINAL,
    ORDINAL_CAPITALS,
    ROMAN,
    Number,
    chapter_numbers,
    letters,
    ordinal,
    roman,
)

# Structure shows at the start and the end of a line; a longer line keeps both.
_LONG = 2000

_SPACES = str.maketrans({0x00A0: " ", 0x2011: "-", 0x200B: None, 0xFEFF: None})
_MARKUP = re.compile(
    r"(?:>\s?|\#{1,6}\s+|[-*+]\s+(?=\\?\(\d|[a-z]{1,2}\\?[.)]|\d{1,3}[a-z]?\\?[.)]))+"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!-])")
_CLOSING_HASHES = re.compile(r"\s#+$")
_ATTRIBUTES = re.compile(r"(?:(?<!\s)\s++)?\{#[\w.-]{1,80}\}$")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line opens: `number` as cited, `value` for sequence, `rest` the words after it."""

    kind: str
    number: str
    value: Number | None
    rest: str = ""
    roman: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """The line being read: `words` it shows, `level` of its Markdown heading (0: none), the words
    `before` it, whether a `blank` line or nothing of the open section (`fresh`) stands between."""

    position: int
    row: Line
    words: str
    level: int
    before: str
    blank: bool
    fresh: bool


def normalise(text: str) -> str:
    """The bare words of a line: no markup, plain blanks, composed letters."""
    if len(text) > _LONG:
        text = text[: _LONG // 2] + " … " + text[-_LONG // 2 :]
    bare = text.translate(_SPACES).strip()
    if not bare.isascii():
        bare = unicodedata.normalize("NFC", bare)
    if bare[:1] in "#>-*+" and bare:
        atx = bare[0] == "#"
        if markup := _MARKUP.match(bare):
            bare = bare[markup.end() :]
        if atx or "#" in bare[:4]:
            bare = _CLOSING_HASHES.sub("", bare)
    if bare[-1:] == "}":
        bare = _ATTRIBUTES.sub("", bare)
    if "\\" in bare:
        bare = _ESCAPE.sub(r"\1", bare)
    if "**" in bare or "__" in bare:
        bare = bare.replace("**", "").replace("__", "")
    return " ".join(bare.split())


_PASAL = re.compile(
    rf"[\"“«]?(?:Pasal|PASAL)\s+(?:(?P<n>\d{{1,4}})\s?(?P<s>[A-Z]{{0,2}})|(?P<r>{ROMAN})|(?P<l>l))"
    r"(?:(?P<sep>\s*[-–—:.]\s+|\s+)(?P<t>\S.*))?$"
)
_BAB = re.compile(
    r"[\"“«]?(?:BAB|B A B|Bab)\s+(?P<n>[IVXLCDM]{1,12}[A-Z]?)"
    r"(?P<sep>\s*+[-–—:.]\s++(?=\S)|\s++(?=\S)|$)(?P<t>.*)$"
)
_BAGIAN = re.compile(
    rf"[\"“«]?Bagian\s+(?P<o>{ORDINAL})(?:\s?(?P<s>[A-Z])(?=$|\s))?"
    r"(?P<sep>\s*[-–—:]\s*(?=\S)|\s+(?=\S)|$)(?P<t>.*)$",
    re.IGNORECASE,
)
_PARAGRAF = re.compile(
    r"[\"“«]?Paragraf\s+(?P<n>\d{1,3})\s?(?P<s>[A-Z]?)(?P<sep>\s*[-–—:]\s*(?=\S)|\s+(?=\S)|$)(?P<t>.*)$",
    re.IGNORECASE,
)
_BUKU = re.compile(
    rf"BUKU\s+(?P<o>{ORDINAL_CAPITALS}|{ROMAN})"
    r"(?P<sep>\s*[-–—:]\s*(?=\S)|\s+(?=\S)|$)(?P<t>.*)$"
)
_LEADERS = ("....", " . . . .", "……")  # of a table of contents
_DIKTUM = re.compile(rf"(?P<o>{ORDINAL_CAPITALS})\s*(?P<colon>:|$)\s*(?P<t>.*)$")
_AYAT = re.compile(r"\((\d{1,3})([a-z]?)\)(?:\s+|$)?")
_ANGKA = re.compile(r"(\d{1,3})([a-z]?)\.(?:\s|$)")
_HURUF = re.compile(r"([a-z]{1,2})(\d?)\.(?:\s|$)")
_ANGKAP = re.compile(r"(\d{1,3})\)(?:\s|$)")
_HURUFP = re.compile(r"([a-z]{1,2})\)(?:\s|$)")

OPENING_WORDS = {
    kinds.MENIMBANG: re.compile(r"(?:Menimbang|MENIMBANG)\s*(?::|$)"),
    kinds.MENGINGAT: re.compile(r"(?:Mengingat|MENGINGAT)\s*(?::|$)"),
    kinds.MEMPERHATIKAN: re.compile(r"(?:Memperhatikan|MEMPERHATIKAN)\s*(?::|$)"),
    kinds.MENETAPKAN: re.compile(
        r"(?:MEMUTUSKAN|M\s?E\s?M\s?U\s?T\s?U\s?S\s?K\s?A\s?N)\s*(?::|$)"
        r"|(?:Menetapkan|MENETAPKAN)\s*(?::|$)"
        r"|(?:Dengan Persetujuan Bersama|DENGAN PERSETUJUAN BERSAMA)\s*:?$"
    ),
}
LAMPIRAN = re.compile(
    rf"LAMPIRAN(?:\s++(?P<n>{ROMAN}))?"
    r"(?:\s*+(?:[:–—-]\s*+)?(?:PERATURAN|KEPUTUSAN|INSTRUKSI|UNDANG).*)?:?$"
)
PENJELASAN = re.compile(r"PENJELASAN(?:\s+ATAS\b.*)?$")
PENJELASAN_UMUM = re.compile(r"(?:I\.\s*)?UMUM$")
PASAL_DEMI_PASAL = re.compile(r"(?:II\.\s*)?PASAL\s+DEMI\s+PASAL$")
PENUTUP = re.compile(
    r"Agar\s+(?:setiap|semua)\s+orang\b|(?:Ditetapkan|Disahkan|Diundangkan)\s+di\s+\S",
    re.IGNORECASE,
)
ELUCIDATED = re.compile(
    r"(?:(?P<pasal>Pasal)\s+(?P<p>\d{1,4}\s?[A-Z]{0,2}|[IVXLC]{1,7})"
    r"|(?P<ayat>Ayat)\s+\((?P<a>\d{1,3}[a-z]?)\)"
    r"|(?P<huruf>Huruf)\s+(?P<h>[a-z]{1,2}\d?)"
    r"|(?P<angka>Angka)\s+(?P<g>\d{1,3}[a-z]?))(?:\s+Cukup\s+\^?jelas\.?)?$"
)
INSTRUCTION = re.compile(
    r"(?:Ketentuan|Di\s?antara|Setelah|Sesudah|Sebelum|Judul|Penjelasan|Pasal|BAB|Bab|Bagian|Paragraf"
    r"|Lampiran|Ayat|Mengubah|Menambah|Menghapus|Menyisipkan)\b.{0,1500}?"
    r"\b(?:diubah|disisipkan|ditambahkan|ditambah|dihapus|dihapuskan|diganti|dijadikan|berbunyi)\b",
    re.DOTALL,
)
DEBRIS = re.compile(
    r"(?:[-–_]\s*\d{1,4}\s*[-–_]|\d{1,4}\s*/\s*\d{1,4}|(?:www\.|https?://|jdih\.)\S+|SALINAN)$"
)
CATCHWORD_DOTS = re.compile(r"(?:(?:\s?\.){3}|\s\.|\s?…)$")
MISREAD_PASAL = re.compile(r"(?:Pasa[I1]|Pasal)\s?[\dOIlTi!]{1,5}$")
# A head a scan has run into a line: after the end of a sentence, before the beginning of one.
HEAD_IN_LINE = re.compile(
    r"[.;:…]\s{1,20}((?:Pasal\s+\d{1,4}|BAB\s+[IVXLC]{1,7})[A-Z]?\s{1,20}(?=[A-Z(]))"
)
# An item that begins with the first item of a list inside it: "a. 1) …"
ITEM_IN_ITEM = re.compile(r"[\s>*+_#\\-]*\(?\w{1,3}\\?[.)]\**\s+(?=(?:a|1)\\?[.)]\s)")

# A line that ends so goes on in the next one: what looks like a marker there is a reference.
_RUNS_ON = re.compile(
    r"(?:\b(?:ayat|pasal|huruf|angka|nomor|pada|dalam|dengan|dimaksud|dari|oleh|menurut|berdasarkan"
    r"|sampai|ketentuan|bab)|,\s*(?:dan|atau|dan/atau)|\)\s+(?:dan|atau)|\d\s+(?:dan|atau))$",
    re.IGNORECASE,
)


def runs_on(line: str) -> bool:
    """Whether a line stops in the middle of a reference or phrase."""
    return bool(_RUNS_ON.search(line[-60:]))


def head(words: str, *, atx: bool) -> Opening | None:
    """The BUKU, BAB, Bagian, Paragraf or Pasal a line opens; `atx`: it is a Markdown heading."""
    first = words.lstrip('"“«')[:1]
    if first in "PpBb" and words.rstrip("0123456789").rstrip().endswith(_LEADERS):
        return None
    if first in "Pp":
        return _pasal(words, atx) or _paragraf(words, atx)
    if first in "Bb":
        return _bab(words, atx) or _bagian(words, atx) or _buku(words)
    return None


def _pasal(words: str, atx: bool) -> Opening | None:
    found = _PASAL.match(words)
    if not found or (
        found["t"] and not (atx and (found["sep"].strip() or found["t"][0].isupper()))
    ):
        return None
    if found["n"]:
        number = found["n"] + found["s"]
        return Opening(kinds.PASAL, number, (int(found["n"]), found["s"]), found["t"] or "")
    numeral = found["r"] or "I"
    return Opening(kinds.PASAL, numeral, (roman(numeral), ""), found["t"] or "", roman=True)


def _bab(words: str, atx: bool) -> Opening | None:
    found = _BAB.match(words)
    if not found:
        return None
    readings = chapter_numbers(found["n"])
    title = found["t"]
    if not readings or not (atx or not title or (title[0].isupper() and _is_title(title))):
        return None
    return Opening(kinds.BAB, found["n"], readings[0], title)


def _bagian(words: str, atx: bool) -> Opening | None:
    found = _BAGIAN.match(words)
    if not found or not _opens_division(found, atx):
        return None
    spoken = " ".join(found["o"].split()).title()
    suffix = (found["s"] or "").upper()
    return Opening(kinds.BAGIAN, spoken + suffix, (ordinal(spoken), suffix), found["t"])


def _paragraf(words: str, atx: bool) -> Opening | None:
    found = _PARAGRAF.match(words)
    if not found or not _opens_division(found, atx):
        return None
    value = (int(found["n"]), found["s"].upper())
    return Opening(kinds.PARAGRAF, found["n"] + found["s"].upper(), value, found["t"])


def _buku(words: str) -> Opening | None:
    found = _BUKU.match(words)
    if not found or not (not found["t"] or found["t"][0].isupper()):
        return None
    spoken = found["o"]
    count = roman(spoken) if re.fullmatch(ROMAN, spoken) else ordinal(spoken)
    return Opening(kinds.BUKU, " ".join(spoken.split()), (count, ""), found["t"])


def _opens_division(found: re.Match[str], atx: bool) -> bool:
    title = found["t"]
    return atx or not title or (title[0].isupper() and _is_title(title))


def _is_title(words: str) -> bool:
    """Title words rather than a sentence, whatever article may be glued to them in a scan."""
    title = re.split(r"\s(?=(?:Pasal|Paragraf|Bagian)\s)", words, maxsplit=1)[0]
    return len(title) <= 250 and title[-1] not in ".;,:"


def diktum(words: str, *, bare: bool) -> Opening | None:
    """The diktum a line opens (KESATU : …); `bare`: the ordinal may stand alone on its line."""
    found = _DIKTUM.match(words)
    if not found or not (found["colon"] or bare):
        return None
    spoken = " ".join(found["o"].split())
    return Opening(kinds.DIKTUM, spoken, (ordinal(spoken), ""), found["t"])


def item(words: str) -> Opening | None:
    """The ayat or list item a line opens: (1), a., 1., a), 1)."""
    first = words[:1]
    if first == "(":
        if found := _AYAT.match(words):
            return Opening(kinds.AYAT, found[1] + found[2], (int(found[1]), found[2]))
    elif first.isascii() and first.isdigit():
        if found := _ANGKA.match(words):
            return Opening(kinds.ANGKA, found[1] + found[2], (int(found[1]), found[2]))
        if found := _ANGKAP.match(words):
            return Opening(kinds.ANGKAP, found[1], (int(found[1]), ""))
    elif "a" <= first <= "z":
        if found := _HURUF.match(words):
            return Opening(kinds.HURUF, found[1] + found[2], (letters(found[1]), found[2]))
        if found := _HURUFP.match(words):
            return Opening(kinds.HURUFP, found[1], (letters(found[1]), ""))
    return None
