"""What papers say of documents: material on invitation and minutes (P10, P12), attachments of an application (P19)."""

import pytest

from projects.models import FundApplication
from reports.papers import bodies, funds
from tests import make, make_bodies, make_documents, make_funds, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(districts=[ost])


def test_an_invitation_and_minutes_name_the_material(mara, body):
    session = make_bodies.held(body=body, by=mara, items=2)
    first = session.items.first()
    for title in ("Entwurf der Karte", "Kosten <b>2027</b>"):
        make_documents.of_item(first, by=mara, title=title)
    make_documents.of_body(body, by=mara, title="Geschäftsordnung")
    for content in (bodies.invitation(session), bodies.session_minutes(session)):
        words = pdf.text(content)
        assert pdf.structure(content) == []
        assert ("Entwurf der Karte" in words, "Kosten <b>2027</b>" in words, "Geschäftsordnung" in words) == (
            True, True, False,
        )  # fmt: skip
        assert words.index("Entwurf der Karte") > words.index(first.title)


@pytest.mark.parametrize("count", [1, 5])
def test_an_invitation_costs_the_same_for_few_and_many(mara, body, count, django_assert_num_queries):
    session = make_bodies.session(body=body)
    for _ in range(count):
        make_documents.of_item(make_bodies.item(session=session), by=mara)
    with django_assert_num_queries(4):
        bodies.invitation(session)


def test_an_application_lists_its_attachments_and_no_receipts(mara, asli, silke, ost):
    fund = make_funds.fund(districts=[ost], by=silke)
    bare = make_funds.application(fund=fund, by=asli)
    assert "Anlagen" not in pdf.text(funds.application_paper(bare))
    found = make_funds.submitted(fund=fund, by=asli)
    make_documents.of_application(found, by=mara, title="Angebot für die Bühne")
    content = funds.application_paper(FundApplication.objects.with_everything().get(pk=found.pk))
    words = pdf.text(content)
    assert pdf.structure(content) == []
    assert ("Angebot für die Bühne" in words, "nachgereicht" in words) == (True, False)
    paid = make_funds.paid(fund=fund, by=asli, checker=mara)
    make_documents.of_application(paid, by=mara, title="Genehmigung")
    make_documents.of_proof(paid, by=mara, title="Rechnung Zelt")
    words = pdf.text(funds.application_paper(FundApplication.objects.with_everything().get(pk=paid.pk)))
    assert (f"nachgereicht am {make.today():%d.%m.%Y}" in words, "Rechnung Zelt" in words) == (True, False)
