"""Public pages without a form set no cookie and may be kept for a minute; all others keep their own rules."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(ost):
    office = make.office(name="Treffpunkt Ost", districts=[ost])
    return [
        reverse("districts:offices_public"),
        reverse("districts:office_public", args=[office.pk]),
        reverse("districts:offers_public", args=[ost.slug]),
    ]


def test_no_cookie_and_kept_for_a_minute(pages, client):
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, list(answer.cookies), answer.headers["Cache-Control"]) == (
            200, [], "public, max-age=60",
        )  # fmt: skip
        assert "X-CSRFToken" not in answer.text
        assert {"HX-Request", "HX-Target"} <= set(answer.headers["Vary"].split(", "))


def test_whoever_is_signed_in_leaves_nothing_in_a_cache(pages, mara, client_of):
    for page in pages:
        answer = client_of(mara).get(page)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_what_is_not_there_is_not_kept(client):
    answer = client.get(reverse("districts:offers_public", args=["gibt-es-nicht"]))
    assert (answer.status_code, "public" in answer.headers.get("Cache-Control", "")) == (404, False)


def test_a_form_for_everybody_still_has_its_token():
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("concerns:status"))
    assert "csrftoken" in page.cookies
    typed = {"code": "0000-0000-0000"}
    assert client.post(reverse("concerns:status"), typed).status_code == 403
    token = page.context["csrf_token"]
    assert client.post(reverse("concerns:status"), typed | {"csrfmiddlewaretoken": token}).status_code != 403
