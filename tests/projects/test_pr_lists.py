"""Lists of public relations, the basket, handing over, the page of a quarter and the paper (Z41, D11)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projects.actions import public_relations as actions
from projects.models import PRItem
from tests import make, make_pr, pdf

pytestmark = pytest.mark.django_db
LIST = reverse("projects:pr_items")
LIST_QUERIES, PAGE_QUERIES, APPROVAL_QUERIES = 8, 9, 8


@pytest.fixture
def here(ost, mara):
    return {"by": mara, "districts": [ost]}


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def fresh(item):
    return PRItem.objects.get(pk=item.pk)


class TestLists:
    def test_the_filters_find_what_they_say(self, client_of, mara, here, ost, preuswald):
        rows = {
            status: make_pr.item(status=status, title=f"Titel {status}", **here)
            for status in ("idea", "submitted", "returned", "published", "archived", "approved")
        }
        other = make_pr.item(by=mara, districts=[preuswald], kind="poster", channels=["social"])
        client = client_of(mara)

        def found(**query):
            return set(client.get(LIST, query).context["page"])

        assert found() == {*rows.values(), other} - {rows["archived"]}
        assert found(status="any") == {*rows.values(), other}
        assert found(status="returned") == {rows["returned"]}
        assert found(status="due") == {rows["approved"]}
        assert found(district=preuswald.pk) == {other}
        assert found(channel="social") == found(kind="poster") == {other}
        assert found(q="titel sub") == {rows["submitted"]}
        assert client.get(LIST, {"district": "x"}).status_code == 422
        for wrong in ({"q": "\0"}, {"nach": "x"}, {"district": "9" * 30}, {"status": "x"}):
            assert client.get(LIST, wrong).status_code in (200, 422)

    @pytest.mark.parametrize("count", [1, 12])
    def test_pages_cost_the_same_for_few_and_many(self, client_of, mara, rita, ost, count, django_assert_num_queries):
        for _ in range(count):
            places = [ost, make.district()]
            item = make_pr.item(by=mara, districts=places)
            make_pr.image(item=item, by=mara)
            actions.hand_in(item=item, by=mara)
            make_pr.clipping(by=mara, districts=places, item=item)
        make_pr.image(item=make_pr.item(by=mara, districts=[ost]), by=mara)
        client, press = client_of(mara), client_of(rita)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(LIST)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(url("pr_item", item))
        with django_assert_num_queries(APPROVAL_QUERIES):
            press.get(reverse("projects:pr_approvals"))

    def test_the_basket_shows_what_came_back_and_what_is_due(self, client_of, mara, asli, here, ost):
        back = make_pr.item(status="returned", **here)
        due = make_pr.item(status="approved", **here)
        make_pr.item(status="approved", publish_on=make.today() + timedelta(days=1), **here)
        tiles = client_of(mara).get(reverse("concerns:basket")).context["others"]
        assert [(one["label"], one["count"]) for one in tiles] == [
            ("Beiträge zurück mit Hinweis", "1"), ("Beiträge zu veröffentlichen", "1"),
        ]  # fmt: skip
        assert [list(client_of(mara).get(one["url"]).context["page"]) for one in tiles] == [[back], [due]]
        assert client_of(asli).get(reverse("concerns:basket")).context["others"] == []

    def test_what_somebody_kept_who_has_left_lies_with_the_team(self, mara, paul, ost):
        gone = make.user(role="manager", district=ost)
        item = make_pr.item(by=gone, districts=[ost])
        gone.is_active = False
        gone.save()
        assert [list(PRItem.objects.in_basket_of(one)) for one in (mara, paul)] == [[item], []]

    def test_what_is_of_the_whole_city_lies_with_every_team_then(self, mara, paul, silke):
        gone = make.user(role="manager", district=make.district())
        item = make_pr.item(by=gone)
        assert [list(PRItem.objects.in_basket_of(one)) for one in (mara, paul)] == [[], []]
        gone.is_active = False
        gone.save()
        assert [list(PRItem.objects.in_basket_of(one)) for one in (mara, paul, silke)] == [[item], [item], []]

    def test_what_an_assistant_keeps_and_may_not_publish_lies_with_the_managers(self, client_of, mara, paul, asli, ost):
        item = make_pr.item(by=asli, districts=[ost])
        actions.hand_in(item=item, by=mara)
        assert not PRItem.objects.in_basket_of(mara).exists()
        actions.approve(item=item, version=fresh(item).version, by=make.user(role="press"))
        assert [list(PRItem.objects.in_basket_of(one)) for one in (mara, paul, asli)] == [[item], [], [item]]
        (tile,) = client_of(mara).get(reverse("concerns:basket")).context["others"]
        assert (tile["label"], tile["count"]) == ("Beiträge zu veröffentlichen", "1")
        assert list(client_of(mara).get(tile["url"]).context["page"]) == [item]

    def test_who_coordinates_sees_what_waits_for_approval(self, client_of, silke, mara, here):
        page = reverse("concerns:coordination")
        assert client_of(silke).get(page).context["others"] == []
        item = make_pr.item(status="submitted", **here)
        (tile,) = client_of(silke).get(page).context["others"]
        assert (tile["label"], tile["count"]) == ("Zur Freigabe", "1")
        assert list(client_of(silke).get(tile["url"]).context["page"]) == [item]

    def test_a_form_opened_before_does_not_give_an_item_back_to_who_leaves(self, client_of, silke, mara, paul, here):
        item = make_pr.item(**here)
        typed = {"kind": "flyer", "title": item.title, "text": "Neu", "keeper": mara.pk, "version": item.version}
        client_of(silke).post(url("pr_keeping", mara), {"to": paul.pk})
        assert client_of(mara).post(url("pr_item_edit", item), typed).status_code == 409
        assert fresh(item).keeper == paul

    def test_open_items_are_handed_over(self, client_of, silke, mara, paul, here):
        kept, done = make_pr.item(**here), make_pr.item(status="published", **here)
        page = client_of(silke).get(url("pr_keeping", mara))
        assert list(page.context["rows"]) == [kept]
        assert client_of(silke).post(url("pr_keeping", mara), {"to": paul.pk}).status_code == 303
        assert (fresh(kept).keeper, fresh(done).keeper, fresh(kept).author) == (paul, mara, mara)
        assert client_of(silke).post(url("pr_keeping", mara), {"to": mara.pk}).status_code == 422

    def test_a_quarter_shows_what_appeared_lately_to_whoever_reads_it(self, client_of, mara, enno, here, ost):
        shown = make_pr.item(status="published", title="Im Viertel erschienen", **here)
        make_pr.item(title="Noch geheim", **here)
        page = reverse("reports:district_page", args=[ost.slug])
        found = client_of(mara).get(page).context["pr_items"]
        assert (list(found.rows), found.count) == ([shown], 1)
        assert list(client_of(mara).get(found.url).context["page"]) == [shown]
        assert "Im Viertel erschienen" not in client_of(enno).get(page).content.decode()


class TestPaper:
    def test_says_that_it_is_a_draft_until_it_is_approved(self, client_of, mara, rita, here):
        item = make_pr.item(kind="press_text", text="Erster Absatz.\n\nZweiter Absatz.", **here)
        make_pr.image(item=item, by=mara, consent="missing")
        make_pr.image(item=item, by=mara, consent="given", colour="blue")
        paper = reverse("reports:pr_item_paper", args=[item.pk])
        text = pdf.text(client_of(mara).get(paper).content)
        assert ("Entwurf." in text, "Pressemitteilung" in text, "Zweiter Absatz." in text) == (True, True, True)
        assert text.count("Foto: Büro") == 1  # without consent an image stays out
        assert client_of(rita).get(paper).status_code == 404
        actions.hand_in(item=item, by=mara)
        actions.approve(item=item, version=fresh(item).version, by=rita)
        assert "Entwurf" not in pdf.text(client_of(rita).get(paper).content)

    def test_an_idea_has_none(self, client_of, mara, here):
        item = make_pr.item(status="idea", **here)
        assert client_of(mara).get(reverse("reports:pr_item_paper", args=[item.pk])).status_code == 404
