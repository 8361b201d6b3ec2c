"""Keep translations/ in step with the strings in code and templates.

    translations.py update    add new strings, drop those no longer used, keep what is translated
    translations.py check     exit 1 and name every string that has no sound translation

Strings are written in English in the code, so only the other languages have catalogues. Catalogues
name no files or lines: they would change with every edit elsewhere.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("id",)
SOURCES = (
    (ROOT / "policyforum", [("**.py", "python")]),
    (ROOT / "templates", [("**.*", "jinja2")]),
    # WTForms has no Indonesian of its own: its messages are translated in our catalogue.
    (Path(wtforms.__file__).parent, [("validators.py", "python"), ("fields/**.py", "python")]),
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
# Babel believes that Indonesian has two plural forms; it has one.
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: policyforum\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]")


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        for locale in LOCALES:
            update(locale)
        return 0
    if arguments == ["check"]:
        found = [problem for locale in LOCALES for problem in problems(locale)]
        print("\n".join(found) or "Every string is translated.")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


def update(locale: str) -> None:
    path = catalogue_path(locale)
    catalogue = read(path, locale)
    catalogue.update(strings(), no_fuzzy_matching=True, update_creation_date=False)
    buffer = BytesIO()
    write_po(buffer, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=100)
    body = buffer.getvalue().decode("utf-8").split("\n\n", 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER.format(locale=locale), *body[1:]]), "utf-8")
    missing = sum(not any(forms(message)) for message in catalogue if message.id)
    print(f"{path.relative_to(ROOT)}: {len(catalogue)} strings, {missing} without translation")


def problems(locale: str) -> Iterator[str]:
    """One line for each string that is missing, untranslated, unsound or no longer used."""
    path = catalogue_path(locale)
    where = path.relative_to(ROOT)
    if not path.is_file():
        yield f"{where} does not exist"
        return
    catalogue = read(path, locale)
    if catalogue.num_plurals != 1:
        yield f"{where}: Plural-Forms must be nplurals=1; plural=0;"
    used = strings()
    for message in used:
        if message.id:
            translated = catalogue.get(message.id, message.context)
            fault = fault_of(message, translated) or compiler_fault(translated, catalogue)
            if fault:
                yield f"{where}: {fault}: {message.id!r}"
    for message in catalogue:
        if message.id and used.get(message.id, message.context) is None:
            yield f"{where}: no longer used: {message.id!r}"


def fault_of(message: Message, translated: Message | None) -> str | None:
    if translated is None:
        return "missing"
    if not all(forms(translated)):
        return "not translated"
    if translated.fuzzy:
        return "fuzzy"
    expected = placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    if any(placeholders(form) != expected for form in forms(translated)):
        return "other placeholders"
    return None


def compiler_fault(translated: Message, catalogue: Catalog) -> str | None:
    """What `pybabel compile` would refuse."""
    return next((str(error) for error in translated.check(catalogue)), None)


def forms(message: Message) -> tuple[str, ...]:
    """What it is translated as, one for each plural form; "" where nothing is written yet."""
    if isinstance(message.string, tuple):
        return message.string
    return (message.string or "",)


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def strings() -> Catalog:
    """Every string that code and templates ask to have translated."""
    catalogue = Catalog()
    for folder, methods in SOURCES:
        options = {
            pattern: {"silent": "false"} for pattern, method in methods if method == "jinja2"
        }
        for _file, _line, text, _comments, context in extract_from_dir(
            folder, methods, options, keywords=KEYWORDS, directory_filter=is_ours
        ):
            catalogue.add(text, context=context)
    return catalogue


def is_ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "__", "_bundle"))


def read(path: Path, locale: str) -> Catalog:
    text = path.read_bytes() if path.is_file() else HEADER.format(locale=locale).encode()
    return read_po(BytesIO(text), locale=locale)


def catalogue_path(locale: str) -> Path:
    return ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
