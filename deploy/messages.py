"""The translations of the residents' pages: collects what is to be translated and makes the compiled files.

    .venv/bin/python -m deploy.messages          # locale/*/LC_MESSAGES/django.po and .mo

German is the source. New texts appear in every django.po without a translation, texts that are gone disappear; what is
missing then makes tests/platform/test_translations.py fail. Babel does the work: no gettext tools are needed.
"""

from io import BytesIO
from pathlib import Path

import django
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = ("en", "tr", "ar", "uk", "ru", "fr")
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
KEYWORDS |= {"gettext_noop": None, "npgettext": ((1, "c"), 2, 3)}
SOURCES = ("concerns", "reports", "quartier")


def wanted() -> Catalog:
    """Every text that code and templates ask to be translated."""
    catalog = Catalog(project="Quartier", charset="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "i18n" in text:
            # Only the calls that Django makes of the tags matter; the rest of a line is no Python.
            _add(catalog, path, "\n".join(line.strip() for line in templatize(text).splitlines()))
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "utils.translation" in text:
                _add(catalog, path, text)
    return catalog


def _add(catalog: Catalog, path: Path, python: str) -> None:
    for _, message, _, context in extract("python", BytesIO(python.encode()), keywords=KEYWORDS):
        flags = ["python-format"] if "%(" in str(message) else []
        catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], flags=flags, context=context)


def po_file(language: str) -> Path:
    """Where the translations into a language are written."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translations into a language; empty when there are none yet.

    Plurals are counted as in Django's own translations, with which they are mixed at run time.
    """
    path = po_file(language)
    if not path.exists():
        path = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        found = read_po(file, locale=language)
    if path == po_file(language):
        return found
    team = {"last_translator": "Quartier", "language_team": "Quartier", "msgid_bugs_address": "-", "version": "1"}
    catalog = Catalog(locale=language, charset="utf-8", project="Quartier", fuzzy=False, **team)
    catalog.header_comment = "# The residents' pages and papers; made by deploy/messages.py, translated by people."
    catalog._num_plurals, catalog._plural_expr = found.num_plurals, found.plural_expr
    return catalog


def updated(language: str) -> Catalog:
    """The translations into a language, with exactly the texts that are wanted."""
    catalog = read(language)
    catalog.update(wanted(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads at run time."""
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def main() -> None:
    """Bring every language up to date."""
    for language in LANGUAGES:
        catalog, path = updated(language), po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, width=100, omit_header=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = sum(not all(m.string if isinstance(m.string, tuple) else [m.string]) for m in catalog if m.id)
        print(f"{language}: {len(catalog)} texts, {missing} without translation")


if __name__ == "__main__":
    main()
