"""Documents of bodies, agendas, applications and proofs: who files, sees and removes them (Z18, Z19, Z35, Z38)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from projects.actions import agenda, applications, fund_payments, sessions
from projects.actions import documents as actions
from projects.actions.base import Conflict, LoopError
from projects.actions.fund_stories import draft_from_report
from projects.models import AgendaItem, BodyEvent, Document, FundApplication, FundEvent, PRImage, PRItem
from tests import make, make_bodies, make_documents, make_funds, make_pr
from tests.make_documents import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(ost):
    return make_bodies.body(districts=[ost])


@pytest.fixture
def item(body):
    return make_bodies.item(session=make_bodies.session(body=body))


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


@pytest.fixture
def draft(fund, asli):
    return make_funds.application(fund=fund, by=asli)


@pytest.fixture
def paid(fund, asli, mara):
    return make_funds.paid(fund=fund, by=asli, checker=mara)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def upload(content=None, name="papier.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, kind)


def send(client, address, row, *, title="Geschäftsordnung", **file):
    return client.post(url(address, row), {"document": upload(**file), "title": title})


def seen(client_of, people, document):
    return {one.email.partition("@")[0]: client_of(one).get(document.get_absolute_url()).status_code for one in people}


def files_of(document):
    return [one for one in (document.file, document.preview) if one]


def there(files):
    return [one.storage.exists(one.name) for one in files]


def settled(paid, by):
    """The same application with a checked proof: nothing comes back, so all is settled."""
    fund_payments.prove(
        application=paid, received_on=make.today(), receipts=500, to_return=0, participants=40, by=by,
        report="Es kamen vierzig Menschen.",
    )  # fmt: skip
    return FundApplication.objects.get(pk=paid.pk)


class TestFiling:
    def test_a_pdf_of_a_body(self, client_of, mara, body):
        answer = send(client_of(mara), "body_document_new", body, name="Ordnung.pdf")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{body.get_absolute_url()}#documents")
        made = Document.objects.get()
        assert (made.body, made.owner_field, made.kind, made.title, made.name, made.by) == (
            body, "body", "pdf", "Geschäftsordnung", "Ordnung.pdf", mara,
        )  # fmt: skip
        assert (made.size, made.file.name.startswith("documents/")) == (made.file.size, True)
        event = BodyEvent.objects.get()
        assert (event.kind, event.by, event.data["document"]) == ("filed", mara, made.pk)
        assert "Ordnung" not in str(event.data)

    def test_the_page_names_it_and_who_filed_it(self, client_of, mara, body):
        document = make_documents.of_body(body, by=mara, title="<i>Regeln</i>")
        page = client_of(mara).get(body.get_absolute_url()).content.decode()
        assert ("&lt;i&gt;Regeln&lt;/i&gt;" in page, "<i>Regeln" in page) == (True, False)
        assert (document.get_absolute_url() in page, f"{document.get_absolute_url()}entfernen/" in page) == (True, True)

    @pytest.mark.parametrize(
        ("sent", "field", "words"),
        [
            ({"content": b""}, "document", "leer"),
            ({"content": b"MZ" * 9, "name": "x.pdf"}, "document", "weder ein PDF noch ein Bild"),
            ({"content": b"PK\x03\x04", "name": "brief.docx"}, "document", "Bitte als PDF speichern"),
            ({"content": b"%PDF-" + b" " * 10 * 1024 * 1024}, "document", "größer als 10 MB"),
            ({"title": ""}, "title", "Bitte füllen"),
            ({"title": "x" * 121}, "title", "120"),
        ],
    )
    def test_what_is_wrong_stands_beside_the_field(self, client_of, mara, body, sent, field, words):
        answer = send(client_of(mara), "body_document_new", body, **sent)
        errors = answer.context["form"].errors
        assert (answer.status_code, list(errors), words in errors[field][0]) == (422, [field], True)
        assert Document.objects.count() == 0

    def test_nothing_chosen(self, client_of, mara, body):
        answer = client_of(mara).post(url("body_document_new", body), {"title": "Regeln"})
        assert answer.context["form"].errors == {"document": ["Bitte eine Datei wählen."]}
        assert 'value="Regeln"' in answer.content.decode()

    def test_the_same_file_is_taken_once_in_each_place(self, client_of, mara, body, item):
        client, content = client_of(mara), pdf()
        codes = [send(client, "body_document_new", body, content=content).status_code for _ in range(2)]
        again = send(client, "body_document_new", body, content=content, name="anders.pdf")
        assert (codes, again.context["form"].errors) == ([303, 422], {"document": ["Diese Datei ist schon da."]})
        assert send(client, "item_document_new", item, content=content).status_code == 303

    def test_there_is_an_end(self, monkeypatch, mara, body):
        monkeypatch.setattr("projects.actions.documents.MAX_DOCUMENTS", 2)
        for _ in range(2):
            make_documents.of_body(body, by=mara)
        with pytest.raises(LoopError, match="Mehr als 2 Dokumente"):
            make_documents.of_body(body, by=mara)

    def test_a_name_that_turns_around_is_turned_back(self, client_of, mara, body):
        send(client_of(mara), "body_document_new", body, name="rechnung\u202efdp.exe", title="Rech\u202enung")
        made = Document.objects.get()
        assert (made.name, made.title) == ("rechnungfdp.pdf", "Rechnung")


class TestHowItLeaves:
    def test_a_pdf_is_saved_and_runs_nowhere(self, client_of, mara, body):
        document = make_documents.of_body(body, by=mara, name='Größe "1".pdf')
        answer = client_of(mara).get(document.get_absolute_url())
        kept = ("Content-Type", "Content-Security-Policy", "Cache-Control", "X-Content-Type-Options")
        assert [answer.headers[name] for name in kept] == [
            "application/pdf", "default-src 'none'; sandbox", "private, no-store", "nosniff",
        ]  # fmt: skip
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe")
        assert b"".join(answer.streaming_content)[:5] == b"%PDF-"

    def test_a_picture_is_a_jpeg_in_two_sizes(self, client_of, mara, paid):
        document = make_documents.of_proof(paid, by=mara, picture=True)
        for query in ("", "?klein"):
            answer = client_of(mara).get(document.get_absolute_url() + query)
            assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
                "image/jpeg",
                "nosniff",
            )
            assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"

    def test_a_lost_file_is_not_there(self, client_of, mara, body):
        document = make_documents.of_body(body, by=mara)
        document.file.storage.delete(document.file.name)
        assert client_of(mara).get(document.get_absolute_url()).status_code == 404


class TestWhoSees:
    def test_of_a_body_all_who_belong_to_it(
        self, client_of, mara, paul, silke, enno, uwe, tara, rita, body, stadtbetrieb
    ):
        make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
        document = make_documents.of_body(body, by=mara)
        people = (mara, paul, silke, enno, uwe, tara, rita)
        assert seen(client_of, people, document) == {
            "mara": 200, "paul": 200, "silke": 200, "enno": 200, "uwe": 404, "tara": 404, "rita": 404,
        }  # fmt: skip
        make_bodies.member(body=body, actor=tara.memberships.get().actor, has_vote=False)
        assert seen(client_of, [tara], document) == {"tara": 200}
        page = client_of(tara).get(body.get_absolute_url()).content.decode()
        assert ("Geschäftsordnung" in page, mara.name in page, "entfernen/" in page) == (True, False, False)

    def test_of_an_item_from_the_invitation_on(self, client_of, mara, enno, tara, body, item, stadtbetrieb):
        make_bodies.member(body=body, department=stadtbetrieb, has_vote=False)
        document = make_documents.of_item(item, by=mara, title="Entwurf der Karte")
        assert seen(client_of, [mara, enno, tara], document) == {"mara": 200, "enno": 404, "tara": 404}
        item.session.__class__.objects.update(invited_at=timezone.now(), status="invited")
        assert seen(client_of, [mara, enno, tara], document) == {"mara": 200, "enno": 200, "tara": 404}
        page = client_of(enno).get(item.session.get_absolute_url()).content.decode()
        assert ("Entwurf der Karte" in page, "Material hinzufügen" in page) == (True, False)

    def test_of_an_application_teams_and_planning(self, client_of, mara, paul, silke, enno, tara, rita, paid):
        actor = tara.memberships.get().actor
        make_bodies.member(body=paid.fund.body, actor=actor, has_vote=False)
        for document in (make_documents.of_application(paid, by=mara), make_documents.of_proof(paid, by=mara)):
            assert seen(client_of, (mara, paul, silke, enno, tara, rita), document) == {
                "mara": 200, "paul": 200, "silke": 200, "enno": 404, "tara": 404, "rita": 404,
            }  # fmt: skip

    def test_without_signing_in_nobody(self, client, mara, body):
        assert client.get(make_documents.of_body(body, by=mara).get_absolute_url()).status_code == 302

    @pytest.mark.parametrize("name", ["body_document_new", "item_document_new", "proof_document_new"])
    def test_whoever_may_not_edit_files_nothing(self, client_of, paul, asli, enno, body, item, paid, name):
        row = {"body_document_new": body, "item_document_new": item, "proof_document_new": paid}[name]
        codes = [send(client_of(one), name, row).status_code for one in (paul, asli, enno)]
        assert (codes, Document.objects.count()) == ([404, 404, 404], 0)

    def test_whoever_may_not_edit_removes_nothing(self, client_of, mara, paul, asli, enno, body):
        document = make_documents.of_body(body, by=mara)
        codes = [client_of(one).post(url("document_remove", document)).status_code for one in (paul, asli, enno)]
        assert (codes, Document.objects.count()) == ([404, 404, 404], 1)


class TestRemoving:
    def test_the_files_go_with_it(self, client_of, mara, paid, django_capture_on_commit_callbacks):
        document = make_documents.of_proof(paid, by=mara, picture=True)
        files = files_of(document)
        assert there(files) == [True, True]
        with django_capture_on_commit_callbacks(execute=True):
            answer = client_of(mara).post(url("document_remove", document))
        assert (answer.status_code, Document.objects.count(), there(files)) == (303, 0, [False, False])
        event = FundEvent.objects.filter(kind="unfiled").get()
        assert (event.application, event.by, event.data["document"]) == (paid, mara, document.pk)

    def test_a_second_time_is_told(self, mara, body):
        document = make_documents.of_body(body, by=mara)
        actions.remove_document(document=document, by=mara)
        with pytest.raises(Conflict, match="schon entfernt"):
            actions.remove_document(document=document, by=mara)

    def test_a_failure_keeps_the_files(self, mara, body, django_capture_on_commit_callbacks):
        document = make_documents.of_body(body, by=mara)

        def fail():
            with transaction.atomic():
                actions.remove_document(document=document, by=mara)
                raise RuntimeError

        with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
            fail()
        assert (Document.objects.count(), there(files_of(document))) == (1, [True])


class TestAgenda:
    def test_material_until_the_minutes_are_approved(self, client_of, mara, body):
        session = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)])
        item = session.items.get()
        document = make_documents.of_item(item, by=mara)
        make_bodies.write(session=session, by=mara)
        agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        with pytest.raises(Conflict, match="genehmigt"):
            make_documents.of_item(item, by=mara)
        with pytest.raises(Conflict, match="genehmigt"):
            actions.remove_document(document=document, by=mara)
        answer = client_of(mara).post(url("document_remove", document))
        assert (answer.status_code, Document.objects.count()) == (303, 1)
        page = client_of(mara).get(session.get_absolute_url()).content.decode()
        assert ("Material hinzufügen" in page, "Entfernen" in page, document.title in page) == (False, False, True)
        late = send(client_of(mara), "item_document_new", item)
        assert (late.status_code, 'value="Geschäftsordnung"' in late.content.decode()) == (409, True)

    def test_an_item_taken_off_takes_its_material_along(self, mara, item, django_capture_on_commit_callbacks):
        files = files_of(make_documents.of_item(item, by=mara))
        with django_capture_on_commit_callbacks(execute=True):
            agenda.remove_item(item=item, by=mara)
        assert (AgendaItem.objects.count(), Document.objects.count(), there(files)) == (0, 0, [False])
        assert list(BodyEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["filed", "unfiled"]

    def test_a_date_taken_out_takes_its_material_along(self, mara, item, django_capture_on_commit_callbacks):
        files = files_of(make_documents.of_item(item, by=mara))
        with django_capture_on_commit_callbacks(execute=True):
            sessions.remove_session(session=item.session, by=mara)
        assert (Document.objects.count(), there(files)) == (0, [False])


class TestApplication:
    def test_whoever_drafts_adds_until_it_is_handed_in(self, client_of, asli, mara, draft):
        client = client_of(asli)
        assert send(client, "application_document_new", draft).status_code == 303
        applications.submit(application=draft, received_on=make.today(), by=mara)
        late = send(client, "application_document_new", draft)
        assert (late.status_code, client.get(url("application_document_new", draft)).status_code) == (409, 303)
        answer = client.post(url("document_remove", draft.documents.get()))
        assert (answer.status_code, draft.documents.count()) == (303, 1)

    def test_the_office_adds_and_removes_until_it_is_decided(self, mara, asli, fund):
        found = make_funds.submitted(fund=fund, by=asli)
        document = make_documents.of_application(found, by=mara)
        assert document.is_later is False
        actions.remove_document(document=document, by=mara)
        assert list(found.events.order_by("pk").values_list("kind", flat=True))[-2:] == ["filed", "unfiled"]

    def test_whoever_takes_an_attachment_in_may_still_check(self, mara, asli, fund):
        found = make_funds.submitted(fund=fund, by=asli)
        make_documents.of_application(found, by=mara)
        applications.begin_check(application=found, by=mara)
        assert FundApplication.objects.get(pk=found.pk).status == "checking"

    def test_after_the_decision_it_is_marked_and_stays(self, client_of, mara, asli, paid):
        assert send(client_of(mara), "application_document_new", paid, title="Neues Angebot").status_code == 303
        document = paid.documents.get()
        page = client_of(mara).get(paid.get_absolute_url()).content.decode()
        assert (document.is_later, "nachgereicht am" in page) == (True, True)
        with pytest.raises(Conflict, match="ausgezahlt"):
            actions.remove_document(document=document, by=mara)
        assert send(client_of(asli), "application_document_new", paid).status_code == 409

    def test_a_withdrawn_one_takes_nothing_but_gives_back(self, mara, asli, fund):
        found = make_funds.submitted(fund=fund, by=asli)
        document = make_documents.of_application(found, by=mara)
        applications.withdraw(application=found, reason="Kein Personal", by=mara)
        with pytest.raises(Conflict, match="zurückgezogen"):
            make_documents.of_application(found, by=mara)
        actions.remove_document(document=document, by=mara)
        assert Document.objects.count() == 0

    def test_a_draft_thrown_away_takes_them_along(self, asli, draft, django_capture_on_commit_callbacks):
        files = files_of(make_documents.of_application(draft, by=asli))
        with django_capture_on_commit_callbacks(execute=True):
            applications.delete_draft(application=draft, by=asli)
        assert (Document.objects.count(), there(files)) == (0, [False])
        assert list(draft.events.order_by("pk").values_list("kind", flat=True))[-2:] == ["unfiled", "withdrawn"]


class TestProof:
    def test_receipts_come_before_the_proof_and_go_until_all_is_settled(self, client_of, mara, paid):
        first, second = (make_documents.of_proof(paid, by=mara, title=f"Beleg {n}") for n in range(2))
        form = client_of(mara).get(url("application_proof", paid)).content.decode()
        assert ("Beleg 0" in form, "Beleg 1" in form) == (True, True)
        actions.remove_document(document=second, by=mara)
        settled(paid, mara)
        with pytest.raises(Conflict, match="abgerechnet"):
            actions.remove_document(document=first, by=mara)
        with pytest.raises(Conflict, match="abgerechnet"):
            make_documents.of_proof(paid, by=mara)
        page = client_of(mara).get(paid.get_absolute_url()).content.decode()
        assert ("Beleg 0" in page, "Beleg oder Foto hinzufügen" in page) == (True, False)

    def test_none_before_money_is_out(self, client_of, mara, asli, fund):
        found = make_funds.submitted(fund=fund, by=asli)
        with pytest.raises(Conflict, match="eingereicht"):
            make_documents.of_proof(found, by=mara)
        assert client_of(mara).get(url("proof_document_new", found)).status_code == 303


class TestStory:
    def test_a_report_becomes_a_draft_once(self, client_of, mara, paid):
        found = settled(paid, mara)
        client = client_of(mara)
        assert "Bericht als Beitrag vorbereiten" in client.get(found.get_absolute_url()).content.decode()
        places = {client.post(url("application_story", found)).headers["Location"] for _ in range(2)}
        item = PRItem.objects.get()
        assert places == {item.get_absolute_url()}
        assert (item.title, item.text, item.status, item.author, item.proof, list(item.districts.all())) == (
            found.title, "Es kamen vierzig Menschen.", "draft", mara, found.proof, [found.district],
        )  # fmt: skip
        page = client.get(found.get_absolute_url()).content.decode()
        assert (item.get_absolute_url() in page, "Bericht als Beitrag" in page) == (True, False)
        assert found.get_absolute_url() in client.get(item.get_absolute_url()).content.decode()

    def test_without_a_report_there_is_none(self, client_of, mara, paid):
        client_of(mara).post(url("application_story", paid))
        with pytest.raises(LoopError, match="noch keinen Bericht"):
            draft_from_report(application=paid, by=mara)
        assert PRItem.objects.count() == 0

    def test_only_for_the_own_district(self, client_of, mara, paul, silke, rita, paid):
        found = settled(paid, mara)
        codes = [client_of(one).post(url("application_story", found)).status_code for one in (paul, silke, rita)]
        assert (codes, PRItem.objects.count()) == ([404, 404, 404], 0)

    def test_a_picture_is_taken_over_with_its_consent(self, client_of, mara, paid):
        picture = make_documents.of_proof(paid, by=mara, picture=True, title="Das Fest")
        make_documents.of_proof(paid, by=mara, title="Rechnung")
        item = draft_from_report(application=settled(paid, mara), by=mara)
        client = client_of(mara)
        assert "Bild aus dem Nachweis" in client.get(item.get_absolute_url()).content.decode()
        form = client.get(url("pr_image_take_picture", item)).context["form"]
        assert list(form.fields["picture"].queryset) == [picture]
        words = {"picture": picture.pk, "alt": "Menschen an Tischen", "rights": "Foto: Büro"}
        missing = client.post(url("pr_image_take_picture", item), words)
        assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["consent"])
        assert client.post(url("pr_image_take_picture", item), words | {"consent": "missing"}).status_code == 303
        made = PRImage.objects.get()
        assert (made.alt, made.consent, made.digest) == ("Menschen an Tischen", "missing", picture.digest)
        assert {made.image.name, made.preview.name}.isdisjoint({picture.file.name, picture.preview.name})
        again = client.post(url("pr_image_take_picture", item), words | {"consent": "given"})
        assert (again.status_code, PRImage.objects.count()) == (422, 1)

    def test_pictures_of_others_are_not_offered(self, client_of, mara, asli, fund, paid, ost):
        picture = make_documents.of_proof(paid, by=mara, picture=True)
        project = make_pr.project(districts=[ost])
        for item in (make_pr.item(by=mara, districts=[ost]), make_pr.item(by=mara, districts=[ost], project=project)):
            client = client_of(mara)
            assert "Bild aus dem Nachweis" not in client.get(item.get_absolute_url()).content.decode()
            sent = {"picture": picture.pk, "alt": "x", "rights": "x", "consent": "given"}
            assert client.post(url("pr_image_take_picture", item), sent).status_code == 422
        FundApplication.objects.filter(pk=paid.pk).update(project=project)
        assert "Bild aus dem Nachweis" in client.get(item.get_absolute_url()).content.decode()


class TestTheDatabase:
    def refused(self, act):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    def row(self, **fields):
        known = {"kind": "pdf", "title": "x", "name": "x.pdf", "file": "documents/x.pdf", "size": 1, "digest": "0" * 64}
        return Document.objects.create(**{**known, **fields})

    def test_one_owner(self, mara, body, item):
        self.refused(lambda: self.row(by=mara))
        self.refused(lambda: self.row(by=mara, body=body, agenda_item=item))

    def test_words_and_kind(self, mara, body):
        for wrong in ({"title": ""}, {"name": ""}, {"kind": "exe"}, {"kind": "picture"}, {"preview": "x.jpg"}):
            self.refused(lambda wrong=wrong: self.row(by=mara, body=body, **wrong))
        self.refused(lambda: self.row(by=mara, body=body, is_later=True))

    def test_the_same_file_once(self, mara, body, item, draft, paid):
        for owner in ({"body": body}, {"agenda_item": item}, {"application": draft}, {"proof_of": paid}):
            self.row(by=mara, **owner)
            self.refused(lambda owner=owner: self.row(by=mara, **owner))

    def test_nothing_changes(self, mara, body):
        document = make_documents.of_body(body, by=mara)
        self.refused(lambda: Document.objects.filter(pk=document.pk).update(title="Anders"))

    def test_owners_do_not_go_without_them(self, mara, item):
        make_documents.of_item(item, by=mara)
        with pytest.raises(ProtectedError):
            item.delete()

    def test_approved_minutes_keep_their_material(self, mara, body):
        session = make_bodies.held(body=body, by=mara, members=[make_bodies.member(body=body)])
        item = session.items.get()
        make_documents.of_item(item, by=mara)
        make_bodies.write(session=session, by=mara)
        agenda.approve_minutes(session=session, how="confirmation", approved_in=None, by=mara)
        self.refused(lambda: Document.objects.all().delete())
        self.refused(lambda: self.row(by=mara, agenda_item=item))

    def test_what_was_decided_on_stays(self, mara, paid):
        make_documents.of_application(paid, by=mara)
        self.refused(lambda: Document.objects.all().delete())
        self.refused(lambda: self.row(by=mara, application=paid))
        assert self.row(by=mara, application=paid, is_later=True).pk

    def test_receipts_stay_once_all_is_settled(self, mara, draft, paid):
        self.refused(lambda: self.row(by=mara, proof_of=draft))
        make_documents.of_proof(paid, by=mara)
        settled(paid, mara)
        self.refused(lambda: Document.objects.all().delete())
        self.refused(lambda: self.row(by=mara, proof_of=paid))
