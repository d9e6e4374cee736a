"""Items of public relations: writing, four eyes, images with consent, who sees what (Z41)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.models import Draft
from projects.actions import pr_images as images
from projects.actions import public_relations as actions
from projects.actions.base import Conflict, LoopError
from projects.actions.events import change_photo
from projects.models import EventPhoto, PRImage, PRItem, PRLog
from quartier.photos import prepare, stored
from tests import make, make_pr

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("projects:pr_items"), reverse("projects:pr_item_new")


@pytest.fixture
def here(ost, mara):
    return {"by": mara, "districts": [ost]}


@pytest.fixture
def typed(ost, mara):
    return {
        "kind": "press_text", "title": "Platz geräumt", "text": "Vierzig Säcke.", "districts": [ost.pk],
        "channels": ["press", "city"], "languages": ["de"], "keeper": mara.pk,
    }  # fmt: skip


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def fresh(item):
    return PRItem.objects.get(pk=item.pk)


class TestWriting:
    def test_a_text_makes_a_draft_and_without_one_it_is_an_idea(self, client_of, mara, typed):
        client = client_of(mara)
        for text in ("Vierzig Säcke.", ""):
            assert client.post(NEW, typed | {"text": text}).status_code == 303
        draft, idea = PRItem.objects.order_by("pk")
        assert (draft.status, idea.status) == ("draft", "idea")
        assert (draft.author, draft.channel_names) == (
            mara,
            ["Presse und Rundfunk", "Pressestelle oder Stadtmarketing"],
        )
        typed |= {"title": idea.title, "text": "Jetzt mit Text.", "version": 1}
        assert client.post(url("pr_item_edit", idea), typed).status_code == 303
        assert [one.new for one in idea.log.order_by("pk")] == ["idea", "draft"]

    @pytest.mark.parametrize(("change", "field"), [
        ({"title": ""}, "title"),
        ({"kind": "x"}, "kind"),
        ({"channels": ["x"]}, "channels"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://beispiel.de/x"}, "link"),
        ({"cost": "-1"}, "cost"),
        ({"cost": "1" + "0" * 30}, "cost"),
        ({"print_run": "9" * 30}, "print_run"),
        ({"publish_on": "2026-05-02", "runs_until": "2026-05-01"}, "runs_until"),
        ({"text": "x" * 12_001}, "text"),
    ])  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, client_of, mara, typed, change, field):
        answer = client_of(mara).post(NEW, typed | change)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not PRItem.objects.exists()

    def test_a_team_writes_for_its_own_districts_and_the_whole_city(
        self, client_of, mara, asli, paul, typed, preuswald
    ):
        foreign = client_of(asli).post(NEW, typed | {"districts": [preuswald.pk]})
        assert list(foreign.context["form"].errors) == ["districts"]
        assert client_of(asli).post(NEW, typed | {"districts": [], "keeper": asli.pk}).status_code == 303
        citywide = PRItem.objects.get()
        assert [client_of(one).get(url("pr_item_edit", citywide)).status_code for one in (mara, paul)] == [200, 200]

    def test_what_the_query_and_the_loaded_row_say_about_rights_is_the_same(
        self, mara, paul, asli, silke, enno, rita, ost, preuswald
    ):
        rows = [make_pr.item(by=mara, districts=places) for places in ([ost], [preuswald], [], [ost, preuswald])]
        for user in (mara, paul, asli, silke, enno, rita):
            assert {one for one in rows if one.may_draft(user)} == set(PRItem.objects.draftable_by(user)), user
            assert {one for one in rows if one.may_edit(user)} == set(PRItem.objects.editable_by(user)), user
        assert set(PRItem.objects.draftable_by(asli)) == {rows[0], rows[2], rows[3]}
        assert not PRItem.objects.editable_by(asli).exists()

    def test_whoever_is_slower_compares_first(self, client_of, mara, here, typed):
        item = make_pr.item(**here)
        client, typed = client_of(mara), typed | {"title": item.title, "version": 1}
        assert client.post(url("pr_item_edit", item), typed | {"text": "Erste"}).status_code == 303
        late = client.post(url("pr_item_edit", item), typed | {"text": "Zweite"})
        assert (late.status_code, fresh(item).text) == (409, "Erste")
        assert ("Text", "Erste", "Zweite") in late.context["differences"]
        assert "Zweite" in late.content.decode()

    def test_what_was_handed_in_meanwhile_is_not_overwritten(self, client_of, mara, here, typed):
        item = make_pr.item(**here)
        client, typed = client_of(mara), typed | {"title": item.title, "text": "Zu spät", "version": item.version}
        actions.hand_in(item=item, by=mara)
        for _ in range(2):
            late = client.post(url("pr_item_edit", item), typed)
            typed["version"] = fresh(item).version
            assert (late.status_code, "Zu spät" in late.content.decode()) == (409, True)
        assert fresh(item).text != "Zu spät"

    def test_what_was_handed_in_is_not_offered_for_writing(self, client_of, mara, here):
        item = make_pr.item(status="submitted", **here)
        answer = client_of(mara).get(url("pr_item_edit", item), follow=True)
        assert (answer.redirect_chain, "holt ihn zuerst zurück" in answer.content.decode()) == (
            [(item.get_absolute_url(), 303)],
            True,
        )

    def test_what_was_typed_and_not_sent_is_there_again(self, client_of, mara, typed):
        client = client_of(mara)
        client.post(reverse("concerns:draft", args=["pr_item"]), typed | {"text": "Noch nicht fertig"})
        page = client.get(NEW)
        assert (page.context["form"]["text"].value(), page.context["form"].is_bound) == ("Noch nicht fertig", False)
        client.post(NEW, typed)
        assert not Draft.objects.exists()

    def test_the_offices_words_come_from_the_office(self, client_of, mara, typed):
        office = mara.office
        office.street, office.phone = "Hauptweg 1", "0241 1"
        office.save()
        make.slot(office=office)
        page = client_of(mara).post(NEW, typed | {"insert": "1", "block": f"{office.pk}-address"})
        text = page.context["form"]["text"].value()
        assert (page.status_code, text) == (200, "Vierzig Säcke.\n\nStadtteilbüro Ost\nHauptweg 1\nTelefon 0241 1")
        assert [one.key for one in page.context["blocks"]] == [f"{office.pk}-address", f"{office.pk}-hours"]
        unknown = client_of(mara).post(NEW, typed | {"insert": "1", "block": "0-address"})
        assert (unknown.context["form"]["text"].value(), PRItem.objects.count()) == ("Vierzig Säcke.", 0)

    def test_an_event_brings_its_project_and_its_district(self, client_of, mara, typed, ost):
        project = make_pr.project(districts=[ost])
        event = make_pr.event(district=ost, project=project)
        client = client_of(mara)
        form = client.get(NEW, {"veranstaltung": event.pk}).context["form"]
        assert [form[name].value() for name in ("event", "project", "districts")] == [event.pk, project.pk, [ost.pk]]
        for wrong in ("x", "9" * 40, "0"):
            assert client.get(NEW, {"veranstaltung": wrong, "projekt": wrong}).status_code == 200
        client.post(NEW, typed | {"event": event.pk})
        assert PRItem.objects.get().project == project
        other = make_pr.project(districts=[ost])
        answer = client.post(NEW, typed | {"event": event.pk, "project": other.pk})
        assert list(answer.context["form"].errors) == ["event"]

    def test_an_event_that_was_cancelled_stays_with_its_item(self, client_of, mara, here, typed, ost):
        event = make_pr.event(district=ost)
        item = make_pr.item(event=event, **here)
        event.status, event.cancel_reason = "cancelled", "Sturm"
        event.save()
        client = client_of(mara)
        assert client.get(url("pr_item_edit", item)).context["form"].fields["event"].queryset.get() == event
        assert not client.get(NEW).context["form"].fields["event"].queryset.exists()
        client.post(url("pr_item_edit", item), typed | {"event": event.pk, "version": item.version})
        assert fresh(item).event == event


class TestFourEyes:
    def test_from_draft_to_published(self, client_of, mara, rita, here):
        item = make_pr.item(**here)
        client, press = client_of(mara), client_of(rita)
        client.post(url("pr_item_step", item), {"step": "hand_in"})
        version = fresh(item).version
        press.post(url("pr_item_approve", item), {"version": version})
        done = client.post(url("pr_item_publish", item), {"on": make.today().isoformat()})
        item = fresh(item)
        assert (done.status_code, item.status, item.approver, item.published_on) == (
            303,
            "published",
            rita,
            make.today(),
        )
        kinds = [(one.kind, one.new, one.by.name) for one in item.log.order_by("pk")]
        assert kinds == [
            ("entered", "draft", "Mara Lindt"), ("moved", "submitted", "Mara Lindt"),
            ("moved", "approved", "Rita Vossen"), ("moved", "published", "Mara Lindt"),
        ]  # fmt: skip

    def test_the_press_sees_only_what_was_handed_in(self, client_of, rita, here):
        rows = {
            status: make_pr.item(status=status, **here)
            for status in ("idea", "draft", "submitted", "approved", "published", "returned", "archived")
        }
        client = client_of(rita)
        seen = {status for status, one in rows.items() if client.get(url("pr_item", one)).status_code == 200}
        assert seen == {"submitted", "approved", "published"}
        page = client.get(reverse("projects:pr_approvals"))
        assert list(page.context["page"]) == [rows["submitted"]]
        assert client.get(LIST).status_code == 404

    def test_the_press_sees_neither_costs_nor_history(self, client_of, rita, mara, here):
        item = make_pr.item(status="submitted", cost="987.65", **here)
        assert "987,65" in client_of(mara).get(url("pr_item", item)).content.decode()
        html = client_of(rita).get(url("pr_item", item)).content.decode()
        assert ("987,65" in html, 'id="log"' in html) == (False, False)

    def test_nobody_approves_the_own_item(self, client_of, mara, here):
        make.membership(user=mara, role="press")
        item = make_pr.item(status="submitted", **here)
        answer = client_of(mara).post(url("pr_item_approve", item), {"version": item.version}, follow=True)
        assert "Vier Augen" in answer.content.decode()
        assert fresh(item).status == "submitted"

    def test_nor_what_they_have_written_on_or_handed_in(self, mara, asli, here, ost):
        both = make.user(role="manager", district=ost)
        make.membership(user=both, role="press")
        written = make_pr.item(**here)
        fields = {"title": "Neu", "text": "Neu", "kind": "flyer", "keeper": mara}
        written = actions.save_item(item=written, by=both, version=1, districts=[ost], **fields)
        actions.hand_in(item=written, by=mara)
        handed_in = make_pr.item(by=asli, districts=[ost])
        actions.hand_in(item=handed_in, by=both)
        for one in (written, handed_in):
            with pytest.raises(LoopError, match="Vier Augen"):
                actions.approve(item=one, version=fresh(one).version, by=both)

    def test_nor_is_it_offered_to_them(self, client_of, mara, here, ost):
        both = make.user(role="manager", district=ost)
        make.membership(user=both, role="press")
        written, illustrated, of_others = (make_pr.item(**here) for _ in range(3))
        fields = {"title": "Neu", "text": "Neu", "kind": "flyer", "keeper": mara}
        actions.save_item(item=written, by=both, version=1, districts=[ost], **fields)
        make_pr.image(item=illustrated, by=both)
        for one in (written, illustrated, of_others):
            actions.hand_in(item=one, by=mara)
        assert list(PRItem.objects.waiting_for(both)) == [of_others]
        client = client_of(both)
        shown = [client.get(url("pr_item", one)).context["may_decide"] for one in (written, illustrated, of_others)]
        assert shown == [False, False, True]

    def test_the_database_refuses_it_too(self, mara, here):
        item = make_pr.item(status="submitted", **here)
        with pytest.raises(IntegrityError), transaction.atomic():
            PRItem.objects.filter(pk=item.pk).update(status="approved", approver=mara, approved_at=item.handed_in_at)
        with pytest.raises(IntegrityError), transaction.atomic():
            PRItem.objects.filter(pk=item.pk).update(status="published", published_on=make.today())

    def test_what_is_approved_is_what_was_read(self, client_of, mara, rita, here):
        item = make_pr.item(status="submitted", **here)
        read = item.version
        actions.take_back(item=item, by=mara)
        actions.hand_in(item=item, by=mara)
        answer = client_of(rita).post(url("pr_item_approve", item), {"version": read}, follow=True)
        assert "inzwischen geändert" in answer.content.decode()
        for wrong in ("", "x", "-1", "9" * 40):
            client_of(rita).post(url("pr_item_approve", item), {"version": wrong})
        assert fresh(item).status == "submitted"

    def test_it_comes_back_with_a_hint(self, client_of, mara, rita, here):
        item = make_pr.item(status="submitted", **here)
        press = client_of(rita)
        assert press.post(url("pr_item_return", item), {"hint": ""}).status_code == 422
        assert press.post(url("pr_item_return", item), {"hint": "Quelle nennen."}).status_code == 303
        item = fresh(item)
        assert (item.status, item.state, item.hint) == ("draft", "zurück mit Hinweis", "Quelle nennen.")
        assert "Quelle nennen." in client_of(mara).get(url("pr_item", item)).content.decode()
        again = press.post(url("pr_item_return", item), {"hint": "Noch einmal."})
        assert again.status_code == 404  # it lies with the author again, and the press does not see drafts
        actions.hand_in(item=item, by=mara)
        actions.approve(item=item, version=fresh(item).version, by=rita)
        assert fresh(item).hint == ""

    def test_two_decide_at_once_and_the_second_is_told(self, mara, rita, silke, here):
        item = make_pr.item(status="submitted", **here)
        actions.approve(item=item, version=item.version, by=rita)
        with pytest.raises(Conflict, match="freigegeben"):
            actions.give_back(item=item, hint="Nein.", by=silke)
        with pytest.raises(Conflict, match="freigegeben"):
            actions.approve(item=item, version=item.version, by=silke)
        assert fresh(item).approver == rita

    def test_words_stay_as_they_were_read(self, here):
        for status in ("submitted", "approved", "published"):
            item = make_pr.item(status=status, **here)
            for change in ({"text": "Anders"}, {"title": "Anders"}):
                with pytest.raises(IntegrityError), transaction.atomic():
                    PRItem.objects.filter(pk=item.pk).update(**change)

    def test_days_and_costs_may_change_afterwards(self, client_of, mara, here):
        item = make_pr.item(status="published", **here)
        typed = {"version": item.version, "keeper": mara.pk, "channels": ["social"], "cost": "12.50", "print_run": "40"}
        assert client_of(mara).post(url("pr_item_organise", item), typed).status_code == 303
        assert client_of(mara).post(url("pr_item_organise", item), typed).status_code == 409
        item = fresh(item)
        assert (item.channels, str(item.cost), item.print_run, item.status) == (["social"], "12.50", 40, "published")

    def test_who_changes_days_of_what_was_taken_back_meanwhile_is_told_and_keeps_the_words(self, client_of, mara, here):
        item = make_pr.item(status="approved", **here)
        typed = {"version": item.version, "keeper": mara.pk, "channels": ["social"], "edition": "Nr. 77"}
        item = actions.take_back(item=item, by=mara)
        for version in (typed["version"], item.version):
            answer = client_of(mara).post(url("pr_item_organise", item), typed | {"version": version})
            assert (answer.status_code, "Nr. 77" in answer.content.decode()) == (409, True)
        assert fresh(item).edition == ""
        assert client_of(mara).get(url("pr_item_organise", item)).status_code == 404

    def test_the_assistant_drafts_and_does_not_hand_in(self, client_of, asli, ost):
        item = make_pr.item(by=asli, districts=[ost])
        client = client_of(asli)
        assert client.get(url("pr_item_edit", item)).status_code == 200
        assert client.post(url("pr_item_step", item), {"step": "hand_in"}).status_code == 404
        assert "hand_in" not in client.get(url("pr_item", item)).content.decode()

    def test_what_appeared_stays_and_what_did_not_may_be_taken_up_again(self, client_of, mara, here):
        published, dropped = make_pr.item(status="published", **here), make_pr.item(status="archived", **here)
        client = client_of(mara)
        for step in ("archive", "take_back", "erfunden", ""):
            client.post(url("pr_item_step", published), {"step": step})
        client.post(url("pr_item_step", dropped), {"step": "take_back"})
        assert (fresh(published).status, fresh(dropped).status) == ("archived", "draft")

    def test_a_day_ahead_is_refused_and_keeps_what_was_typed(self, client_of, mara, here):
        item, ahead = make_pr.item(status="approved", **here), make.today() + timedelta(days=1)
        answer = client_of(mara).post(url("pr_item_publish", item), {"on": ahead.isoformat(), "link": "beispiel.de"})
        assert (answer.status_code, answer.context["form"]["link"].value()) == (422, "beispiel.de")
        assert fresh(item).status == "approved"

    def test_a_failed_second_write_takes_the_move_back(self, mara, here):
        item = make_pr.item(**here)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE projects_prlog ADD CONSTRAINT none_moves CHECK (kind <> 'moved')")
        with pytest.raises(IntegrityError):
            actions.hand_in(item=item, by=mara)
        assert (fresh(item).status, fresh(item).handed_in_by) == ("draft", None)

    def test_history_is_append_only(self, here):
        entry = make_pr.item(**here).log.get()
        for change in (lambda: PRLog.objects.filter(pk=entry.pk).update(new="idea"), entry.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


class TestImages:
    def test_needs_words_rights_and_consent(self, client_of, mara, here):
        item, client = make_pr.item(**here), client_of(mara)
        file = SimpleUploadedFile("a.jpg", make.picture(), content_type="image/jpeg")
        answer = client.post(url("pr_image_new", item), {"photo": file})
        assert sorted(answer.context["form"].errors) == ["alt", "consent", "rights"]
        words = {"alt": "Ein Haus", "rights": "Foto: Büro", "consent": "nobody"}
        bad = SimpleUploadedFile("a.jpg", b"kein Bild", content_type="image/jpeg")
        for wrong in ({}, {"photo": bad}):
            assert list(client.post(url("pr_image_new", item), words | wrong).context["form"].errors) == ["photo"]
        for status in (303, 422):  # the same image once
            file = SimpleUploadedFile("a.jpg", make.picture(), content_type="image/jpeg")
            assert client.post(url("pr_image_new", item), words | {"photo": file}).status_code == status
        assert (item.images.get().alt, fresh(item).version) == ("Ein Haus", 2)

    def test_without_consent_nothing_is_published(self, client_of, mara, rita, here):
        item = make_pr.item(**here)
        image = make_pr.image(item=item, by=mara, consent="missing")
        actions.hand_in(item=item, by=mara)
        actions.approve(item=item, version=fresh(item).version, by=rita)
        client = client_of(mara)
        answer = client.post(url("pr_item_publish", item), {"on": make.today().isoformat()})
        assert (answer.status_code, fresh(item).status) == (422, "approved")
        with pytest.raises(IntegrityError), transaction.atomic():
            PRItem.objects.filter(pk=item.pk).update(status="published", published_on=make.today())
        assert "alt" not in client.get(url("pr_image_edit", image)).context["form"].fields
        client.post(url("pr_image_edit", image), {"consent": "given"})
        client.post(url("pr_item_publish", item), {"on": make.today().isoformat()})
        assert fresh(item).status == "published"

    def test_consent_taken_back_after_it_appeared_takes_the_image_away(self, client_of, mara, here, rita):
        item = make_pr.item(**here)
        image = make_pr.image(item=item, by=mara)
        actions.hand_in(item=item, by=mara)
        actions.approve(item=item, version=fresh(item).version, by=rita)
        actions.publish(item=item, on=make.today(), by=mara)
        answer = client_of(mara).post(url("pr_image_edit", image), {"consent": "missing"})
        assert (answer.status_code, PRImage.objects.get().consent) == (422, "given")
        with pytest.raises(IntegrityError), transaction.atomic():
            PRImage.objects.update(consent="missing")
        client_of(mara).post(url("pr_image_remove", image))
        assert not PRImage.objects.exists()

    def test_a_form_opened_before_does_not_overrule_who_takes_consent_back(self, client_of, mara, here):
        item = make_pr.item(**here)
        image, client = make_pr.image(item=item, by=mara), client_of(mara)
        typed = {"alt": "Ein Haus", "rights": "Foto: Büro", "consent": "given", "seen": "given"}
        images.change_image(image=image, consent="missing", by=mara)
        late = client.post(url("pr_image_edit", image), typed)
        assert (late.status_code, item.images.get().consent) == (409, "missing")
        assert (late.context["form"]["seen"].value(), late.context["form"]["alt"].value()) == ("missing", "Ein Haus")
        assert client.post(url("pr_image_edit", image), typed | {"seen": "missing"}).status_code == 303
        assert (item.images.get().consent, item.log.filter(kind="organised").count()) == ("given", 2)

    def test_consent_taken_back_at_the_event_holds_for_copies_too(self, mara, here, ost, rita):
        event = make_pr.event(district=ost)
        ready = prepare(BytesIO(make.picture()), "bild.jpg")
        photo = EventPhoto.objects.create(
            event=event, image=stored(ready.full), preview=stored(ready.preview), size=1, digest=ready.digest,
            caption="Fest", consent="given", by=mara,
        )  # fmt: skip
        draft, published = make_pr.item(event=event, **here), make_pr.item(event=event, **here)
        for one in (draft, published):
            images.take_photo(item=one, photo=photo, rights="Foto: Büro", by=mara)
        actions.hand_in(item=published, by=mara)
        actions.approve(item=published, version=fresh(published).version, by=rita)
        actions.publish(item=published, on=make.today(), by=mara)
        change_photo(photo=photo, caption="Fest im Hof", consent="given", by=mara)
        assert (draft.images.get().consent, published.images.count()) == ("given", 1)
        change_photo(photo=photo, caption="Fest", consent="internal", by=mara)
        assert (draft.images.get().consent, published.images.count()) == ("missing", 0)
        assert published.log.first().kind == "image_removed"

    def test_images_stay_as_they_were_read(self, mara, here):
        item = make_pr.item(**here)
        make_pr.image(item=item, by=mara)
        actions.hand_in(item=item, by=mara)
        with pytest.raises(Conflict):
            make_pr.image(item=item, by=mara, colour="blue")
        with pytest.raises(IntegrityError), transaction.atomic():
            PRImage.objects.update(alt="Anders")

    def test_a_photo_of_the_event_comes_along_only_with_consent(self, client_of, mara, here, ost):
        event = make_pr.event(district=ost)
        item = make_pr.item(event=event, **here)
        photos = {}
        for consent, colour in (("given", "red"), ("internal", "blue")):
            ready = prepare(BytesIO(make.picture(color=colour)), "bild.jpg")
            photos[consent] = EventPhoto.objects.create(
                event=event, image=stored(ready.full), preview=stored(ready.preview), size=1, digest=ready.digest,
                caption=f"Foto {consent}", consent=consent, by=mara,
            )  # fmt: skip
        client = client_of(mara)
        form = client.get(url("pr_image_take", item)).context["form"]
        assert list(form.fields["photo"].queryset) == [photos["given"]]
        typed = {"photo": photos["given"].pk, "rights": "Foto: Büro"}
        assert client.post(url("pr_image_take", item), typed).status_code == 303
        assert client.post(url("pr_image_take", item), typed | {"photo": photos["internal"].pk}).status_code == 422
        taken = item.images.get()
        assert (taken.alt, taken.consent, taken.source) == ("Foto given", "given", photos["given"])
        with pytest.raises(LoopError):
            images.take_photo(item=item, photo=photos["internal"], rights="x", by=mara)
        photos["given"].delete()
        assert item.images.get().image.storage.exists(taken.image.name)

    def test_files_leave_only_for_whoever_sees_the_item(self, client_of, mara, rita, enno, here):
        item = make_pr.item(**here)
        image = make_pr.image(item=item, by=mara)
        people = (mara, rita, enno)
        assert [client_of(one).get(url("pr_image", image)).status_code for one in people] == [200, 404, 404]
        actions.hand_in(item=item, by=mara)
        answers = [client_of(one).get(url("pr_image", image)) for one in people]
        assert [one.status_code for one in answers] == [200, 200, 404]
        assert answers[1].headers["Cache-Control"] == "private, no-store"

    def test_images_nobody_agreed_to_go_after_a_year(self, mara, here):
        item = make_pr.item(**here)
        old = make_pr.image(item=item, by=mara, consent="missing")
        make_pr.image(item=item, by=mara, consent="given", colour="blue")
        PRImage.objects.update(at=old.at - timedelta(days=370))
        make_pr.image(item=item, by=mara, consent="missing", colour="green")
        assert (images.forget_images_without_consent(), item.images.count()) == (1, 2)
