"""Two people file or approve at the same moment, each on a connection of its own (Z19, Z35)."""

import pytest

from projects.actions import agenda
from projects.actions import documents as actions
from projects.models import Document, Session
from tests import make_bodies, make_documents, make_funds
from tests.districts.test_offers_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_file_twice_is_there_once(mara, silke, ost):
    body, file = make_bodies.body(districts=[ost]), make_documents.prepared()
    done = at_once(
        *(lambda by=by: actions.file_with_body(body=body, document=file, title="Regeln", by=by) for by in (mara, silke))
    )
    assert (sorted(done), Document.objects.count()) == (["Document", "LoopError"], 1)


def test_the_same_attachment_twice_is_there_once(mara, asli, silke, ost):
    found = make_funds.application(fund=make_funds.fund(districts=[ost], by=silke), by=asli)
    file = make_documents.prepared(picture=True)
    done = at_once(
        *(
            lambda by=by: actions.file_with_application(application=found, document=file, title="Angebot", by=by)
            for by in (mara, asli)
        )
    )
    assert (sorted(done), Document.objects.count()) == (["Document", "LoopError"], 1)


def test_material_and_approval_do_not_pass_each_other(mara, ost):
    body = make_bodies.body(districts=[ost])
    session = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)])
    make_bodies.write(session=session, by=mara)
    document = make_documents.of_item(session.items.get(), by=mara)
    done = at_once(
        lambda: agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara),
        lambda: actions.remove_document(document=document, by=mara),
    )
    kept = Document.objects.count()
    assert Session.objects.get(pk=session.pk).status == "approved"
    assert (done[1], kept) in {("NoneType", 0), ("Conflict", 1)}
