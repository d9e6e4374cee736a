"""Receipts for `make papers`: of the demo city, and one that needs all the room; codes on paper that opens nothing."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern, Reporter
from concerns.resident import Standing, Turn
from concerns.workflow import ConcernStatus, Language
from districts.models import District, Office

from .receipt import make_receipt, receipt

_CODE = "DEM0-DEM0-DEM0"  # nobody's
_NAMES = {Language.DE: "quittung", Language.AR: "quittung-arabisch", Language.UK: "quittung-ukrainisch"}


def receipt_samples() -> Iterator[tuple[str, bytes]]:
    """Somebody who speaks German, Arabic, Ukrainian; a sensitive concern; long names and an address line to match."""
    today = timezone.localdate()
    people = Reporter.objects.filter(kind=Reporter.Kind.RESIDENT, erased_at=None).order_by("pk")
    people = people.select_related("concern__lead", "concern__topic", "concern__office", "concern__district")
    waiting = people.filter(concern__status=ConcernStatus.FORWARDED, concern__is_sensitive=False)
    for language, name in _NAMES.items():
        if reporter := waiting.filter(language=language).first():
            yield name, receipt(reporter=reporter, code=_CODE, today=today)
    if reporter := people.filter(concern__is_sensitive=True).first():
        yield "quittung-vertraulich", receipt(reporter=reporter, code="", today=today)
    yield "quittung-lange-namen", _with_long_names(today)


def _with_long_names(today) -> bytes:
    office = Office(
        name="Nachbarschaftsbüro im Mehrgenerationenhaus an der Alten Tuchfabrik",
        street="Karl-Friedrich-Wilhelm-Straße 117a, Hinterhaus", postcode="52062", city="Aachen",
        phone="0221 4710-310", email="nachbarschaftsbuero.tuchfabrik@quartier.example",
        hours_note="Mo 10–12 Uhr\nDi 15–18 Uhr\nDo 10–12 Uhr\nund nach Vereinbarung",
    )  # fmt: skip
    district = District(name="Aachen-Nordost mit Alter Tuchfabrik und Siedlung am Haarbachtal", short_name="Nordost")
    title = (
        "Bordsteinabsenkung und Geländer an der Unterführung zwischen Haltestelle, Kita und Mehrgenerationenhaus fehlen"
    )
    concern = Concern(number="2026-12345", received_on=today, title=title, district=district, office=office)
    reporter = Reporter(concern=concern, language=Language.FR, channel=Reporter.Channel.MULTIPLIER)
    names = ("Fachbereich Stadtentwicklung, -planung und Mobilitätsinfrastruktur", "Aachener Stadtbetrieb")
    turn = Turn("Wir warten auf eine Antwort von:", names, "Bis zum 23. Dezember 2026. Das sind noch 31 Tage.")
    seen = Standing(
        number=concern.number, received_on="22. November 2026", office=office, title=title, turn=turn,
        topic="Barrierefreiheit von Wegen, Haltestellen und öffentlichen Gebäuden",
    )  # fmt: skip
    page = settings.PUBLIC_URL.rstrip("/") + reverse("concerns:status")
    return make_receipt(reporter=reporter, seen=seen, code=_CODE, page=page, today=today)
