"""The words of the interface: found in templates and Python, kept in one PO file for each language."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
APPS = [
    "voicecollect", "operations", "dashboard", "export", "validation", "recordings", "prompts", "accounts", "languages",
    "common",
]  # fmt: skip
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def words() -> Catalog:
    """Return every text that the interface may show, with the files it stands in."""
    catalog = Catalog()
    for path, source in _sources():
        place = path.relative_to(settings.BASE_DIR).as_posix()
        found = extract("python", BytesIO(source.encode()), KEYWORDS, comment_tags=["Translators:"])
        for _line, message, comments, context in found:
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    templates = settings.BASE_DIR / "frontend" / "templates"
    for path in sorted(templates.rglob("*.*")):
        yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def path_of(language: str) -> Path:
    """Return where the catalogue of a language of the interface stands."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue as it stands; empty if there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[str]:
    """Return the texts that have no certain translation, plural forms included."""
    catalog = read(language)
    lacking = []
    for message in words():
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        forms = known.string if known else ""
        is_whole = all(forms) if isinstance(forms, tuple) else bool(forms)
        if known is None or known.fuzzy or not is_whole:
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def update(language: str) -> None:
    """Bring a catalogue up to date: new texts come in empty, those that nobody uses go."""
    catalog = read(language)
    catalog.update(words(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(
        language=language, plurals=f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    )
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
