"""Two people decide about the same project at the same moment, each on a connection of its own (Z29, N6)."""

import pytest

from projects.actions import effects, projects
from projects.models import EffectCheck, Project, ProjectLog
from tests import make, make_projects
from tests.concerns import loop
from tests.districts.test_offers_at_once import at_once
from tests.projects.test_project_concerns import told

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_project_has_one_end_and_its_people_hear_of_that_one(mara, silke, ost):
    concern = loop.log(mara, title="Beete", district=ost, topic=make.topic())
    project = make_projects.project(by=mara, districts=[ost], concern=concern)
    Project.objects.filter(pk=project.pk).update(status="running")
    done = at_once(
        lambda: make_projects.moved(project, to="completed", by=mara, version=1, news="Das Beet ist fertig."),
        lambda: make_projects.moved(project, to="dropped", by=silke, version=1),
    )
    assert sorted(done) == ["Conflict", "Project"]
    now = Project.objects.get()
    ends = {("completed", 3, "Das Beet ist fertig."), ("dropped", 0, "Das Geld fehlt.")}
    assert (now.status, now.checks.count(), loop.fresh(concern).answer_text) in ends
    assert (now.version, ProjectLog.objects.filter(kind="news_owed").count()) == (2, 1)


def test_the_question_whether_it_works_is_answered_once(mara, silke, ost):
    concern = loop.log(mara, title="Beete", district=ost, topic=make.topic())
    project = make_projects.completed(by=mara, districts=[ost])
    projects.link_concern(project=project, concern=concern, by=mara)
    told(concern, mara)
    check = make_projects.check(project)
    failed = {"answer": "failed", "note_text": "Verwildert.", "concerns": [concern]}
    done = at_once(
        lambda: effects.answer_check(check=check, answer="holds", by=silke),
        lambda: effects.answer_check(check=check, **failed, by=mara),
    )
    assert sorted(done) == ["Conflict", "EffectCheck"]
    now = EffectCheck.objects.get(pk=check.pk)
    found = (now.answer, now.answered_by, now.reopened, loop.fresh(concern).status)
    assert found in {("holds", silke, 0, "closed"), ("failed", mara, 1, "new")}
    assert ProjectLog.objects.filter(kind="checked").count() == 1
