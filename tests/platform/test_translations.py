"""The residents' languages: complete, with the same placeholders, and compiled as they are written."""

import re

import pytest
from babel.messages.catalog import Message
from django.utils.translation import gettext, ngettext, override

from concerns.resident import LANGUAGES
from deploy.messages import LANGUAGES as TRANSLATED
from deploy.messages import compiled, po_file, read, wanted

PLACEHOLDER = re.compile(r"%\(\w+\)s")


def both(message: Message) -> tuple[list[str], list[str]]:
    """All source forms and all translated forms."""
    ids = [*message.id] if isinstance(message.id, tuple) else [message.id]
    strings = [*message.string] if isinstance(message.string, tuple) else [message.string]
    return ids, strings


def test_every_language_of_the_page_but_the_source_is_translated():
    assert sorted(("de", *TRANSLATED)) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_is_complete(language):
    catalog = read(language)
    asked = {message.id for message in wanted() if message.id}
    assert {message.id for message in catalog if message.id} == asked
    for message in catalog:
        if not message.id:
            continue
        ids, strings = both(message)
        assert len(strings) == (catalog.num_plurals if len(ids) > 1 else 1)
        assert all(text.strip() for text in strings), message.id
        assert not message.fuzzy
        for form, text in enumerate(strings):
            left_out = set(PLACEHOLDER.findall(ids[-1])) ^ set(PLACEHOLDER.findall(text))
            assert left_out <= (COUNTS if (language, form) in SAID_IN_WORDS and len(ids) > 1 else set()), text
            assert text not in ids or (language, text) in SAME, text


# Forms for exactly none, one and two: Arabic says the number with the word itself.
SAID_IN_WORDS = {("ar", 0), ("ar", 1), ("ar", 2)}
COUNTS = {"%(count)s", "%(minutes)s"}
# Words that are the same as in German.
SAME = {("tr", "Telefon")}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_file_belongs_to_the_written_one(language):
    assert po_file(language).with_suffix(".mo").read_bytes() == compiled(read(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_letters_are_those_of_the_language(language):
    text = "".join("".join(both(message)[1]) for message in read(language) if message.id)
    alphabets = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "uk": r"[\u0400-\u04ff]"}
    letters = [sign for sign in PLACEHOLDER.sub("", text) if sign.isalpha()]
    strange = [sign for sign in letters if not re.match(alphabets.get(language, r"[a-zA-Z\u00c0-\u024f]"), sign)]
    assert strange == []
    assert "ß" not in letters
    assert not (language == "uk" and set("ыэъё") & set(text.lower()))
    assert not (language == "ru" and set("іїєґ") & set(text.lower()))


def test_django_finds_them():
    found = {}
    for language in LANGUAGES:
        with override(language):
            one = (
                gettext("Die Antwort"),
                ngettext(
                    "Bitte versuchen Sie es in %(minutes)s Minute noch einmal.",
                    "Bitte versuchen Sie es in %(minutes)s Minuten noch einmal.",
                    3,
                )
                % {"minutes": 3},
            )
            found[language] = one
    assert found["de"] == ("Die Antwort", "Bitte versuchen Sie es in 3 Minuten noch einmal.")
    assert found["uk"] == ("Відповідь", "Будь ласка, спробуйте ще раз через 3 хвилини.")
    assert found["ar"] == ("الجواب", "يرجى المحاولة مرة أخرى بعد 3 دقائق.")
    assert len({words for words, _ in found.values()}) == 7
