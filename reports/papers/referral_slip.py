"""Zettel: what somebody takes along who was sent to an offer or an actor (K17); nothing on it tells who they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, override

from concerns.models import Referral
from concerns.resident import LANGUAGES, direction
from concerns.workflow import Language
from districts.models import Actor, ContactPerson, Offer
from quartier.pdf import render

from .head import office_of, sender

FORMATS = ("a5", "a4")
TITLE = gettext_noop("Hier bekommen Sie Hilfe")
COME_ALONG = gettext_noop("Wir gehen mit Ihnen hin. Bitte fragen Sie uns, wann.")
QUESTIONS = gettext_noop("Haben Sie Fragen? Dann kommen Sie zu uns.")
WORDS = {
    "where": gettext_noop("Wo"),
    "when": gettext_noop("Wann"),
    "cost": gettext_noop("Kosten"),
    "phone": gettext_noop("Telefon"),
    "registration": gettext_noop("Anmeldung"),
    "languages": gettext_noop("Sprachen"),
    "provider": gettext_noop("Anbieter"),
    "person": gettext_noop("Ansprechperson"),
}


@dataclass(frozen=True)
class Word:
    """A label in German, and in the person's own language where that is another one."""

    text: str
    own: str
    language: str
    dir: str


class _Words:
    """Labels in two languages."""

    def __init__(self, language: str):
        self.language = language if language in LANGUAGES and language != Language.DE else ""

    def __call__(self, text: str) -> Word:
        """A text in German and in the other language."""
        if not self.language:
            return Word(text, "", "", "")
        with override(self.language):
            return Word(text, gettext(text), self.language, direction(self.language))


def referral_slip(*, referral: Referral, format: str, today: date) -> bytes:
    """The slip as PDF (A5 or A4), its labels also in the language of the person it is for."""
    language = referral.reporter.language if referral.reporter else Language.DE
    return make_slip(referral=referral, language=language, format=format, today=today)


def make_slip(*, referral: Referral, language: str, format: str, today: date) -> bytes:
    """The same with any language; for samples too."""
    words, office = _Words(language), office_of(referral.concern)
    target = referral.target
    lines = _of_offer(referral.offer) if referral.offer else _of_actor(referral.actor)
    if person := referral.named_contact:
        lines = _with_person(lines, person)
    context = {
        "format": format,
        "head": words(TITLE),
        "name": str(target),
        "lines": [(words(WORDS[key]), text) for key, text in lines if text],
        "come_along": words(COME_ALONG) if referral.accompanied else None,
        "questions": words(QUESTIONS),
        "today": today,
        "hours": office.hours_on(today) if office else "",
        **sender(office),
    }
    return render("reports/papers/referral_slip.html", context, title=f"Zettel: {target}", author=context["city"])


def _of_offer(offer: Offer) -> list[tuple[str, str]]:
    return [
        ("provider", offer.provider.name),
        ("where", offer.where),
        ("when", offer.times),
        ("phone", offer.phone or offer.provider.phone),
        ("cost", offer.price),
        ("registration", offer.get_registration_display()),
        ("languages", ", ".join(offer.language_names)),
    ]


def _with_person(lines: list[tuple[str, str]], person: ContactPerson) -> list[tuple[str, str]]:
    """Who to ask for comes first, with the number at work; nothing private."""
    named = ", ".join(filter(None, (person.name, person.function)))
    return [("person", named), *((key, person.phone or text) if key == "phone" else (key, text) for key, text in lines)]


def _of_actor(actor: Actor) -> list[tuple[str, str]]:
    return [
        ("where", ", ".join(filter(None, (actor.street, actor.place)))),
        ("phone", actor.phone),
        ("languages", ", ".join(actor.language_names)),
    ]


def slips() -> Iterator[tuple[str, bytes]]:
    """An offer in German and in Arabic with company, and an actor on A4."""
    today = timezone.localdate()
    shown = ("offer__provider", "offer__office", "actor", "contact", "concern__office", "concern__district", "reporter")
    found = Referral.objects.select_related(*shown).order_by("pk")
    if offer := found.exclude(offer=None).first():
        yield "vermittlungszettel", make_slip(referral=offer, language=Language.DE, format="a5", today=today)
        offer.accompanied = True
        yield "vermittlungszettel-arabisch", make_slip(referral=offer, language=Language.AR, format="a5", today=today)
    if actor := found.exclude(actor=None).first():
        yield "vermittlungszettel-a4", make_slip(referral=actor, language=Language.UK, format="a4", today=today)
