"""Erasing, retention and telling people what is stored about them (Q02)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from concerns.actions import feedback
from concerns.actions.base import Conflict
from concerns.actions.intake import ReporterData
from concerns.actions.privacy import apply_retention, erase_reporter
from concerns.models import Concern, Draft, ErasureEntry, Feedback, LoopSettings, OutgoingMail, Reporter
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

INA = ReporterData(
    name="Ina Klee", email="ina@post.example", phone="0241 555 01", address="Gasse 1", channel="email",
    consent_store=True, consent_pass_on=True,
)  # fmt: skip


def stored_words() -> str:
    """Everything the loop's tables hold, as one text."""
    tables = (Reporter, Feedback, OutgoingMail, ErasureEntry)
    return "".join(str(list(model.objects.values())) for model in tables)


def later(**delta):
    return timezone.now() + timedelta(**delta)


@pytest.fixture
def told(mara, stadtbetrieb):
    """A closed concern whose reporter was told by mail."""
    concern = loop.answered(mara, stadtbetrieb, reporters=[INA])
    feedback.send_feedback(reporter=concern.reporters.get(), kind="final", text="Guten Tag Ina Klee", by=mara)
    run_jobs()
    loop.closing.close(concern=concern, by=mara, **loop.ANSWER)
    return concern.reporters.get()


def test_nothing_of_the_person_stays_but_the_fact(told, mara):
    erase_reporter(reporter=told, reason="request", by=mara)
    for secret in ("Ina", "Klee", "ina@", "0241", "Gasse"):
        assert secret not in stored_words()
    after = fresh(told)
    assert (after.feedback_state, after.attempts, after.consent_store) == ("done", 1, False)
    assert Concern.objects.get().status == "closed"
    assert list(ErasureEntry.objects.values_list("reason", "by")) == [("request", mara.pk)]
    with pytest.raises(Conflict):
        erase_reporter(reporter=told, reason="request", by=mara)


def test_who_was_not_told_yet_is_waived_with_the_reason(mara, stadtbetrieb):
    reporter = loop.answered(mara, stadtbetrieb, reporters=[INA]).reporters.get()
    erase_reporter(reporter=reporter, reason="request", by=mara)
    assert (fresh(reporter).feedback_state, fresh(reporter).waiver_reason, fresh(reporter).due) == (
        "impossible", "erased", "",
    )  # fmt: skip
    loop.closing.close(concern=reporter.concern, by=mara, **loop.ANSWER)


def test_not_while_a_mail_is_under_way(mara, stadtbetrieb):
    reporter = loop.answered(mara, stadtbetrieb, reporters=[INA]).reporters.get()
    feedback.send_feedback(reporter=reporter, kind="final", text="x", by=mara)
    with pytest.raises(Conflict, match="unterwegs"):
        erase_reporter(reporter=reporter, reason="request", by=mara)
    assert fresh(reporter).name == "Ina Klee"


class TestRetention:
    def test_after_the_set_months_and_not_before(self, told):
        assert apply_retention(at=later(days=360)) == 0
        assert apply_retention(at=later(days=370)) == 1
        assert apply_retention(at=later(days=370)) == 0
        assert ErasureEntry.objects.get().reason == "retention"

    def test_sensitive_concerns_have_a_shorter_time(self, told):
        Concern.objects.update(is_sensitive=True)
        assert apply_retention(at=later(days=80)) == 0
        assert apply_retention(at=later(days=95)) == 1

    def test_the_time_can_be_set(self, told):
        LoopSettings.objects.update_or_create(pk=1, defaults={"retention_months": 1})
        assert apply_retention(at=later(days=32)) == 1

    def test_open_concerns_and_open_promises_keep_their_people(self, told, mara, stadtbetrieb):
        Concern.objects.update(promise="open", outcome="planned", promised_on=make.today())
        loop.answered(mara, stadtbetrieb, reporters=[INA])
        assert apply_retention(at=later(days=4000)) == 0

    def test_drafts_nobody_came_back_to(self, mara):
        Draft.objects.create(user=mara, form="capture", data={})
        apply_retention(at=later(days=6))
        assert Draft.objects.count() == 1
        apply_retention(at=later(days=8))
        assert not Draft.objects.exists()


class TestPages:
    def test_the_export_holds_everything_and_only_the_own_team(self, told, mara, paul, preuswald, client_of):
        second = loop.log(mara, reporters=[INA])
        foreign = loop.log(paul, reporters=[INA], text="Geheim in Preuswald")
        response = client_of(mara).post(f"/anliegengeber/{told.pk}/auskunft/")
        rows = json.loads(response.content)["Auskunft"]
        assert [row["Anliegen"] for row in rows] == [told.concern.number, second.number]
        assert rows[0]["Rückmeldungen"][0]["Wortlaut"] == "Guten Tag Ina Klee"
        assert foreign.number not in response.content.decode()
        assert "Klee" not in response.headers["Content-Disposition"]
        assert told.concern.events.filter(kind="reporter_exported").count() == 1

    def test_erasing_needs_the_confirmation(self, told, mara, client_of):
        client = client_of(mara)
        assert client.post(f"/anliegengeber/{told.pk}/loeschen/").status_code == 422
        assert fresh(told).name == "Ina Klee"
        client.post(f"/anliegengeber/{told.pk}/loeschen/", {"confirmed": "on"})
        assert fresh(told).name == ""

    def test_strangers_get_nothing(self, told, paul, enno, silke, adam, client_of):
        for person in (paul, enno, silke, adam):
            for step in ("loeschen", "auskunft"):
                assert client_of(person).post(f"/anliegengeber/{told.pk}/{step}/").status_code == 404
        assert fresh(told).name == "Ina Klee"
