"""Two people at the same moment: two answers, sending twice, a link beside the mark of secrecy (real connections)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from concerns.models import Concern
from projects.actions import needs, theme_answers, theme_reports
from projects.models import ConcernNews, NeedConcern, ThemeRecipient
from tests import make, make_needs

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps):
    """What each step came to: its result or its refusal."""
    start = Barrier(len(steps))

    def run(step):
        try:
            start.wait(timeout=10)
            return step()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [type(one).__name__ for one in pool.map(run, steps)]


def test_one_answer_one_sending_and_no_sensitive_link(mara, enno, lena, ost, stadtbetrieb):
    need, concern = make_needs.need(districts=[ost]), make.concern(district=ost, owner=mara)
    make_needs.link(need, concern, by=mara)
    recipient = make_needs.sent(by=mara, department=stadtbetrieb, needs=[need], district=ost)
    known = {"recipient": recipient, "result": "known"}
    done = at_once(
        lambda: theme_answers.reply(**known, text="Eins.", by=enno),
        lambda: theme_answers.reply(**known, text="Zwei.", by=lena),
    )
    assert sorted(done) == ["Conflict", "ThemeRecipient"]
    assert (ConcernNews.objects.count(), ThemeRecipient.objects.get().text in {"Eins.", "Zwei."}) == (1, True)

    report = make_needs.draft(by=mara, needs=[need], district=ost)
    make_needs.recipient(report=report, by=mara, department=stadtbetrieb)
    done = at_once(*[lambda: theme_reports.send_report(report=report, by=mara)] * 2)
    assert sorted(done) == ["Conflict", "ThemeReport"]
    assert report.events.filter(kind="sent").count() == 1

    other = make.concern(district=ost, owner=mara)
    at_once(
        lambda: needs.link_concerns(need=need, concerns=[other], by=mara),
        lambda: Concern.objects.filter(pk=other.pk).update(is_sensitive=True),
    )
    assert not NeedConcern.objects.filter(concern=other).exists()
