"""Error pages: German, without detail, with a way on."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory

from quartier.web import errors
from quartier.web.middleware import content_security_policy


@pytest.mark.parametrize(
    ("view", "exception", "status", "heading"),
    [
        (errors.bad_request, SuspiciousOperation("geheim"), 400, "Anfrage nicht verständlich"),
        (errors.bad_request, RequestDataTooBig("geheim"), 413, "Zu viele Daten auf einmal"),
        (errors.permission_denied, PermissionDenied("geheim"), 403, "Keine Berechtigung"),
        (errors.page_not_found, Exception("geheim"), 404, "Seite nicht gefunden"),
    ],
)
def test_pages_say_what_happened_and_nothing_more(view, exception, status, heading):
    response = view(RequestFactory().get("/x"), exception)
    text = response.content.decode()
    assert response.status_code == status
    assert f">{heading}</h1>" in text
    assert "Startseite" in text
    assert "geheim" not in text


def test_the_page_for_our_own_failures_needs_neither_database_nor_session():
    response = errors.server_error(RequestFactory().get("/x"))
    assert response.status_code == 500
    assert "Der Fehler liegt bei uns" in response.content.decode()


def test_a_form_without_token_gets_the_page_of_an_old_form(db):
    response = Client(enforce_csrf_checks=True).post("/konto/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "Formular abgelaufen" in response.content.decode()


def test_ten_megabytes_of_text_get_the_page_of_too_much(client, db):
    response = client.post("/konto/login/", {"login": "x" * 10_000_000})
    assert response.status_code == 413
    assert "Zu viele Daten auf einmal" in response.content.decode()


@pytest.mark.parametrize(
    ("tiles", "images"),
    [
        ("", "'self' data: blob:"),
        ("https://tiles.example/{z}/{x}/{y}.png", "'self' data: blob: https://tiles.example"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "'self' data: blob: https://*.tiles.example"),
    ],
)
def test_only_the_configured_tile_host_may_send_images(tiles, images):
    policy = dict(part.split(" ", 1) for part in content_security_policy(tiles).split("; "))
    assert policy["img-src"] == images
