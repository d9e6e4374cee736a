"""The demo city: loaded once, every state on the desks, no rule of the loop broken, nobody real in it."""

from collections import Counter, defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone

from concerns.actions.privacy import expired_reporters
from concerns.basket import BASKETS
from concerns.demo import wording
from concerns.filters import ConcernFilter
from concerns.models import (
    Concern,
    ConcernEvent,
    ErasureEntry,
    Feedback,
    LetterBatch,
    OutgoingMail,
    Reply,
    Reporter,
    ResponsibilityRule,
    Routing,
    SavedView,
    TextBlock,
    Topic,
)
from concerns.workflow import Outcome, ReasonCategory, ReplyResult
from districts import demo as city
from districts.models import Department, District, Membership, Office, User
from districts.roles import Perm, Role
from projects.models import Event, FollowUp, Session
from reports.models import IndicatorValue, Mirror, Report, ReportFile, ReportText, Sheet, SheetEntry
from tests import make

pytestmark = pytest.mark.django_db

EXAMPLES = ("@example.org", ".example")


def rows() -> tuple:
    """How many of everything there are, and the youngest of it."""
    models = (
        *(Concern, ConcernEvent, Reporter, Routing, Feedback, OutgoingMail, User, Topic, ResponsibilityRule),
        *(IndicatorValue, Report, ReportText, ReportFile, Mirror, Sheet, SheetEntry),
        *(Session, FollowUp),
    )
    return tuple((model.objects.count(), model.objects.latest("pk").pk) for model in models)


def test_second_run_changes_nothing(django_assert_max_num_queries):
    before = rows()
    with django_assert_max_num_queries(24):
        call_command("demo", stdout=StringIO())
    assert rows() == before


def test_prints_every_login_and_the_password(demo, client):
    lines = [line for line in demo.splitlines() if "@" in line]
    assert [line.split()[0] for line in lines] == list(User.objects.order_by("pk").values_list("email", flat=True))
    assert len(lines) == 15
    assert f"Password for all of them: {city.PASSWORD}" in demo
    assert all(user.check_password(city.PASSWORD) for user in User.objects.all())


def test_leaves_a_database_with_other_people_alone():
    User.objects.filter(email="a.yilmaz@quartier.example").update(email="somebody@stadt.example")
    with pytest.raises(CommandError, match="already holds people"):
        call_command("demo", stdout=StringIO())


def test_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("demo", stdout=StringIO())


def test_size_of_the_city():
    assert 560 <= Concern.objects.count() <= 700
    assert len(wording.templates()) >= 180
    assert Concern.objects.values("text").distinct().count() >= 450
    assert District.objects.count() == 10
    assert Topic.objects.filter(parent__isnull=False).count() == 58
    assert not Concern.objects.filter(title__regex="[{}|]|\\[").exists()
    assert not Concern.objects.filter(text__regex="[{}|]|\\[").exists()
    assert not Reply.objects.filter(text__regex="[{}|]|\\[").exists()
    assert not Feedback.objects.filter(text__regex="[{}|]|\\[").exists()
    assert max(len(title) for title in Concern.objects.values_list("title", flat=True)) <= wording.LONGEST_TITLE


def test_every_text_has_been_used():
    used = set(Concern.objects.values_list("topic__code", flat=True))
    assert used == {topic for topic, _ in wording.templates()}
    assert used == set(Topic.objects.filter(parent__isnull=False).values_list("code", flat=True))


def test_all_states_and_outcomes():
    assert set(Concern.objects.values_list("status", flat=True)) == {
        "new", "own_work", "forwarded", "feedback_due", "parked", "closed",
    }  # fmt: skip
    assert set(Routing.objects.values_list("status", flat=True)) >= {
        "sent", "accepted", "query", "answered", "returned",
    }  # fmt: skip
    assert set(Concern.objects.filter(status="closed").values_list("outcome", flat=True)) == set(Outcome)
    assert set(Reply.objects.values_list("result", flat=True)) == set(ReplyResult)
    reasons = Reply.objects.exclude(reason_category="").values_list("reason_category", flat=True)
    assert len(set(reasons)) >= len(ReasonCategory) - 2
    assert set(Routing.objects.open().values_list("escalation", flat=True)) == {0, 1, 2, 3}
    assert set(Reporter.objects.exclude(due="").values_list("due", flat=True)) == {"interim", "final"}
    assert set(Reporter.objects.filter(due="final").values_list("channel", flat=True)) >= {
        "phone", "email", "letter", "in_person", "multiplier", "notice",
    }  # fmt: skip
    assert set(Reporter.objects.values_list("waiver_reason", flat=True)) >= {
        "", "anonymous", "no_contact", "not_wanted", "not_reached", "own_observation",
    }  # fmt: skip
    assert set(Concern.objects.values_list("promise", flat=True)) == {"", "open", "kept", "broken"}
    settled = ConcernEvent.objects.filter(kind="promise_settled")
    assert set(settled.values_list("new", flat=True)) == {"kept", "broken"}
    assert Concern.objects.filter(reopened_count__gt=0, status="new").exists()
    assert Concern.objects.filter(is_sensitive=True).exclude(status="closed").exists()
    assert Concern.objects.filter(district=None).exclude(status="closed").exists()


def test_promises_are_due_today_in_the_past_and_later():
    today, promised = make.today(), Concern.objects.filter(promise="open")
    assert promised.filter(promised_on=today).count() >= 5
    assert promised.filter(promised_on__lt=today).count() >= 5
    assert promised.filter(promised_on__gt=today).count() >= 5


def test_bundle_of_seven_with_two_anonymous():
    leads = Concern.objects.filter(topic__code="wilder-muell", duplicates__isnull=False).distinct()
    sizes = {lead: Reporter.objects.filter(Q(concern=lead) | Q(concern__lead=lead)) for lead in leads}
    (people,) = [people for people in sizes.values() if people.count() == 7]
    assert Counter(people.values_list("kind", flat=True))["anonymous"] == 2
    assert people.unsettled().count() == 5


@pytest.mark.parametrize("email", [person["email"] for person in city.read("people") if person["role"] == "manager"])
def test_every_tile_of_every_manager_holds_something(email):
    user = User.objects.get(email=email)
    mine = Concern.objects.for_team(user, Perm.GIVE_FEEDBACK).mine(user)
    assert [one.key for one in BASKETS if not one.rows(mine, make.today()).exists()] == []


@pytest.mark.parametrize("code", ["E 18", "FB 36", "FB 68"])
def test_every_inbox_has_green_yellow_and_red_rows(code):
    today, inbox = make.today(), Routing.objects.open().filter(department__code=code)
    soon = today + timezone.timedelta(days=3)
    assert inbox.filter(due_on__gt=soon).count() >= 3
    assert inbox.filter(due_on__range=(today, soon)).exists()
    assert inbox.overdue(today).count() >= 3
    assert inbox.filter(status="query").exists()
    assert inbox.filter(status="sent").exists()


def test_rules_cover_what_they_should():
    today = make.today()
    covered = ResponsibilityRule.objects.valid_on(today).values("topic")
    without = Topic.objects.filter(parent__isnull=False).exclude(pk__in=covered)
    assert set(without.values_list("code", flat=True)) == {
        "cafe", "einsamkeit", "erreichbarkeit", "ernaehrung", "konflikt", "leerstand", "luft", "vorsorge",
    }  # fmt: skip
    playgrounds = ResponsibilityRule.objects.filter(topic__code="spielplatz").order_by("valid_from")
    assert {(rule.department.code, str(rule.valid_from or ""), str(rule.valid_to or "")) for rule in playgrounds} == {
        ("FB 45", "", "2016-12-31"),
        ("FB 36", "2017-01-01", ""),
    }
    assert Department.objects.get(code="FB 50").successor.code == "FB 56"


def test_no_closed_concern_owes_anybody_anything():
    """I1, I2, I3"""
    closed = Concern.objects.filter(status="closed")
    assert not Reporter.objects.filter(concern__in=closed, feedback_state__in=["open", "interim"]).exists()
    told = Feedback.objects.ending_duty().filter(reporter=OuterRef("pk"))
    assert not Reporter.objects.filter(feedback_state="done").exclude(Exists(told)).exists()
    assert not closed.filter(Q(answer_text="") | Q(outcome__in=["partly", "declined"], reason_category="")).exists()
    due = Concern.objects.filter(status="feedback_due")
    assert not Reporter.objects.filter(concern__in=due, feedback_state__in=["open", "interim"], due="").exists()


def test_every_open_concern_has_an_owner_of_its_district_and_a_date():
    """I4, I5, I6"""
    open_ = Concern.objects.open()
    assert not open_.filter(Q(owner=None) | Q(due_on=None)).exists()
    today = make.today()
    for concern in open_.exclude(district=None).select_related("owner"):
        assert concern.district_id in concern.owner.rights.districts(Perm.TRIAGE), concern
    back = Routing.objects.filter(status="returned", return_handled=False, concern__status="new")
    assert back.count() >= 5
    assert not back.exclude(concern__needs_triage=True).exists()
    assert not Concern.objects.exclude(lead=None).exclude(status=F("lead__status")).exists()
    assert not Concern.objects.filter(lead__lead__isnull=False).exists()
    assert not Concern.objects.filter(received_on__gt=today).exists()


def test_departments_never_read_who_it_was():
    """I7, I11"""
    texts = Routing.objects.values_list("text", "question", "concern_id")
    names = defaultdict(list)
    for concern, *personal in Reporter.objects.values_list("concern_id", "phone", "email", "address"):
        names[concern] += [one for one in personal if one]
    assert [(text, one) for text, question, pk in texts for one in names[pk] if one in text + question] == []
    assert not Routing.objects.filter(released_contact=True).exists()


def test_history_is_one_chain_without_gaps_that_ends_in_the_present_state():
    """I8: every concern's status events follow each other in time, from the logging to today."""
    now = timezone.now()
    assert not ConcernEvent.objects.filter(at__gt=now).exists()
    status, last = {}, {}
    bundled = set(Concern.objects.exclude(lead=None).values_list("pk", flat=True))
    for event in ConcernEvent.objects.filter(kind__in=["created", "status"]).order_by("at", "pk"):
        if event.concern_id in bundled:
            continue
        assert status.get(event.concern_id, "") == event.old, event
        status[event.concern_id] = event.new
        last[event.concern_id] = event.at
    present = Concern.objects.exclude(pk__in=bundled).values_list("pk", "status")
    assert [(pk, state) for pk, state in present if status[pk] != state] == []


def test_each_concern_s_events_are_in_the_order_in_which_they_were_written():
    latest = {}
    wrong = []
    # The city hands out codes and receipts at its end, for the day on which people came; themes are loaded beside it.
    told = ConcernEvent.objects.exclude(kind="status_code").exclude(kind="feedback", old="receipt").order_by("pk")
    told = told.exclude(kind__startswith="theme_")
    for pk, concern, at, kind in told.values_list("pk", "concern_id", "at", "kind"):
        if kind in {"routing_escalated", "promise_due"}:  # the morning job's, told when the answer came
            continue
        if at < latest.get(concern, at):
            wrong.append((pk, kind))
        latest[concern] = at
    assert wrong == []


def test_numbers_follow_the_order_in_which_the_concerns_came_in():
    # Those of bodies, projects and events are loaded beside a city that is there, as an older city gets them.
    loop = Concern.objects.filter(raised_by_body=None, project_links=None)
    loop = loop.exclude(occasion__in=Event.objects.values("occasion"))
    numbers = list(loop.order_by("created_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)


def test_routings_and_replies_lie_between_sending_and_now():
    assert not Routing.objects.filter(Q(accepted_at__lt=F("sent_at")) | Q(finished_at__lt=F("sent_at"))).exists()
    assert not Routing.objects.filter(finished_at__lt=F("accepted_at")).exists()
    assert not Routing.objects.filter(sent_at__lt=F("concern__created_at")).exists()
    assert not Feedback.objects.filter(at__lt=F("reporter__created_at")).exists()


def test_office_hours_and_seasons_look_like_an_office():
    days = Counter(day.weekday() for day in Concern.objects.values_list("received_on", flat=True))
    assert days[5] + days[6] < Concern.objects.count() / 15
    by_district = Counter(Concern.objects.values_list("district__slug", flat=True))
    assert {code for code, _ in by_district.most_common(2)} == {"ost", "forst"}
    months = {day.replace(day=1) for day in Concern.objects.values_list("received_on", flat=True)}
    assert len(months) >= 18


def test_only_addresses_and_numbers_that_nobody_has():
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Reporter.objects.exclude(email="").values_list("email", flat=True),
        *Department.objects.values_list("mailbox", flat=True),
        *Office.objects.values_list("email", flat=True),
        *OutgoingMail.objects.values_list("to", flat=True),
    ]
    assert [one for one in addresses if one and not one.endswith(EXAMPLES)] == []  # empty: erased by now
    numbers = Reporter.objects.exclude(phone="").values_list("phone", flat=True)
    assert [one for one in numbers if not one.startswith(("0221 4710-", "0171 39200-"))] == []


def test_nothing_of_the_past_is_mailed_again():
    assert not OutgoingMail.objects.filter(state="queued").exists()
    assert not Feedback.objects.filter(result="queued").exists()


def test_the_managers_and_every_role():
    held = set(Membership.objects.values_list("user", "role"))
    assert Counter(role for _, role in held) == {
        Role.MANAGER: 6,  # five, and one whose programme ends
        Role.ASSISTANT: 1,
        Role.DEPT_STAFF: 2,
        Role.DEPT_LEAD: 2,
        Role.PLANNING: 1,
        Role.ADMIN: 1,
        Role.CARRIER: 1,
        Role.PRESS: 1,
    }


def test_what_is_older_than_the_set_time_has_been_erased():
    now = timezone.now()
    assert not expired_reporters(at=now).exclude(concern__promise="open").exists()
    assert ErasureEntry.objects.count() >= 10


def test_every_saved_view_is_a_filter_that_finds_something():
    views = list(SavedView.objects.select_related("user"))
    assert len(views) == 15
    for view in views:
        found = ConcernFilter(QueryDict(view.query), user=view.user)
        assert found.form.is_valid(), view
        assert set(QueryDict(view.query)) <= set(found.filters), view
        assert found.qs.exists(), view


def test_letters_in_the_post_and_waiting_ones():
    (batch,) = LetterBatch.objects.filter(letters__state="sent").distinct()
    assert set(batch.letters.values_list("state", "feedback__result")) == {("sent", "sent")}
    assert batch.letters.count() == 3
    waiting = Reporter.objects.filter(due="final", channel="letter").exclude(address="")
    assert waiting.visible_to(batch.made_by).count() >= 3
    ready = LetterBatch.objects.exclude(pk=batch.pk)
    assert {one.is_printed for one in ready} == {True, False}
    assert not ready.filter(letters__state="sent").exists()
    assert set(TextBlock.objects.values_list("language", flat=True)) == {"de", "en", "tr", "ar", "uk", "ru", "fr"}
