"""Letters in the window-envelope layout of DIN 5008 form B, one or many with a list in front (P03)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.urls import reverse

from concerns.models import Letter, LetterBatch
from concerns.wording import letter_kind, letter_subject
from concerns.workflow import RIGHT_TO_LEFT
from districts.models import Office
from quartier.pdf import render

LINE = 37  # characters that surely fit into one line of the window
MOST_LINES = 6  # of an address below the name; further ones are joined
ROOMY = 8  # lines in the window up to which they keep their size
OWN_NAMES = {"en": "English", "tr": "Türkçe", "ar": "العربية", "uk": "Українська", "ru": "Русский", "fr": "Français"}


@dataclass(frozen=True)
class Sheet:
    """One letter as it is printed."""

    number: int
    letter: Letter
    office: Office | None
    hours: str
    sender: str  # the line above the address
    recipient: list[str]
    kind: str
    subject: str
    paragraphs: list[str]
    second: list[str]
    code: str

    @property
    def is_tight(self) -> bool:
        """Whether the address needs smaller type to stay in the window."""
        return sum(max(1, ceil(len(line) / LINE)) for line in self.recipient) > ROOMY

    @property
    def direction(self) -> str:
        """Which way the second text runs."""
        return "rtl" if self.letter.second_language in RIGHT_TO_LEFT else "ltr"

    @property
    def own_name(self) -> str:
        """What the second language calls itself."""
        return OWN_NAMES[self.letter.second_language]


def letters_pdf(
    batch: LetterBatch, letters: Sequence[Letter], *, codes: Mapping[int, str], both_sides: bool = False
) -> bytes:
    """The letters as one file; several get a list to tick off in front.

    `codes`: by reporter what opens their status page. `both_sides`: every letter starts on the front of a sheet.
    """
    offices = {office.pk: office for letter in letters if (office := office_of(letter, batch))}
    hours = {pk: office.hours_on(batch.dated_on) for pk, office in offices.items()}
    sheets = [
        sheet_of(letter, batch, number, codes.get(letter.reporter_id, ""), hours)
        for number, letter in enumerate(letters, start=1)
    ]
    first = sheets[0]
    title = f"Brief zu {first.letter.reporter.concern.number}" if len(sheets) == 1 else str(batch)
    context = {
        "batch": batch,
        "sheets": sheets,
        "listed": len(sheets) > 1,
        "both_sides": both_sides,
        "signer": batch.made_by.name,
        "house": f"{settings.CITY_NAME}\n{settings.OFFICE_NAME}",
        "page": (settings.PUBLIC_URL.rstrip("/") + reverse("concerns:status")).split("://")[-1].rstrip("/"),
    }
    author = first.office.name if first.office else settings.OFFICE_NAME
    return render("reports/papers/letters.html", context, title=title, author=author)


def office_of(letter: Letter, batch: LetterBatch) -> Office | None:
    """Where an answer to the letter goes: the office where the concern was told, else that of whoever writes."""
    return letter.reporter.concern.office or batch.made_by.office


def sheet_of(letter: Letter, batch: LetterBatch, number: int, code: str, hours: Mapping[int | None, str]) -> Sheet:
    """What one letter says and to whom; `hours` by office."""
    concern, reporter = letter.reporter.concern, letter.reporter
    office = office_of(letter, batch)
    return Sheet(
        number=number,
        letter=letter,
        office=office,
        hours=hours[office.pk] if office else "",
        sender=_sender(office),
        recipient=[part for part in (reporter.name, *address_lines(reporter.address)) if part],
        kind=letter_kind(letter.kind),
        subject=letter_subject(concern, letter.kind),
        paragraphs=_paragraphs(letter.text),
        second=_paragraphs(letter.second_text),
        code=code,
    )


def address_lines(address: str) -> list[str]:
    """The lines of an address as the post wants them, at most MOST_LINES; commas divide one that has no lines."""
    lines = [line.strip(" ,") for line in address.splitlines() if line.strip(" ,")]
    if len(lines) == 1:
        lines = [part for part in re.split(r"\s*,\s*", lines[0]) if part]
    if len(lines) > MOST_LINES:
        first, last = lines[: MOST_LINES - 2], lines[-1]
        lines = [*first, ", ".join(lines[MOST_LINES - 2 : -1]), last]
    return lines


def _sender(office: Office | None) -> str:
    if office is None:
        return f"{settings.OFFICE_NAME} · {settings.CITY_NAME}"
    return " · ".join(part for part in (office.name, office.street, office.place) if part)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
