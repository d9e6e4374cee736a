"""Status codes: read however they are typed, known by their hash alone, printed again, ended in time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from concerns import codes
from concerns.actions import bundling, closing, privacy, status_codes
from concerns.models import Concern, ConcernEvent, LoopSettings, Reporter, StatusCode
from tests import make
from tests.concerns import loop
from tests.concerns.test_topics import SETTINGS, url

PLANNED = {"outcome": "planned", "promised_on": make.today() + timedelta(days=400), "answer_text": "Im Frühjahr."}
OLD_KEY, NEW_KEY = "old-" + "k" * 60, "new-" + "k" * 60


def code_of(reporter: Reporter) -> str:
    return status_codes.show(reporter=reporter)


# --- Signs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-Q9XD-2HBT", "7k3mq9xd2hbt", " 7k3m q9xd 2hbt ", "7K3M–Q9XD—2HBT", "7K3M_Q9XD\u00a02HBT",
        "٧K٣M Q٩XD ٢HBT", "7К3М-Q9ХD-2НВТ", "７K3M-Q9XD-2HBT", "7K3M\u200b-Q9XD-2HBT\n",
    ],
)  # fmt: skip
def test_one_code_however_it_is_typed(typed):
    assert codes.read(typed) == "7K3MQ9XD2HBT"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("O0oI-1lLi-ıİUV", "00011111" + "11VV"), ("О0ІЅ 1234 5678", "001S12345678")],
)
def test_signs_that_look_alike_are_the_same(typed, read):
    assert codes.read(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "7K3M-Q9XD-2HB", "7K3M-Q9XD-2HBT7", "7K3M-Q9XD-2HB!", "ÄÖÜÄ-ÖÜÄÖ-ÜÄÖÜ", "a" * 9999]
)
def test_what_cannot_be_a_code(typed):
    assert codes.read(typed) == ""


def test_sixty_bits_of_signs_that_nobody_mistakes():
    assert len(set(codes.ALPHABET)) ** codes.LENGTH == 2**60
    assert set("ILOU") & set(codes.ALPHABET) == set()
    assert codes.from_bytes(bytes(8)) == "0" * 12
    assert codes.from_bytes(b"\xff" * 8) == "Z" * 12
    assert codes.in_groups(codes.from_bytes(bytes(range(1, 33)))) == "0410-6105-0R3G"


# --- Codes of people --------------------------------------------------------------------------------------------------


@pytest.fixture
def reporter(mara, ost):
    return make.concern(district=ost, owner=mara).reporters.get()


@pytest.mark.django_db
def test_the_same_code_every_time_and_only_its_hash_is_kept(reporter, mara):
    code = status_codes.show(reporter=reporter, by=mara)
    assert code_of(reporter) == code
    assert status_codes.find(typed=code.lower().replace("-", " ")).reporter == reporter
    row = StatusCode.objects.get()
    with connection.cursor() as cursor:
        stored = " ".join(map(str, cursor.execute("SELECT * FROM concerns_statuscode").fetchone()))
    assert [secret for secret in (code, codes.read(code), codes.read(code).lower()) if secret in stored] == []
    assert (row.digest, row.made_by) == (codes.digest(codes.read(code)), mara)


@pytest.mark.django_db
def test_everybody_has_a_code_of_their_own_in_a_concern_and_in_a_bundle(mara, ost):
    lead = make.concern(district=ost, owner=mara, reporters=[{}, {"kind": "anonymous"}])
    other = make.concern(district=ost, owner=mara)
    bundling.bundle(concern=other, lead=lead, by=mara)
    people = [*lead.reporters.all(), *other.reporters.all()]
    found = [status_codes.find(typed=code_of(one)).reporter for one in people]
    assert found == people
    assert len({code_of(one) for one in people}) == 3


@pytest.mark.django_db
def test_that_a_code_was_given_out_is_in_the_history_but_never_the_code(reporter, mara):
    code = status_codes.show(reporter=reporter, by=mara)
    code_of(reporter)
    event = ConcernEvent.objects.get(kind="status_code")
    assert (event.by, event.reporter, event.old, event.new, event.data) == (mara, reporter, "", "", {})
    assert codes.read(code) not in str(event.__dict__).replace("-", "").upper()


@pytest.mark.django_db
def test_an_old_secret_key_among_the_fallbacks_changes_nothing(reporter, settings):
    settings.SECRET_KEY = OLD_KEY
    code = code_of(reporter)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [OLD_KEY]
    assert code_of(reporter) == code
    assert status_codes.find(typed=code).reporter == reporter


@pytest.mark.django_db
def test_without_the_old_secret_key_old_codes_still_open_until_a_new_one_is_printed(reporter, settings):
    settings.SECRET_KEY = OLD_KEY
    old = code_of(reporter)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, []
    assert status_codes.find(typed=old).reporter == reporter
    new = code_of(reporter)
    assert (new == old, status_codes.find(typed=old)) == (False, None)
    assert status_codes.find(typed=new).reporter == reporter
    assert [event.new for event in ConcernEvent.objects.filter(kind="status_code")] == ["", "again"]


@pytest.mark.django_db
def test_nobody_is_given_a_code_where_it_could_do_harm_or_has_nobody_to_go_to(mara, ost):
    sensitive = make.concern(district=ost, owner=mara, is_sensitive=True)
    observed = make.concern(district=ost, owner=mara, reporters=[{"kind": "observation", "name": "", "phone": ""}])
    erased = make.concern(district=ost, owner=mara)
    privacy.erase_reporter(reporter=erased.reporters.get(), reason="request", by=mara)
    under = make.concern(district=ost, owner=mara)
    Concern.objects.filter(pk=under.pk).update(lead=sensitive)
    people = Reporter.objects.filter(concern__in=[sensitive, observed, erased, under])
    assert [code_of(one) for one in people] == ["", "", "", ""]
    assert StatusCode.objects.count() == 0


@pytest.mark.django_db
def test_erasing_the_person_ends_their_code_and_nobody_elses(mara, ost):
    concern = make.concern(district=ost, owner=mara, reporters=[{}, {}])
    one, other = concern.reporters.all()
    first, second = code_of(one), code_of(other)
    privacy.erase_reporter(reporter=one, reason="request", by=mara)
    assert (status_codes.find(typed=first), code_of(Reporter.objects.get(pk=one.pk))) == (None, "")
    assert status_codes.find(typed=second).reporter == other


# --- How long ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_code_ends_some_time_after_closing(mara, stadtbetrieb):
    LoopSettings.objects.update_or_create(pk=1, defaults={"status_days": 30})
    concern = loop.closed(mara, stadtbetrieb)
    reporter = concern.reporters.get()
    code, closed_at = code_of(reporter), loop.fresh(concern).closed_at
    last, over = closed_at + timedelta(days=30), closed_at + timedelta(days=30, seconds=1)
    assert status_codes.find(typed=code, at=last).reporter == reporter
    assert status_codes.find(typed=code, at=over) is None
    assert status_codes.show(reporter=reporter, at=over) == ""
    assert status_codes.find_by_digest(digest=codes.digest(codes.read(code)), at=over) is None


@pytest.mark.django_db
def test_an_open_concern_and_an_open_promise_keep_the_code_alive(mara, stadtbetrieb):
    promised = loop.closed(mara, stadtbetrieb, outcome=PLANNED)
    waiting = loop.log(mara)
    later = timezone.now() + timedelta(days=700)
    for concern in (promised, waiting):
        reporter = concern.reporters.get()
        assert status_codes.find(typed=code_of(reporter), at=later).reporter == reporter


@pytest.mark.django_db
def test_reopening_brings_a_code_back_and_the_nightly_job_removes_ended_ones(mara, stadtbetrieb):
    kinds = {"closed": {}, "promised": {"outcome": PLANNED}, "reopened": {}}
    concerns = {kind: loop.closed(mara, stadtbetrieb, **fields) for kind, fields in kinds.items()}
    people = {kind: concern.reporters.get() for kind, concern in concerns.items()}
    shown = {kind: code_of(reporter) for kind, reporter in people.items()}
    later = timezone.now() + timedelta(days=91)
    assert status_codes.find(typed=shown["reopened"], at=later) is None
    closing.reopen(concern=concerns["reopened"], reason="new_report", by=mara)
    assert status_codes.find(typed=shown["reopened"], at=later).reporter == people["reopened"]
    privacy.apply_retention(at=timezone.now() + timedelta(days=89))
    assert StatusCode.objects.count() == 3
    privacy.apply_retention(at=later)
    assert [row.reporter for row in StatusCode.objects.order_by("pk")] == [people["promised"], people["reopened"]]


@pytest.mark.django_db
def test_days_have_limits_in_form_and_database(silke):
    for days in ("0", "731", "x"):
        response = make.client_of(silke).post(url("deadlines"), {**SETTINGS, "status_days": days})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["status_days"])
    assert make.client_of(silke).post(url("deadlines"), {**SETTINGS, "status_days": "730"}).status_code == 303
    assert LoopSettings.load().status_days == 730


@pytest.mark.django_db(transaction=True)
def test_two_people_print_the_first_receipt_at_the_same_moment():
    reporter, start = make.concern().reporters.get(), Barrier(4)

    def show(_) -> str:
        start.wait()
        try:
            return code_of(Reporter.objects.get(pk=reporter.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        shown = list(pool.map(show, range(4)))
    assert len(set(shown)) == 1
    assert status_codes.find(typed=shown[0]).reporter == reporter
    assert ConcernEvent.objects.filter(kind="status_code").count() == 1
