"""Theme reports on paper (P06): a letter to each recipient, accessible, nothing of a concern on it."""

import pytest
from django.urls import reverse

from projects.actions import theme_reports as actions
from reports.papers.theme_report import theme_report_paper
from tests import make, make_needs
from tests.pdf import page_texts, pages, structure, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(mara, ost, stadtbetrieb, umwelt):
    concern = make.concern(district=ost, owner=mara, title="Hinterhof Nummer 7", text="Gerda Zorn klagt.")
    concern.reporters.update(name="Gerda Zorn", consent_store=True)
    need = make_needs.need(title="Dunkle Wege", problem="Wege sind schlecht beleuchtet. " * 60, districts=[ost])
    make_needs.link(need, concern, by=mara)
    made = make_needs.draft(by=mara, needs=[need], district=ost, until=make.today())
    for department in (stadtbetrieb, umwelt):
        make_needs.recipient(report=made, by=mara, department=department)
    return made


def test_every_recipient_gets_a_letter_as_it_was_sent(client_of, mara, enno, report):
    draft = theme_report_paper(report, report.recipients.select_related("department"))
    assert "Entwurf: Themenmeldung" in text(draft)
    actions.send_report(report=report, by=mara)
    report.refresh_from_db()
    content = client_of(mara).get(reverse("reports:theme_report_paper", args=[report.pk])).content
    assert structure(content) == []
    letters = [page for page in page_texts(content) if "Es schreibt Ihnen" in page]
    assert (len(letters), pages(content) >= 2, "Entwurf" in text(content)) == (2, True, False)
    assert "unter 3 Anliegen" in text(content)
    assert [word for word in ("Hinterhof", "Gerda", "2026-0") if word in text(content)] == []
    own = client_of(enno).get(reverse("reports:theme_ticket_paper", args=[report.recipients.first().pk])).content
    assert ("Aachener Stadtbetrieb" in text(own), "Klima und Umwelt" in text(own)) == (True, False)
