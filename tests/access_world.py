"""The rows that the table of access speaks of: one of everything, made once for all people and addresses."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from concerns.actions.mail import link_token
from concerns.models import SavedView
from districts.actions.merging import merge_actors
from districts.roles import Role
from projects.actions import applications, theme_answers
from projects.actions.attainment import add_evidence, note_value, save_indicator, strike
from projects.models import ConcernNews, FundApplication
from tests import (
    make,
    make_bodies,
    make_documents,
    make_funds,
    make_handover,
    make_needs,
    make_offers,
    make_plans,
    make_posts,
    make_pr,
    make_projects,
    make_rooms,
)
from tests.access import TABLE


def make_world(cast: Mapping) -> dict:
    """The rows that the table speaks of; they belong to mara in Ost unless their name says otherwise."""
    concern = make.concern(district=cast["ost"], owner=cast["mara"])
    world = {
        "concern": concern,
        "routing": make.routing(concern=concern, department=cast["stadtbetrieb"]),
        "reporter": concern.reporters.get(),
        "sensitive": make.concern(
            district=cast["ost"], owner=cast["mara"], topic=make.topic(is_sensitive=True), is_sensitive=True
        ),
        "topic": concern.topic,
        "rule": make.rule(topic=concern.topic, department=cast["stadtbetrieb"]),
        "text_block": make.text_block(),
        "district": cast["ost"],
        "department": cast["stadtbetrieb"],
        "office": cast["mara"].office,
        "person": cast["mara"],
        "membership": cast["mara"].memberships.get(),
        "idle": make.user(role=Role.MANAGER, district=cast["ost"]),
    }
    world["slot"] = make.slot(office=world["office"])
    world["exception"] = make.exception(office=world["office"])
    external = make.department("EX 1", answers_by_link=True)
    world["link"] = SimpleNamespace(token=link_token(make.routing(department=external)))
    world["photo"] = make.photo(concern=concern)
    world["held_photo"] = make.held_photo(user=cast["mara"])
    world["feedback"] = make.feedback(reporter=world["reporter"])
    world["letter"] = make.letter(reporter=world["reporter"])
    world["letter_batch"] = world["letter"].batch
    world["saved_view"] = SavedView.objects.create(user=cast["mara"], name="Meine offenen", query="mine=on")
    world["indicator"] = make.indicator(name="Kinderarmut", unit="%")
    world["indicator_value"] = make.indicator_value(indicator=world["indicator"], district=cast["ost"])
    world["indicator_file"] = make.indicator_file(user=cast["silke"])
    world["sheet"] = make.sheet(district=cast["ost"], made_by=cast["mara"], concerns=[concern])
    world["report"] = make.report(districts=[cast["ost"]], by=cast["silke"])
    world["report_text"] = world["report"].texts.get(district=cast["ost"])
    run = {"purpose": "draft", "state": "done", "revision": 0, "requested_by": cast["silke"], "content": b"%PDF-1.7"}
    world["report"].runs.create(**run)
    world["released_report"] = make.released_report(by=cast["silke"])
    world["deputyship"] = make.deputyship(person=cast["mara"], deputy=world["idle"])
    _add_directory(world, cast)
    world["own_actor"] = cast["tara"].memberships.get().actor
    _add_rooms(world, cast)
    world["own_contact"] = make.contact_person(actor=world["own_actor"])
    _add_posts(world, cast)
    world["living_space"] = make_handover.living_space(district=cast["ost"])
    leaving = {"person": cast["mara"], "to": world["idle"]}
    world["handover"] = make_handover.proposal(**leaving, concern=[world["sensitive"]])
    _add_bodies(world, cast)
    _add_projects(world, cast)
    _add_plans(world, cast)
    _add_public_relations(world, cast)
    _add_funds(world, cast)
    _add_needs(world, cast)
    return world


def _add_posts(world: dict, cast: Mapping) -> None:
    """An assignment in Ost with a filled post, a carrier and a classification."""
    world["assignment"] = make_posts.assignment(districts=[cast["ost"]], by=cast["silke"])
    world["carrier"] = world["assignment"].carriers.get()
    world["post"] = make_posts.post(assignment=world["assignment"], by=cast["silke"])
    world["staffing"] = make_posts.staffing(post=world["post"], person=cast["mara"], by=cast["silke"])
    world["classification"] = make_posts.classification(district=cast["ost"], by=cast["silke"])


def _add_rooms(world: dict, cast: Mapping) -> None:
    """The office in Ost, shared with tara's carrier, and a room that is booked."""
    office = world["office"]
    world["share"] = make_rooms.share(office=office, district=cast["ost"], members=[world["own_actor"]])
    world["next_share"] = make_rooms.share(district=cast["ost"], status="idea")
    world["share_member"] = world["share"].members.get()
    world["room"] = make_rooms.room(office=office, name="Saal")
    world["booking"] = make_rooms.booking(room=world["room"], actor=world["own_actor"], by=cast["tara"])


def _add_directory(world: dict, cast: Mapping) -> None:
    """Actors in Ost with everything that hangs on them; `double` was merged into `actor`."""
    here = {"districts": [cast["ost"]]}
    actor, other, double = (make.actor(**here) for _ in range(3))
    world |= {"actor": actor, "network": make.network(members=[actor], **here)}
    world["contact"] = make.contact_person(actor=actor)
    world["contact_note"] = make.contact_note(actor=actor, district=cast["ost"], by=cast["mara"])
    world["relation"] = make.relation(source=actor, target=other, by=cast["mara"])
    world["network_membership"] = world["network"].memberships.get()
    world["actor_merge"] = merge_actors(kept=actor, merged=double, by=cast["mara"])
    world["actor_file"] = make.actor_file(user=cast["mara"])
    world["actor_type"] = actor.type
    _add_offers(world, cast)


def _add_offers(world: dict, cast: Mapping) -> None:
    """Offers in Ost: one that may be shown in public and one that may not; an open round, a file of mara's."""
    world["offer"] = make_offers.offer(provider=world["actor"], districts=[cast["ost"]])
    world["inner_offer"] = make_offers.offer(provider=world["actor"], districts=[cast["ost"]], is_public=False)
    world["round"] = make_offers.inventory_round(district=cast["ost"], by=cast["mara"])
    world["round_entry"] = world["round"].entries.get(offer=world["offer"])
    world["referral"] = make_offers.referral(concern=world["concern"], offer=world["offer"], by=cast["mara"])
    world["offer_file"] = make_offers.offer_file(user=cast["mara"], text="Angebot;Anbieter\nNeu;Unbekannt\n")


def _add_bodies(world: dict, cast: Mapping) -> None:
    """A public body in Ost to which E 18 belongs: a session it was invited to, and one that took place."""
    body = make_bodies.body(districts=[cast["ost"]], is_public=True)
    seat = make_bodies.member(body=body, department=cast["stadtbetrieb"], has_vote=False)
    make_bodies.member(body=body, actor=cast["tara"].memberships.get().actor, has_vote=False)
    session = make_bodies.session(body=body, invited_at=timezone.now(), status="invited")
    held = make_bodies.held(body=body, by=cast["mara"])
    world |= {"body": body, "body_member": seat, "session": session, "held": held}
    world["document"] = make_documents.of_body(body, by=cast["mara"], title="Geschäftsordnung")
    item = make_bodies.item(session=session)
    make_documents.of_item(item, by=cast["mara"], title="Entwurf des Verkehrskonzepts")
    world |= {"item": item, "body_follow_up": make_bodies.follow_up(body=body)}
    known = {"departments": [cast["stadtbetrieb"]], "districts": [cast["ost"]]}
    world["talk"] = make_bodies.talk(by=cast["mara"], **known)


def _add_needs(world: dict, cast: Mapping) -> None:
    """A need in Ost that the concern shows, a report about it to E 18 that is answered, one that waits, a draft."""
    by = cast["mara"]
    need = make_needs.need(districts=[cast["ost"]], keeper=by)
    make_needs.link(need, world["concern"], by=by)
    proof = make_needs.evidence(need=need, by=by)
    known = {"by": by, "needs": [need], "district": cast["ost"]}
    answered = make_needs.sent(department=cast["stadtbetrieb"], **known)
    theme_answers.reply(recipient=answered, result="declined", reason_category="funds", text="Nein.", by=cast["enno"])
    draft = make_needs.draft(**known)
    world |= {"need": need, "need_evidence": proof, "theme_draft": draft}
    world |= {"theme_recipient": make_needs.sent(department=cast["stadtbetrieb"], **known)}
    world |= {"theme_report": world["theme_recipient"].report, "theme_answered": answered}
    world |= {"draft_recipient": make_needs.recipient(report=draft, by=by, department=cast["stadtbetrieb"])}
    world["need_measure"] = make_needs.taken_up(need=need, measure=world["measure"], by=by)
    world["theme_news"] = ConcernNews.objects.get(news__recipient=answered)


def _add_projects(world: dict, cast: Mapping) -> None:
    """A public project in Ost of which E 18 and tara's carrier are partners, with an event; one that is completed."""
    mara, ost = cast["mara"], cast["ost"]
    world["decision"] = make_bodies.item(session=world["held"], kind="decision", decision="Wir machen das.")
    project = make_projects.project(by=mara, districts=[ost], concern=world["concern"], is_public=True)
    make_projects.partner(project=project, department=cast["stadtbetrieb"])
    world |= {"project": project, "project_concern": project.origins.get()}
    world["project_partner"] = make_projects.partner(project=project, actor=world["own_actor"], is_shared=True)
    world["project_task"] = make_projects.task(project=project)
    world["effect_check"] = make_projects.check(make_projects.completed(by=mara, districts=[ost]))
    world["event"] = make_projects.event(by=mara, district=ost, project=project, is_public=True)
    world["event"].organisers.add(world["actor"])
    world["event_photo"] = make_projects.photo(event=world["event"], by=mara)
    world["group"] = make_projects.group(actor=world["actor"], by=mara)


def _add_plans(world: dict, cast: Mapping) -> None:
    """A plan in force in Ost with everything that hangs on it, a draft, and money of a measure and of a project."""
    known = {"by": cast["silke"], "districts": [cast["ost"]]}
    plan, draft = make_plans.in_force(**known), make_plans.plan(**known)
    measure, goal = plan.measures.get(), plan.goals.get()
    indicator = save_indicator(goal=goal, by=cast["silke"], name="Angebote", kind="outcome")
    noted = {"goal": goal, "by": cast["silke"], "kind": "statement", "on": make.today()}
    evidence, wrong = (add_evidence(text=text, **noted) for text in ("Mehr Begegnung", "Falsch gehört"))
    strike(goal=goal, record=wrong, why="Galt einem anderen Ziel.", by=cast["silke"])
    world["goal_evidence"] = evidence
    of_measure = make_plans.indicator(goal=goal, measure=measure, by=cast["silke"])
    note_value(goal=goal, indicator=of_measure, year=2026, value=Decimal(30), by=cast["silke"])
    source, project = make_plans.source(), make_plans.project(districts=[cast["ost"]])
    make_plans.line(paid=measure, by=cast["silke"], source=source)
    world |= {"plan": plan, "plan_draft": draft, "draft_measure": make_plans.measure(plan=draft, by=cast["silke"])}
    world |= {"measure": measure, "goal": goal, "goal_draft": draft.goals.get(), "goal_indicator": indicator}
    world |= {"source": source, "paid_project": project}
    world["finance_line"] = make_plans.line(paid=project, by=cast["mara"], source=source)


def _add_public_relations(world: dict, cast: Mapping) -> None:
    """Items in Ost: a draft with an image, one that waits for approval, one that is approved; a clipping."""
    here = {"districts": [cast["ost"]], "by": cast["mara"]}
    world["pr_item"] = make_pr.item(**here)
    world["pr_image"] = make_pr.image(item=world["pr_item"], by=cast["mara"])
    world["pr_waiting"] = make_pr.item(status="submitted", **here)
    world["pr_approved"] = make_pr.item(status="approved", approver=cast["rita"], **here)
    world["clipping"] = make_pr.clipping(**here)


def _add_funds(world: dict, cast: Mapping) -> None:
    """A fund in Ost with money, and applications as far as the addresses need them."""
    fund = make_funds.fund(districts=[cast["ost"]], by=cast["silke"], budget=5000)
    who = {"fund": fund, "by": cast["asli"]}
    world |= {"fund": fund, "fund_year": make_funds.money(fund)}
    world["fund_round"] = fund.rounds.create(closes_on=make.today() + timedelta(days=30))
    world["application_draft"] = make_funds.application(**who)
    world["application_checking"] = make_funds.submitted(**who)
    applications.begin_check(application=world["application_checking"], by=cast["mara"])
    found = make_funds.checked(checker=cast["mara"], **who)
    member = make_bodies.member(body=fund.body)
    world["fund_item"] = make_funds.on_agenda(application=found, by=cast["mara"], members=[member])
    refused = {"overall": "not", "reason": "Das Projekt hat schon begonnen."}
    world["application_refused"] = make_funds.checked(checker=cast["mara"], **refused, **who)
    paid = make_funds.paid(checker=cast["mara"], **who)
    FundApplication.objects.filter(pk=paid.pk).update(proof_due_on=make.today() - timedelta(days=1))
    world["application_paid"] = paid
    make_documents.of_application(paid, by=cast["mara"], title="Angebot für die Bühne")
    make_documents.of_proof(paid, by=cast["mara"], title="Foto: das Fest", picture=True)
    second = make_funds.fund(districts=[cast["ost"]], by=cast["silke"], rules={"confirm": True})
    world["application_office"] = make_funds.decided(fund=second, by=cast["asli"], checker=cast["mara"])


def url_of(name: str, world: Mapping) -> str:
    """The address of a row in this world."""
    return reverse(name, kwargs={key: _value(value, world) for key, value in TABLE[name].kwargs.items()})


def _value(text, world: Mapping):
    found, _, attribute = str(text).partition(".")
    return getattr(world[found], attribute or "pk") if found in world else text
