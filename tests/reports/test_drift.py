"""The kept sums never drift: whatever is written, by whatever way and at the same time, they are what a count gives."""

import threading
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from concerns.models import Concern, ConcernEvent, Feedback, Reporter, Routing
from reports.choice import Choice, next_month
from reports.models import WHOLE_CITY, Change, KeptPiece, KeptSum
from reports.sums import StillCounting, concerns_to_count, count_anew, forget_pieces, sums
from tests import make
from tests.reports.drift import assert_not_adrift, assert_nothing_drifted, city_is_the_sum_of_its_areas, kept_rows
from tests.reports.history import City


def this_month() -> date:
    return make.today().replace(day=1)


def logged() -> set:
    """Months and areas that will be counted anew."""
    with suppress(StillCounting):
        count_anew(at_most=-1)  # nothing is counted, only looked up
    return set(Change.objects.values_list("month", "area"))


@pytest.mark.django_db
def test_sums_follow_changes_past_the_actions():
    """An import, a correction by hand, a deletion: the triggers see what the application does not."""
    city, month = City(), this_month()
    choice = Choice(month - timedelta(days=400), next_month(month) - timedelta(days=1))
    lead = make.concern(district=city.district, reporters=[{}, {}])
    concern = make.concern(district=city.other, reporters=[{}])
    routing = make.routing(concern=lead, department=city.departments[0])
    changes = [
        lambda: Concern.objects.filter(pk=concern.pk).update(district=None, kind="idea"),
        lambda: Concern.objects.filter(pk=concern.pk).update(received_on=month - timedelta(days=90)),
        lambda: Concern.objects.filter(pk=concern.pk).update(status="forwarded", needs_triage=False, lead=lead),
        lambda: Routing.objects.filter(pk=routing.pk).update(status="withdrawn", finished_at=timezone.now()),
        lambda: make.feedback(reporter=lead.reporters.first(), result="undeliverable"),
        lambda: Feedback.objects.update(kind="interim", result="reached"),
        lambda: Reporter.objects.filter(concern=lead).update(language="tr", kind="group"),
        lambda: Reporter.objects.filter(concern=lead).update(concern=concern),
        lambda: Concern.objects.update(is_sensitive=True),
        lambda: Concern.objects.update(is_sensitive=False, topic=city.topics[1]),
        lambda: make.reporter(concern=lead),
        lambda: Concern.objects.update(district=city.other),  # two districts become one
        lambda: ConcernEvent.objects.create(concern=lead, kind="owner"),
        lambda: Feedback.objects.all().delete(),
        lambda: Routing.objects.all()._raw_delete("default"),
    ]
    for change in changes:
        change()
        assert_not_adrift(choice)
        assert_nothing_drifted()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["feedback", "routing", "reporter", "concern"])
def test_emptied_tables_are_counted_anew(table):
    """TRUNCATE knows no rows, so everything that was kept is counted."""
    concern, other = make.concern(), make.concern(received_on=this_month() - timedelta(days=40))
    make.routing(concern=concern)
    make.feedback(reporter=other.reporters.get())
    count_anew()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE concerns_{table} CASCADE")
    assert_nothing_drifted()
    if table == "concern":
        assert not KeptSum.objects.exists()


@pytest.mark.django_db
def test_a_concern_that_moves_over_a_months_edge_is_taken_out_of_the_one_and_put_into_the_other():
    month = this_month()
    last = month - timedelta(days=1)
    concern = make.concern(received_on=month)
    count_anew()
    Concern.objects.filter(pk=concern.pk).update(received_on=last)
    district = concern.district_id
    assert logged() == {(month, district), (last.replace(day=1), district)}
    assert_nothing_drifted()
    assert list(KeptSum.objects.filter(measure="all", area=WHOLE_CITY).values_list("month", "n")) == [
        (last.replace(day=1), 1)
    ]


@pytest.mark.django_db
def test_what_no_figure_looks_at_has_nothing_counted():
    concern = make.concern()
    count_anew()
    Concern.objects.update(title="Anders", text="Anders", due_on=make.today(), version=7)
    Reporter.objects.update(name="Anders", phone="")
    Concern.objects.update(kind=concern.kind)
    ConcernEvent.objects.create(concern=concern, kind="viewed")
    assert not Change.objects.exists()


def spoilt(choice: Choice, day: date) -> bool:
    """Whether the sums of a period are read from what is kept for a day's month: they say what was put there."""
    sums(choice, choice.span)
    KeptSum.objects.filter(month=day.replace(day=1), measure="all").update(n=700)
    return sums(choice, choice.span).n("all") == 700


@pytest.mark.django_db
def test_a_month_in_which_nothing_was_received_on_other_days_is_whole():
    """The running month until today, for one."""
    day = (this_month() - timedelta(days=40)).replace(day=3)
    choice = Choice(day.replace(day=2), day)
    concern = make.concern(received_on=day)
    assert spoilt(choice, day)
    for other in (day.replace(day=1), day.replace(day=28)):
        Concern.objects.filter(pk=make.concern(received_on=other).pk).update(kind="idea")
        assert not spoilt(choice, day)
        assert sums(choice, choice.span).n("all") == 1
        assert_not_adrift(choice)
        Concern.objects.exclude(pk=concern.pk).update(received_on=day + timedelta(days=400))
        assert spoilt(choice, day)


@pytest.mark.django_db
def test_odd_days_are_counted_once_until_something_in_their_month_changes(django_assert_max_num_queries):
    month = (this_month() - timedelta(days=40)).replace(day=1)
    choice = Choice(month.replace(day=5), this_month() - timedelta(days=1))
    inside, outside = make.concern(received_on=month.replace(day=9)), make.concern(received_on=month.replace(day=2))
    assert_not_adrift(choice)
    assert KeptPiece.objects.filter(since=choice.since).count() == 1
    with django_assert_max_num_queries(8):
        assert sums(choice, choice.span).n("all") == 1
    for change in (
        lambda: Reporter.objects.filter(concern=inside).update(language="tr"),
        lambda: Concern.objects.filter(pk=outside.pk).update(received_on=month.replace(day=7)),
        lambda: Concern.objects.filter(pk=inside.pk).update(district=None),
        lambda: Concern.objects.filter(pk=inside.pk).update(received_on=this_month()),
    ):
        change()
        assert_not_adrift(choice)
    assert sums(choice, choice.span).n("all") == 1


@pytest.mark.django_db
def test_odd_days_nobody_looks_at_are_forgotten():
    concern = make.concern(received_on=this_month() - timedelta(days=1))
    make.concern(received_on=concern.received_on.replace(day=1))
    choice = Choice(concern.received_on, concern.received_on)
    sums(choice, choice.span)
    forget_pieces()
    assert KeptPiece.objects.count() == 1
    KeptPiece.objects.update(counted_at=timezone.now() - timedelta(days=8))
    forget_pieces()
    assert not KeptPiece.objects.exists()


# --- At the same time -------------------------------------------------------------------------------------------------


@contextmanager
def somebody_else():
    """Another connection, with a transaction that is committed at the end."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            yield cursor
            cursor.execute("COMMIT")
    finally:
        other.close()


@pytest.fixture
def concern(transactional_db):
    """One of last month, counted: a department has it, and a mail to its reporter came back."""
    concern = make.concern(received_on=this_month() - timedelta(days=3))
    make.routing(concern=concern)
    make.feedback(reporter=concern.reporters.get(), result="undeliverable")
    count_anew()
    return concern


LATE = {
    "a concern": "UPDATE concerns_concern SET kind = 'idea' WHERE id = {id}",
    "a person": "UPDATE concerns_reporter SET language = 'tr' WHERE concern_id = {id}",
    "a routing": "UPDATE concerns_routing SET status = 'withdrawn', finished_at = now() WHERE concern_id = {id}",
    "feedback": "UPDATE concerns_feedback SET result = 'reached' FROM concerns_reporter r"
    " WHERE reporter_id = r.id AND r.concern_id = {id}",
    "no feedback": "DELETE FROM concerns_feedback USING concerns_reporter r"
    " WHERE reporter_id = r.id AND r.concern_id = {id}",
    "an event": "INSERT INTO concerns_concernevent (concern_id, kind, old, new, data, at, visibility)"
    " VALUES ({id}, 'owner', '', '', '{{}}', now(), 'team')",
}


@pytest.mark.parametrize("what", LATE)
def test_what_is_committed_late_is_not_lost(concern, what):
    """Sums are counted while somebody is still writing; the next reader sees what was written."""
    with somebody_else() as cursor:
        cursor.execute(LATE[what].format(id=concern.pk))
        make.concern(district=concern.district, received_on=concern.received_on)  # the same month and area
        count_anew()
        assert not Change.objects.exists()
        before = kept_rows()
    assert Change.objects.exists()
    assert_nothing_drifted()
    assert kept_rows() != before


@pytest.mark.parametrize("what", [one for one in LATE if one != "a concern"])  # for that one, the second would wait
@pytest.mark.parametrize("moved", ["to another district", "to another month", "out of all figures"])
def test_a_concern_that_is_moved_while_somebody_writes_about_it(concern, what, moved):
    """Whoever wrote does not know where the concern lies now; it is counted there all the same."""
    changed = {
        "to another district": {"district": make.district()},
        "to another month": {"received_on": this_month()},
        "out of all figures": {"is_sensitive": True},
    }
    with somebody_else() as cursor:
        cursor.execute(LATE[what].format(id=concern.pk))
        Concern.objects.filter(pk=concern.pk).update(**changed[moved])
        count_anew()
        before = kept_rows()
    assert_nothing_drifted()
    assert (kept_rows() == before) == (moved == "out of all figures")


def test_a_concern_that_is_bundled_while_its_lead_is_forwarded(concern):
    """It goes the way of its lead, although neither of both writers saw what the other wrote."""
    follower = make.concern(received_on=this_month())
    Routing.objects.update(status="withdrawn", finished_at=timezone.now())
    count_anew()
    with somebody_else() as cursor:
        cursor.execute("UPDATE concerns_routing SET status = 'sent', finished_at = NULL")
        Concern.objects.filter(pk=follower.pk).update(lead=concern, status="forwarded", needs_triage=False)
        count_anew()
    assert_nothing_drifted()
    ways = KeptSum.objects.filter(measure="path", area=follower.district_id)
    assert list(ways.values_list("key", "n")) == [("forwarded", 1)]


def test_somebody_who_is_put_to_another_concern_while_being_told(concern):
    other = make.concern(received_on=this_month(), reporters=[])
    count_anew()
    with somebody_else() as cursor:
        cursor.execute("UPDATE concerns_feedback SET kind = 'interim', result = 'reached'")
        Reporter.objects.update(concern=other)
        count_anew()
    assert_nothing_drifted()
    interim = KeptSum.objects.filter(measure="person:interim", area=other.district_id)
    assert list(interim.values_list("month", "n")) == [(this_month(), 1)]


class Writer(threading.Thread):
    """Writes past the actions in transactions of its own, some of which are taken back."""

    def __init__(self, seed: int, districts: list[int]):
        super().__init__()
        self.random, self.districts, self.failed = Random(seed), districts, None
        self.attempts = count(1000 * (seed + 1))

    def run(self) -> None:
        try:
            for _ in range(40):
                # Two that wait for each other: the database ends one of them, and that is no change either.
                with suppress(OperationalError, InterruptedError), transaction.atomic():
                    for _ in range(self.random.randint(1, 3)):
                        self.write()
                    if self.random.random() < 0.2:
                        raise InterruptedError
        except BaseException as error:  # the test tells
            self.failed = error
        finally:
            connection.close()

    def some(self, model):
        return model.objects.filter(pk__in=self.random.sample(sorted(model.objects.values_list("pk", flat=True)), 2))

    def write(self) -> None:
        draw = self.random
        day = this_month() - timedelta(days=draw.choice([1, 20, 35]))
        draw.choice(
            [
                lambda: self.some(Concern).update(received_on=day),
                lambda: self.some(Concern).update(district=draw.choice([None, *self.districts])),
                lambda: self.some(Concern).update(kind=draw.choice(Concern.Kind.values)),
                lambda: self.some(Concern).update(is_sensitive=draw.random() < 0.3),
                lambda: self.some(Reporter).update(language=draw.choice(["de", "tr", "ar"])),
                lambda: self.some(Feedback).update(result=draw.choice(["reached", "undeliverable"])),
                lambda: make.reporter(concern=self.some(Concern)[0]),
                lambda: make.feedback(reporter=self.some(Reporter)[0], attempt=next(self.attempts)),
                lambda: self.some(Routing).update(status="withdrawn", finished_at=timezone.now()),
            ]
        )()


@pytest.mark.django_db(transaction=True)
def test_readers_and_writers_at_the_same_time():
    """Whatever the order of three writers and two readers: no reader sees a city that is not the sum of its districts,
    and in the end the sums are what a count of everything gives."""
    districts = [make.district(), make.district(), make.district()]
    for n in range(12):
        one = make.concern(district=districts[n % 3], received_on=this_month() - timedelta(days=1 + n * 4))
        make.routing(concern=one)
        make.feedback(reporter=one.reporters.get())
    writers = [Writer(seed, [one.pk for one in districts]) for seed in range(3)]
    whole = []

    def read() -> None:
        try:
            working = True
            while working:
                working = any(writer.is_alive() for writer in writers)  # looked at before: one look is always taken
                count_anew()
                whole.append(city_is_the_sum_of_its_areas(kept_rows()))
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    assert [writer.failed for writer in writers] == [None, None, None]
    assert whole
    assert all(whole)
    assert_nothing_drifted()


# --- What is left to do -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_count_that_fails_half_way_leaves_everything_to_be_counted(monkeypatch):
    make.concern()
    count_anew()
    make.concern()
    left = logged()
    before = list(KeptSum.objects.order_by("pk").values())

    def broken(months):
        raise RuntimeError

    monkeypatch.setattr("reports.sums._keep_city", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        count_anew()
    assert logged() == left
    assert list(KeptSum.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_more_than_a_page_can_count_is_left_to_the_worker(monkeypatch):
    make.concern()
    make.concern()
    monkeypatch.setattr("reports.sums.AT_ONCE", 1)
    with pytest.raises(StillCounting) as refused:
        count_anew(at_most=1)
    assert refused.value.left == concerns_to_count() == 2
    assert not KeptSum.objects.exists()
    count_anew(at_most=None)
    assert KeptSum.objects.filter(area=WHOLE_CITY, measure="all").get().n == 2
