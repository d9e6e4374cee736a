"""The same thing is removed twice, or changed while somebody removes it: a sentence, never a crash (Z19, K16)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from projects.actions import sessions, theme_reports
from projects.actions.base import Conflict
from projects.models import Session, ThemeReport
from tests import make_bodies, make_needs


@pytest.mark.django_db
def test_a_date_that_is_gone(mara, ost):
    session = make_bodies.session(body=make_bodies.body(districts=[ost]))
    seen = Session.objects.get(pk=session.pk)
    sessions.remove_session(session=session, by=mara)
    with pytest.raises(Conflict, match="inzwischen entfernt"):
        sessions.remove_session(session=seen, by=mara)


@pytest.mark.django_db
def test_a_draft_and_a_recipient_that_are_gone(mara, ost, stadtbetrieb):
    report = make_needs.draft(by=mara, needs=[make_needs.need(districts=[ost])], district=ost)
    recipient = make_needs.recipient(report=report, by=mara, department=stadtbetrieb)
    seen, row = ThemeReport.objects.get(pk=report.pk), type(recipient).objects.get(pk=recipient.pk)
    theme_reports.remove_recipient(recipient=recipient, by=mara)
    with pytest.raises(Conflict, match="aus dem Entwurf genommen"):
        theme_reports.remove_recipient(recipient=row, by=mara)
    theme_reports.discard(report=report, by=mara)
    for act in (theme_reports.discard, theme_reports.send_report):
        with pytest.raises(Conflict, match="inzwischen gelöscht"):
            act(report=seen, by=mara)


def _all_at_once(*posts):
    """Status and address of each answer."""
    start = Barrier(len(posts))

    def run(post):
        client, url, data = post
        try:
            start.wait(timeout=60)
            answer = client.post(url, data)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(run, posts))


@pytest.mark.django_db(transaction=True)
def test_pages_tell_it(client_of, mara, silke, ost):
    """Whoever is late gets 404 before the lock or a message after it."""
    body = make_bodies.body(districts=[ost])
    session = make_bodies.session(body=body)
    report = make_needs.draft(by=mara, needs=[make_needs.need(districts=[ost])], district=ost)
    for address, row, to in (
        ("session_remove", session, body.get_absolute_url()),
        ("theme_report_discard", report, reverse("projects:theme_reports")),
    ):
        url = reverse(f"projects:{address}", args=[row.pk])
        done = _all_at_once(*((client_of(by), url, {}) for by in (mara, silke, mara, silke)))
        assert (set(done) - {(404, "")}, type(row).objects.count()) == ({(303, to)}, 0)
    other = make_bodies.session(body=body)
    remove, edit = (reverse(f"projects:{name}", args=[other.pk]) for name in ("session_remove", "session_edit"))
    form = client_of(silke).get(edit).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"place": "Saal", "version": other.version + 1}
    done = _all_at_once((client_of(mara), remove, {}), (client_of(silke), edit, typed))
    assert (done[0][0], done[1][0] in {404, 409}, Session.objects.count()) == (303, True, 0)
