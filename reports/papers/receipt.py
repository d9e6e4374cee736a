"""Quittung: what somebody takes home who has told us something (P01); nothing on it tells who they are."""

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from concerns.models import Reporter
from concerns.resident import LANGUAGES, Standing, direction, standing_of
from concerns.workflow import WAIVED, Language
from quartier.pdf import render

from .head import office_of, sender

_TOLD_BY: dict[str, str] = {
    Reporter.Channel.IN_PERSON: "Fragen Sie im Stadtteilbüro nach der Antwort. Dort sagen wir sie Ihnen.",
    Reporter.Channel.PHONE: "Sobald es eine Antwort gibt, rufen wir Sie an.",
    Reporter.Channel.EMAIL: "Sobald es eine Antwort gibt, schreiben wir Ihnen eine E-Mail.",
    Reporter.Channel.LETTER: "Sobald es eine Antwort gibt, schreiben wir Ihnen einen Brief.",
    Reporter.Channel.MULTIPLIER: "Sobald es eine Antwort gibt, lassen wir sie Ihnen ausrichten.",
    Reporter.Channel.NOTICE: "Sobald es eine Antwort gibt, hängen wir sie im Stadtteilbüro aus.",
    Reporter.Channel.NONE: "Sie haben gesagt, dass Sie keine Rückmeldung von uns möchten.",
}


@dataclass(frozen=True)
class Own:
    """A line in the person's own language."""

    text: str
    language: str
    dir: str


def receipt(*, reporter: Reporter, code: str, today: date) -> bytes:
    """The receipt as PDF (A5). `code` opens the status page; without one (sensitive concerns) the paper has none."""
    with override("de"):
        seen = standing_of(reporter, today=today)
    page = settings.PUBLIC_URL.rstrip("/") + reverse("concerns:status")
    return make_receipt(reporter=reporter, seen=seen, code=code, page=page, today=today)


def make_receipt(*, reporter: Reporter, seen: Standing, code: str, page: str, today: date) -> bytes:
    """The same from what was worked out before; for samples, whose rows nobody stored."""
    office = office_of(reporter.concern)
    context = {
        "seen": seen,
        "next": _next(reporter, seen),
        "code": code,
        "page": page.split("://")[-1].rstrip("/"),
        "qr": segno.make(f"{page}{code}/", error="m", micro=False).svg_data_uri(border=4) if code else "",
        "own": _own(reporter.language, bool(code)),
        "district": "" if seen.is_closed_to_view else reporter.concern.district or "",
        "today": today,
        "hours": office.hours_on(today) if office else "",
        **sender(office),
    }
    title = f"Quittung {seen.number}"
    return render("reports/papers/receipt.html", context, title=title, author=context["city"])


def _next(reporter: Reporter, seen: Standing) -> list[str]:
    """What happens next, in sentences; nothing of a sensitive concern."""
    steps = []
    if seen.is_closed_to_view:
        return steps
    if seen.turn:
        names = f" {', '.join(seen.turn.names)}." if seen.turn.names else ""
        steps = [f"{seen.turn.text}{names} {seen.turn.until}".strip()]
    told = seen.is_answered or (reporter.feedback_state in WAIVED and reporter.channel != Reporter.Channel.NONE)
    return [step for step in (*steps, "" if told else _TOLD_BY[reporter.channel]) if step]


def _own(language: str, with_code: bool) -> Own | None:
    if language not in LANGUAGES or language == Language.DE:
        return None
    with override(language):
        if with_code:
            text = gettext(
                "Das ist Ihre Quittung. Bitte heben Sie sie auf. Mit dem Code sehen Sie im Internet, was aus Ihrem "
                "Anliegen wird."
            )
        else:
            text = gettext("Das ist Ihre Quittung. Bitte heben Sie sie auf. Haben Sie Fragen? Dann kommen Sie zu uns.")
    return Own(text, language, direction(language))
