"""Bodies, sessions and follow-ups of the demo city (Q17, appendix G)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.models import OutgoingMail
from districts.models import District, User
from projects.demo import read
from projects.models import Body, BodyConcern, CoordinationTalk, FollowUp, Session
from projects.proposals import replies_for
from tests import make

pytestmark = pytest.mark.django_db


def test_every_district_has_its_conference_and_the_city_its_bodies():
    assert not District.objects.exclude(bodies__kind="district_conference").exists()
    assert {"carriers", "network", "steering"} <= set(
        Body.objects.filter(districts=None).values_list("kind", flat=True)
    )
    assert Body.objects.filter(ended_on__lt=timezone.localdate()).exists()


def test_there_are_two_years_of_sessions_in_every_state():
    today = timezone.localdate()
    assert {one for one, in Session.objects.values_list("status")} == {
        "planned", "invited", "held", "approved", "cancelled",
    }  # fmt: skip
    assert Session.objects.held().filter(on__lt=today - timedelta(days=640)).exists()
    assert Session.objects.filter(on__range=(today, today + timedelta(days=8)), status="invited").exists()
    assert {one for (one,) in FollowUp.objects.values_list("status")} == {"open", "doing", "put_off", "done", "dropped"}
    assert {one.postponements.count() for one in FollowUp.objects.filter(status="put_off")} == {1, 2}
    assert set(Body.objects.values_list("level", flat=True)) == set(Body.Level.values)
    assert FollowUp.objects.due(today).count() >= 5
    assert not OutgoingMail.objects.filter(kind="invitation", state="queued").exists()


def test_one_answer_was_told_and_one_waits_for_the_next_session():
    told, waiting = BodyConcern.objects.order_by("pk")
    assert (told.feedback is not None, told.concern.status) == (True, "closed")
    assert (waiting.feedback, waiting.concern.status) == (None, "feedback_due")
    following = waiting.body.sessions.ahead(timezone.localdate()).first()
    assert [one.raised for one in replies_for(following)] == [waiting]


def test_addresses_lead_nowhere():
    emails = [email for row in read("bodies") for _, email in row.get("free", [])]
    assert all(email.endswith(".example") for email in emails)


def test_four_talks_name_departments_and_functions():
    assert [one.departments.count() for one in CoordinationTalk.objects.order_by("on")] == [3, 2, 2, 4]
    assert {one.by.email.partition("@")[0] for one in CoordinationTalk.objects.all()} == {
        "e.steinmetz", "a.yilmaz", "j.brandner",
    }  # fmt: skip


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz", "d.pelzer"])
def test_every_page_opens(login):
    user = User.objects.get(email__startswith=login)
    client = make.client_of(user)
    bodies = Body.objects.visible_to(user)
    sessions = Session.objects.visible_to(user).order_by("-on")[:25]
    paths = [reverse("projects:bodies"), *(one.get_absolute_url() for one in (*bodies, *sessions))]
    assert {client.get(path).status_code for path in paths} == {200}
    assert len(paths) > 5
