"""Ways into somebody else's account, and ways to learn who has one."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier, Event

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from concerns.actions.base import LoopError
from concerns.actions.handover import deactivate_person
from districts.models import User
from districts.roles import Role
from districts.views.saving import TOO_LATE
from tests import database, make

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


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_department_cannot_end_where_the_calendar_ends(day, umwelt, stadtbetrieb, adam, client_of):
    """Its rules begin again on the day after: without that day no page about rules would open any more."""
    address = reverse("districts:department_follow", args=[umwelt.pk])
    response = client_of(adam).post(address, {"successor": stadtbetrieb.pk, "last_day": day})
    assert response.status_code == 422
    umwelt.refresh_from_db()
    assert umwelt.successor is None


def both_at_once(*steps) -> list:
    """Take steps in threads of their own at the same moment; what each gave back."""
    start = Barrier(len(steps))

    def run(step):
        start.wait()
        try:
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [one.result() for one in [pool.submit(run, step) for step in steps]]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_enters_at_the_same_moment_is_told_in_the_form(adam):
    """The form sees nothing of the other's row, which is not committed yet; the database then refuses the second."""
    entered = Event()

    def enter_first():
        with transaction.atomic():
            make.user(email="neu@stadt.example")
            entered.set()
            database.wait_for_a_lock()  # the form has been checked and waits for this transaction

    def enter_second():
        entered.wait()
        data = {"name": "Nora Neu", "email": "neu@stadt.example"}
        return make.client_of(adam).post(reverse("districts:person_new"), data)

    _, response = both_at_once(enter_first, enter_second)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [TOO_LATE]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_shut_each_other_out(adam):
    other = make.user(role=Role.ADMIN)
    both_at_once(partial(close_access, adam, other), partial(close_access, other, adam))
    assert User.objects.filter(is_active=True).count() == 1


def close_access(by: User, person: User) -> None:
    with suppress(LoopError):
        deactivate_person(person=person, by=by)
