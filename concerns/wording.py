"""Words for residents: the first draft of a feedback and the mail exactly as it will be sent."""

from collections.abc import Sequence

from django.conf import settings

from concerns.models import Concern, Reply, Reporter
from concerns.workflow import FeedbackKind, ReasonCategory
from districts.models import Office

REASONS: dict[str, str] = {
    ReasonCategory.FUNDS: "Dafür ist im Moment kein Geld da.",
    ReasonCategory.LEGAL: "Das ist rechtlich nicht möglich.",
    ReasonCategory.THIRD_PARTY: "Der Ort gehört nicht der Stadt. Deshalb darf die Stadt dort nichts ändern.",
    ReasonCategory.NOT_SENSIBLE: "Die Fachleute halten das für nicht sinnvoll.",
    ReasonCategory.PRIORITY: "Anderes ist im Moment dringender.",
    ReasonCategory.OTHER_LEVEL: "Darüber entscheidet nicht die Stadt.",
}
CLOSING = "Haben Sie Fragen? Dann melden Sie sich gern bei uns."
LETTER_CLOSING = "Mit freundlichen Grüßen"


def greeting(reporter: Reporter) -> str:
    """How a message starts."""
    return f"Guten Tag {reporter.name}," if reporter.name else "Guten Tag,"


def feedback_draft(reporter: Reporter, concern: Concern, replies: Sequence[Reply], own_answer: str) -> str:
    """A first draft of the final feedback: what was reported, what was answered, why if it is a no.

    `own_answer` is the result the Quartiersmanagement recorded itself, used when no department has answered.
    """
    reported = f"Sie haben uns am {concern.received_on:%d.%m.%Y} gemeldet: {concern.title}."
    if not replies:
        return "\n\n".join(part for part in (greeting(reporter), reported, own_answer, CLOSING) if part)
    parts = [greeting(reporter), f"{reported} Wir haben Ihre Meldung weitergegeben und eine Antwort bekommen."]
    for reply in replies:
        parts.append(reply.text)
        if reason := REASONS.get(reply.reason_category):
            parts.append(f"Der Grund: {reason}")
        if reply.result == "planned" and reply.date:
            parts.append(f"Geplant ist das für den {reply.date:%d.%m.%Y}. Wir fragen dann nach und melden uns wieder.")
    return "\n\n".join([*parts, CLOSING])


def kept_promise_draft(reporter: Reporter, concern: Concern, done: str) -> str:
    """A first draft of the second feedback: what was promised has been done."""
    reported = f"Sie haben uns am {concern.received_on:%d.%m.%Y} gemeldet: {concern.title}."
    return "\n\n".join(
        [greeting(reporter), f"{reported} Was wir Ihnen dazu zugesagt haben, ist jetzt gemacht.", done, CLOSING]
    )


def interim_draft(reporter: Reporter, concern: Concern, notice: str, until: str) -> str:
    """A first draft of an interim message: it takes longer, until when."""
    parts = [
        greeting(reporter),
        f"Sie haben uns am {concern.received_on:%d.%m.%Y} gemeldet: {concern.title}. "
        "Die Sache ist noch nicht entschieden. Wir haben sie nicht vergessen.",
        notice,
    ]
    if until:
        parts.append(f"Wir rechnen mit einer Antwort bis zum {until}. Dann melden wir uns wieder bei Ihnen.")
    return "\n\n".join(part for part in parts if part)


def theme_news_draft(reporter: Reporter, concern: Concern, news: Sequence[str]) -> str:
    """A first draft of an interim message: what is new about the theme that the concern belongs to."""
    reported = f"Sie haben uns am {concern.received_on:%d.%m.%Y} gemeldet: {concern.title}. Dazu gibt es Neues."
    return "\n\n".join([greeting(reporter), reported, *news, CLOSING])


def letter_draft(words: str) -> str:
    """The words of a letter: what anybody would be told, with the closing formula of a letter."""
    words = words.strip()
    return words if words.endswith(LETTER_CLOSING) or not words else f"{words}\n\n{LETTER_CLOSING}"


def letter_kind(kind: str) -> str:
    """What a letter calls itself."""
    return "Zwischennachricht" if kind == FeedbackKind.INTERIM else "Rückmeldung"


def letter_subject(concern: Concern, kind: str) -> str:
    """The line above a letter."""
    return f"{letter_kind(kind)} zu Ihrer Meldung vom {concern.received_on:%d.%m.%Y}: {concern.title}"


def signature(office: Office | None) -> str:
    """Who writes, and where to find them."""
    if office is None:
        return settings.OFFICE_NAME
    place = ", ".join(part for part in (office.street, f"{office.postcode} {office.city}".strip()) if part)
    phone = f"Telefon {office.phone}" if office.phone else ""
    hours = office.hours_today.replace("\n", " · ")
    name = f"Quartiersmanagement – {office.name}"
    return "\n".join(part for part in (name, place, phone, office.email, hours and f"Geöffnet: {hours}") if part)


def compose_mail(concern: Concern, text: str) -> tuple[str, str]:
    """Subject and body of a feedback mail exactly as they are sent; the subject names only the number."""
    subject = f"Ihre Meldung {concern.number} beim Quartiersmanagement"
    return subject, f"{text.strip()}\n\n-- \n{signature(concern.office)}\n"
