"""A concern full of things that a department must never see, each recognisable (I7, I11)."""

from django.utils import timezone

from concerns.models import Concern, ConcernNote, Reporter, Routing, RoutingMessage
from tests import make

SECRETS = {
    "name": "Rosalinde Kummerfeld",
    "phone": "0241 998877",
    "email": "rosalinde@kummerfeld.example",
    "address": "Kummergasse 12, 52066 Aachen",
    "note": "Teamnotiz: bitte nicht vor zehn anrufen",
    "own_text": "Ursprünglicher Wortlaut mit allem drin",
    "other_text": "Nur für den anderen Fachbereich bestimmt",
    "other_message": "Rückfrage des anderen Fachbereichs",
    "answer": "Entwurf der Antwort an die Menschen",
}
PERSONAL = ("name", "phone", "email", "address")


def leaky_concern(*, other_department=None, consent: bool = False, **fields) -> Concern:
    """A concern with a reporter, a team note and a routing to another department."""
    concern = make.concern(
        text=SECRETS["own_text"],
        answer_text=SECRETS["answer"],
        reporters=[{field: SECRETS[field] for field in PERSONAL} | {"consent_pass_on": consent}],
        **fields,
    )
    ConcernNote.objects.create(concern=concern, text=SECRETS["note"], by=concern.owner)
    other = make.routing(concern=concern, department=other_department, text=SECRETS["other_text"])
    RoutingMessage.objects.create(
        routing=other, kind=RoutingMessage.Kind.QUERY, text=SECRETS["other_message"], by=concern.owner
    )
    return concern


def leaked(text: str, *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Which secrets stand in a text."""
    return [name for name, secret in SECRETS.items() if name not in allowed and secret in text]


def message(routing: Routing, text: str, *, by, kind: str = RoutingMessage.Kind.REMARK) -> RoutingMessage:
    """Something written in the thread of a routing."""
    return RoutingMessage.objects.create(routing=routing, kind=kind, text=text, by=by, at=timezone.now())


def reporter_of(concern: Concern) -> Reporter:
    """The leaky concern's reporter."""
    return concern.reporters.get()
