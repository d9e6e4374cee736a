"""Views kept of the list: own ones, shared ones, nobody else's."""

import pytest
from django.urls import reverse

from concerns.models import SavedView
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
LIST = reverse("concerns:list")


@pytest.fixture
def office_colleague(ost, mara):
    return make.user(role=Role.MANAGER, district=ost, office=mara.office)


def keep(client, name="Meine offenen", query="mine=on&status=open&sort=frist", **data):
    return client.post(reverse("concerns:view_new"), {"name": name, "query": query, **data}, follow=True)


def test_a_view_is_kept_and_leads_to_its_filter(mara, client_of):
    client = client_of(mara)
    response = keep(client)
    assert response.redirect_chain == [(f"{LIST}?status=open&mine=on&sort=frist", 303)]
    page = response.content.decode()
    assert '?status=open&amp;mine=on&amp;sort=frist" aria-current="true">Meine offenen</a>' in page


def test_only_the_filter_is_kept(mara, client_of):
    keep(client_of(mara), query="q=M%C3%BCll&nach=abc&csrfmiddlewaretoken=x&evil=1&sort=quatsch")
    assert SavedView.objects.get().query == "q=M%C3%BCll"


def test_a_name_is_given_once_per_person(mara, asli, client_of):
    client = client_of(mara)
    keep(client)
    response = keep(client, query="status=new")
    assert response.status_code == 422
    assert "Sie haben schon eine Ansicht „Meine offenen“" in response.content.decode()
    assert keep(client_of(asli)).status_code == 200
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name(mara, client_of, name):
    assert keep(client_of(mara), name=name).status_code == 422
    assert not SavedView.objects.exists()


def test_a_shared_view_is_seen_in_the_office_and_nowhere_else(mara, office_colleague, paul, client_of):
    keep(client_of(mara), name="Nur ich")
    keep(client_of(mara), name="Für alle", shared="on")
    for page in (LIST, reverse("concerns:views")):
        seen = client_of(office_colleague).get(page).content.decode()
        assert "Für alle" in seen
        assert "Nur ich" not in seen
        assert "Für alle" not in client_of(paul).get(page).content.decode()


def test_somebody_without_office_shares_with_nobody(silke, client_of):
    keep(client_of(silke), shared="on")
    assert SavedView.objects.get().office is None


def test_renaming_sharing_and_deleting(mara, client_of):
    client = client_of(mara)
    keep(client)
    view = SavedView.objects.get()
    url = reverse("concerns:view_edit", args=[view.pk])
    assert 'value="Meine offenen"' in client.get(url).content.decode()
    client.post(url, {"name": "Dringend", "query": view.query, "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.office) == ("Dringend", mara.office)
    client.post(reverse("concerns:view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_other_peoples_views_cannot_be_changed(mara, office_colleague, client_of):
    keep(client_of(mara), shared="on")
    view, stranger = SavedView.objects.get(), client_of(office_colleague)
    for name in ("view_edit", "view_delete"):
        assert stranger.post(reverse(f"concerns:{name}", args=[view.pk]), {"name": "x"}).status_code == 404
    view.refresh_from_db()
    assert view.name == "Meine offenen"


def test_a_shared_view_shows_everybody_their_own(mara, office_colleague, ost, client_of):
    make.concern(district=ost, owner=mara, title="Maras")
    make.concern(district=ost, owner=office_colleague, title="Kollegin")
    keep(client_of(mara), query="mine=on", shared="on")
    page = client_of(office_colleague).get(f"{LIST}?{SavedView.objects.get().query}").content.decode()
    assert "Kollegin" in page
    assert "Maras" not in page
