"""Documents of the demo city: rules of procedure, material, offers and receipts, made and drawn here (Z18, Z19, Z35,
Z38)."""

from datetime import date, datetime
from io import BytesIO

from districts.models import User
from projects.actions import documents
from projects.costs import euros
from projects.models import AgendaItem, Body, FundApplication
from quartier.documents import PreparedDocument, prepare_document
from quartier.pdf import render

from .drawings import meadow, slip

WITH_PAPERS = {"ost", "forst", "nord"}  # bodies that file what they decide on
RECENT = 150  # days; what is older lies in folders
LATER = "Genehmigung der Stadt für den Platz"


def add_rules(body: Body, *, on: date, by: User, at: datetime) -> None:
    """The rules of procedure of a body, as it gave them to itself."""
    quorum = f"Sie ist beschlussfähig ab {body.quorum} Prozent der Stimmen." if body.quorum else ""
    parts = [
        ("Aufgabe", body.mandate),
        ("Sitzungen", f"Die Konferenz trifft sich {body.rhythm_words}. Wer verhindert ist, schickt seine Vertretung."),
        ("Abstimmungen", f"{body.voting_rules} {quorum} Wer von einem Antrag etwas hat, stimmt nicht mit ab."),
        ("Protokoll", "Das Protokoll wird in der nächsten Sitzung genehmigt. Danach ändert es niemand mehr."),
    ]
    title = f"Geschäftsordnung vom {on:%d.%m.%Y}"
    documents.file_with_body(body=body, document=_paper(body, title, parts), title=title, by=by, at=at)


def add_material(item: AgendaItem, *, by: User, at: datetime) -> None:
    """A page that members read before a session."""
    parts = [
        ("Worum es geht", item.text or f"{item.presenter or 'Das Quartiersmanagement'} berichtet und bittet um Rat."),
        ("Fragen an die Sitzung", "Was spricht dafür?\nWas fehlt noch?\nWer kann mitmachen?"),
    ]
    title = f"Vorlage: {item.title}"[:120]
    file = _paper(item.session.body, title, parts)
    documents.file_with_item(item=item, document=file, title=title, by=by, at=at)


def _paper(body: Body, title: str, parts: list[tuple[str, str]]) -> PreparedDocument:
    content = render("projects/documents/paper.html", {"body": body, "parts": parts}, title=title, author=body.name)
    return prepare_document(BytesIO(content), f"{title.partition(' ')[0].strip(':')}.pdf")


def add_offer(application: FundApplication, *, by: User, at: datetime) -> None:
    """What the largest post of an application would cost, on paper."""
    first = max(application.lines.all(), key=lambda one: one.amount)
    content = slip("Angebot", [(first.label, euros(first.amount))], "gültig drei Monate")
    title = f"Angebot: {first.label}"[:120]
    file = prepare_document(content, "angebot.png")
    documents.file_with_application(application=application, document=file, title=title, by=by, at=at)


def add_later(application: FundApplication, *, by: User, at: datetime) -> None:
    """Something that came after the decision."""
    content = slip(LATER, [("Nutzung des Platzes", "0 €"), (application.title, "")], "Auflage: bis 20 Uhr")
    file = prepare_document(content, "genehmigung.png")
    documents.file_with_application(application=application, document=file, title=LATER, by=by, at=at)


def add_receipts(application: FundApplication, *, by: User, at: datetime) -> None:
    """The receipts as one sheet, and a photo of what became of it."""
    lines = [(one.label, euros(one.amount)) for one in application.lines.all()]
    for content, name, title in (
        (slip("Belege", lines, application.number), "belege.png", "Belege, zusammengestellt"),
        (meadow(application.pk), "foto.png", f"Foto: {application.title}"[:120]),
    ):
        file = prepare_document(content, name)
        documents.file_with_proof(application=application, document=file, title=title, by=by, at=at)
