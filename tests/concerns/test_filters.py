"""The list's filter: each one alone, together, with rights, and with values that nobody offered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from concerns.filters import ConcernFilter
from concerns.models import Concern
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def numbers(user, query: str = "") -> list[str]:
    user.__dict__.pop("rights", None)
    return sorted(ConcernFilter(QueryDict(query), user=user).qs.values_list("title", flat=True))


def errors(user, query: str) -> dict:
    return ConcernFilter(QueryDict(query), user=user).form.errors


@pytest.fixture
def two(ost, preuswald, mara, paul, stadtbetrieb, umwelt):
    """Two concerns that differ in everything a filter asks for."""
    today = make.today()
    first = make.concern(
        title="eins",
        text="Müll",
        district=ost,
        owner=mara,
        office=mara.office,
        kind="idea",
        channel="phone",
        urgency="danger",
        occasion="Sommerfest am Brunnen",
        received_on=today - timedelta(days=30),
        reporters=[{"kind": "politics"}],
    )
    make.routing(concern=first, department=stadtbetrieb, due_on=today - timedelta(days=1))
    second = make.concern(
        title="zwei",
        text="Bank",
        district=preuswald,
        owner=paul,
        office=paul.office,
        kind="question",
        channel="email",
        received_on=today,
        reporters=[{"kind": "resident"}],
    )
    make.routing(concern=second, department=umwelt, status="accepted")
    return first, second


def test_every_filter_finds_the_one_and_not_the_other(two, mara, ost, stadtbetrieb):
    first, _ = two
    day = make.today() - timedelta(days=30)
    queries = [
        "q=müll",
        f"q={first.number}",
        f"district={ost.pk}",
        f"office={mara.office_id}",
        f"topic={first.topic_id}",
        f"topic=feld-{first.topic.parent_id}",
        "kind=idea",
        "channel=phone",
        "urgency=danger",
        "occasion=sommerfest",
        f"owner={mara.pk}",
        f"department={stadtbetrieb.pk}",
        f"department={stadtbetrieb.pk}&routing=open",
        "routing=sent",
        "overdue=department",
        "overdue=any",
        "mine=on",
        "my_district=on",
        "reporter=politics",
        f"received_to={day:%Y-%m-%d}",
        f"received_from={day:%d.%m.%Y}&received_to={day:%d.%m.%Y}",
    ]
    assert [query for query in queries if numbers(mara, query) != ["eins"]] == []
    assert numbers(mara) == numbers(mara, "status=open&routing=open&status=forwarded") == ["eins", "zwei"]
    assert numbers(mara, f"department={stadtbetrieb.pk}&routing=accepted") == []


def test_status_outcome_and_periods_of_answering_and_closing(ost, mara):
    now, today = timezone.now(), make.today()
    done = make.concern(title="zu", district=ost, owner=mara, reporters=[{"kind": "anonymous"}])
    done.reporters.update(feedback_state="impossible", waiver_reason="anonymous")
    Concern.objects.filter(pk=done.pk).update(
        status="closed", outcome="informed", needs_triage=False, closed_at=now, feedback_due_at=now
    )
    make.concern(title="offen", district=ost, owner=mara)
    for query in (
        "status=closed",
        "outcome=informed",
        f"answered_from={today}&answered_to={today}",
        f"closed_from={today}&closed_to={today}",
    ):
        assert numbers(mara, query) == ["zu"]
    assert numbers(mara, "status=open") == ["offen"]
    assert numbers(mara, f"closed_to={today - timedelta(days=1)}") == []


def test_a_day_of_closing_ends_at_midnight_here(ost, mara):
    concern = make.concern(district=ost, owner=mara, reporters=[{"kind": "anonymous"}], received_on=date(2026, 6, 1))
    concern.reporters.update(feedback_state="impossible", waiver_reason="anonymous")
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight of the next day in Aachen
    Concern.objects.filter(pk=concern.pk).update(
        status="closed", outcome="informed", needs_triage=False, closed_at=late
    )
    assert numbers(mara, "closed_to=2026-06-30") == []
    assert numbers(mara, "closed_from=2026-07-01&closed_to=2026-07-01") == [concern.title]


def test_outside_all_districts(ost, mara):
    make.concern(title="außerhalb", district=None, owner=mara)
    make.concern(title="drinnen", district=ost, owner=mara)
    assert numbers(mara, "district=outside") == ["außerhalb"]


def test_feedback_overdue_is_the_second_clock(ost, mara):
    for title, days in (("überfällig", -1), ("pünktlich", 1)):
        concern = make.concern(title=title, district=ost, owner=mara)
        day = make.today() + timedelta(days=days)
        Concern.objects.filter(pk=concern.pk).update(status="feedback_due", needs_triage=False)
        concern.reporters.update(due="final", due_since=timezone.now(), due_on=day)
    assert numbers(mara, "overdue=feedback") == numbers(mara, "overdue=any") == ["überfällig"]
    assert numbers(mara, "overdue=department") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=erfunden",
        "district=999999",
        "district=1%20OR%201=1",
        "owner=abc",
        "topic=feld-",
        "topic=feld-abc",
        "department=-1",
        "received_from=31.02.2026",
        "closed_to=gestern",
        "urgency=%00",
        "office=99999999999999999999",
    ],
)
def test_a_value_nobody_offered_is_refused_in_german_and_finds_nothing(two, mara, query):
    name = query.partition("=")[0]
    assert list(errors(mara, query)) == [name]
    assert all(text[0].isupper() and text.endswith(".") for text in errors(mara, query)[name])
    assert numbers(mara, query) == []


def test_unknown_parameters_are_ignored(two, mara):
    assert numbers(mara, "x=1&nach=quatsch&password=x") == ["eins", "zwei"]


def test_sensitive_concerns_stay_with_their_team(ost, mara, paul, silke, adam, asli):
    topic = make.topic(is_sensitive=True)
    make.concern(title="vertraulich", text="Geheimnis", district=ost, owner=mara, topic=topic)
    for query in ("", "q=Geheimnis", f"topic={topic.pk}", f"owner={mara.pk}", f"district={ost.pk}"):
        assert [numbers(person, query) for person in (mara, paul, silke, adam)] == [["vertraulich"], [], [], []]
    assert numbers(asli, "q=geheimnis") == ["vertraulich"]


def test_choices_name_only_what_the_person_may_see(ost, preuswald, mara, paul, asli):
    def offered(user, name):
        return [str(value) for value, _ in ConcernFilter(QueryDict(), user=user).form.fields[name].choices][1:]

    assert offered(asli, "district") == ["outside", str(ost.pk)]
    assert set(offered(asli, "owner")) == {str(mara.pk), str(asli.pk)}
    assert offered(asli, "office") == [str(mara.office_id)]
    assert set(offered(mara, "district")) == {"outside", str(ost.pk), str(preuswald.pk)}
    assert str(paul.pk) in offered(mara, "owner")


def test_who_reported_is_a_filter_for_the_own_team_only(two, mara, paul, silke, asli):
    assert numbers(mara, "reporter=politics") == ["eins"]
    assert numbers(paul, "reporter=politics") == []  # sees the concern, not who raised it
    assert "reporter" not in ConcernFilter(QueryDict(), user=silke).form.fields
    assert numbers(silke, "reporter=politics") == ["eins", "zwei"]  # ignored: tells nothing
    assert numbers(asli, "reporter=politics") == []  # an assistant knows the own intake only


def test_a_deputy_filters_like_the_person_they_stand_in_for(two, mara, ost):
    deputy = make.user(role=Role.MANAGER, district=make.district())
    make.deputyship(person=mara, deputy=deputy)
    assert numbers(deputy, "reporter=politics") == numbers(deputy, "mine=on") == ["eins"]


def test_chips_say_what_narrows_and_lead_out_of_it(two, mara, ost):
    chosen = ConcernFilter(QueryDict(f"q=müll&district={ost.pk}&mine=on&received_from=2026-01-02&x=1"), user=mara)
    chips = [(chip.label, chip.value) for chip in chosen.chips()]
    assert chips == [
        ("Text, Ort oder Nummer", "müll"),
        ("Quartier", "Aachen-Ost"),
        ("Nur meine", ""),
        ("Eingegangen von", "02.01.2026"),
    ]
    assert QueryDict(chosen.chips()[0].without).dict() == {
        "district": str(ost.pk),
        "mine": "on",
        "received_from": "2026-01-02",
    }
