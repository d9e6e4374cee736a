"""Ways into somebody else's account, and ways to learn who has one."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db

RESET = reverse("account_reset_password")
SECRET = "Ein-neues-Geheimnis-9"


def test_an_address_that_was_changed_opens_nothing_any_more(mara, adam, client_of):
    """Whoever reads the old mailbox could otherwise set a new password for the account."""
    old, anybody = mara.email, make.client_of(None)
    anybody.post(RESET, {"email": old})
    link = re.search(r"https?://\S+", mail.outbox[0].body).group()
    anybody.post(anybody.get(link, follow=True).request["PATH_INFO"], {"password1": SECRET, "password2": SECRET})
    data = {"name": mara.name, "email": "neu@quartier.example", "phone": "", "office": ""}
    client_of(adam).post(reverse("districts:person_edit", args=[mara.pk]), data)
    mail.outbox.clear()
    make.client_of(None).post(RESET, {"email": old})
    assert mail.outbox == []
    visitor = make.client_of(None)
    visitor.post(reverse("account_login"), {"login": old, "password": SECRET})
    assert "_auth_user_id" not in visitor.session
    visitor.post(reverse("account_login"), {"login": "neu@quartier.example", "password": SECRET})
    assert visitor.session["_auth_user_id"] == str(mara.pk)


def test_a_mail_server_that_is_away_does_not_tell_who_has_an_account(mara, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answers = [make.client_of(None).post(RESET, {"email": email}) for email in (mara.email, "niemand@stadt.example")]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
        (302, answers[0].headers["Location"])
    ] * 2


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_department_cannot_end_where_the_calendar_ends(day, umwelt, stadtbetrieb, adam, client_of):
    """Its rules begin again on the day after: without that day no page about rules would open any more."""
    address = reverse("districts:department_follow", args=[umwelt.pk])
    response = client_of(adam).post(address, {"successor": stadtbetrieb.pk, "last_day": day})
    assert response.status_code == 422
    umwelt.refresh_from_db()
    assert umwelt.successor is None
