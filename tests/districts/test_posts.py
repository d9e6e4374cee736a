"""Posts on a key date, gaps and terms: acceptance scenarios 7 and 8, and what the database refuses (Z06–Z08)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from districts.actions import assignments as actions
from districts.actions import posts as post_actions
from districts.actions.base import Conflict
from districts.actions.merging import merge_actors, undo_merge
from districts.actions.structure import save_structure
from districts.assigning import holds_on
from districts.models import (
    Assignment,
    AssignmentDecision,
    AssignmentTerm,
    DistrictClassification,
    DistrictStructure,
    Post,
    PostShare,
    Staffing,
    TaskDuty,
)
from districts.posts import overview
from districts.terms import expiring, term_words, timeline
from tests import make, make_posts
from tests.districts.test_assigning import DAYS, spans

pytestmark = pytest.mark.django_db
END_2018, END_2019 = date(2018, 12, 31), date(2019, 12, 31)


def gaps(day, **options):
    return [one.district.name for one in DistrictClassification.objects.without_management(day, **options)]


@pytest.fixture
def qfi(silke, ost):
    """A whole post until the end of 2018, extended by a year with half of it."""
    given = {"type": "thematic", "theme": "Integration", "programme": make_posts.programme(name="QFI")}
    made = make_posts.assignment(
        districts=[ost], starts_on=date(2016, 1, 1), ends_on=END_2018, on=date(2015, 12, 1), by=silke, **given
    )
    post = make_posts.post(assignment=made, district=ost, valid_from=date(2016, 1, 1), by=silke)
    actions.change_term(
        assignment=made, reason="extended", ends_on=END_2019, on=date(2018, 10, 2), reference="Bescheid 2", by=silke
    )
    post_actions.set_share(post=post, share=Decimal("0.5"), valid_from=date(2019, 1, 1), valid_to=END_2019, by=silke)
    return made


def test_scenario_7_a_quarter_with_challenges_without_anybody(silke, ost, preuswald):
    kullen = make.district(name="Kullen")
    for one in (ost, preuswald):
        make_posts.classification(district=one)
    make_posts.assignment(districts=[preuswald])
    make_posts.assignment(districts=[ost], ends_on=END_2018)
    make_posts.assignment(districts=[ost], status="applied")
    assert (gaps(END_2018), gaps(date(2019, 1, 1))) == ([], ["Aachen-Ost"])
    joint = make_posts.assignment(districts=[ost, kullen], starts_on=date(2019, 1, 1))
    assert (gaps(date(2019, 1, 1)), gaps(date(2019, 1, 1), leaving_out=[joint.pk])) == ([], ["Aachen-Ost"])


def test_scenario_8_the_extension_keeps_both_ends_and_the_half_post(qfi):
    qfi.refresh_from_db()
    steps = [(one.get_reason_display(), one.previous_end, one.ends_on) for one in qfi.terms.all()]
    assert steps == [("bewilligt", None, END_2018), ("verlängert", END_2018, END_2019)]
    assert qfi.ends_on == END_2019
    planned = {day: overview(Assignment.objects.all(), day).total.planned for day in (END_2018, END_2019)}
    assert {day: total.value for day, total in planned.items()} == {END_2018: Decimal(1), END_2019: Decimal("0.5")}
    assert overview(Assignment.objects.all(), date(2020, 1, 1)).lines == []


def test_an_application_for_more_time_leaves_the_end(qfi, silke):
    actions.change_term(assignment=qfi, reason="applied", ends_on=date(2021, 12, 31), on=date(2019, 3, 1), by=silke)
    qfi.refresh_from_db()
    (row,) = expiring(Assignment.objects.all(), date(2019, 7, 15))
    assert (qfi.ends_on, row.months, row.applied.ends_on) == (END_2019, 6, date(2021, 12, 31))


def test_sums_say_at_least_as_soon_as_one_share_is_unknown(qfi, ost, preuswald):
    known = make_posts.assignment(name="Allgemein", districts=[ost, preuswald])
    post = make_posts.post(assignment=known, share="1.00")
    make_posts.staffing(post=post, share="0.75")
    bare = make_posts.assignment(name="Ohne Stelle", districts=[preuswald])
    found = overview(Assignment.objects.all(), END_2018)
    assert [(line.assignment, str(line.planned), str(line.staffed), str(line.free)) for line in found.lines] == [
        (known, "1,0", "0,75", "0,25"), (qfi, "1,0", "0,0", "1,0"), (bare, "unbekannt", "unbekannt", "unbekannt"),
    ]  # fmt: skip
    assert (str(found.total.planned), found.total.planned.value) == ("mindestens 2,0", None)
    assert {one.label: str(one.planned) for one in found.by_place} == {
        "Ost": "1,0", "Ost + Preuswald": "1,0", "Preuswald": "unbekannt",
    }  # fmt: skip
    assert [line.notes for line in found.vacant] == [["0,25 nicht besetzt"], ["1,0 nicht besetzt"]]


def test_less_than_half_a_post_is_warned_about(ost):
    make_posts.post(assignment=make_posts.assignment(districts=[ost]), share="0.40")
    make_posts.post(assignment=make_posts.assignment(districts=[ost]), share="0.50")
    assert [str(one.planned) for one in overview(Assignment.objects.all(), END_2018).small] == ["0,4"]


def test_expiring_says_who_would_be_left_alone(qfi, silke, ost, preuswald):
    make_posts.classification(district=ost)
    (row,) = expiring(Assignment.objects.all(), date(2019, 7, 15))
    assert (row.left_alone, row.decision) == ([ost], None)
    actions.decide(assignment=qfi, choice="general", reason="Das Quartier braucht es.", on=date(2019, 7, 1), by=silke)
    make_posts.assignment(districts=[ost], starts_on=date(2020, 1, 1))
    (row,) = expiring(Assignment.objects.all(), date(2019, 7, 15))
    assert (row.left_alone, row.decision.choice) == ([], "general")
    assert expiring(Assignment.objects.all(), date(2018, 1, 15)) == []
    assert [one.months for one in expiring(Assignment.objects.all(), date(2020, 2, 1))] == [0]


def test_the_timeline_tells_shares_and_gaps(qfi, ost, preuswald):
    make_posts.classification(district=ost, valid_from=date(2016, 1, 1), valid_to=date(2020, 6, 30))
    track, other = timeline(Assignment.objects.all(), 2015)
    assert [(cell.year, cell.words) for cell in track.rows[0].cells if cell.state] == [
        (2016, "1,0"), (2017, "1,0"), (2018, "1,0"), (2019, "0,5"),
    ]  # fmt: skip
    assert track.gap_words == ["01.01.2020 bis 30.06.2020"]
    assert [cell.year for cell in track.gaps if cell.state] == [2020]
    assert (other.district, other.rows, other.gap_words) == (preuswald, [], [])


def test_a_quarter_that_was_dissolved_is_no_gap_any_more(ost, silke):
    make_posts.classification(district=ost)
    type(ost).objects.filter(pk=ost.pk).update(valid_to=END_2018)
    assert (gaps(END_2018), gaps(date(2019, 1, 1))) == (["Aachen-Ost"], [])
    (track,) = timeline(Assignment.objects.all(), 2018)
    assert (track.is_challenged, track.gap_words) == (True, ["01.01.2018 bis 31.12.2018"])
    assert timeline(Assignment.objects.all(), 2019) == []


def test_the_timeline_names_challenges_of_its_years_only(ost):
    make_posts.classification(district=ost, valid_to=date(2014, 12, 31))
    assert [track.is_challenged for track in timeline(Assignment.objects.all(), 2014)] == [True]
    assert [track.is_challenged for track in timeline(Assignment.objects.all(), 2015)] == [False]


def test_somebody_on_a_post_of_unknown_size_is_not_lost(ost):
    post = make_posts.post(assignment=make_posts.assignment(districts=[ost]), valid_to=END_2018)
    make_posts.staffing(post=post, name="Fachkraft", share="0.50")
    (line,) = overview(Assignment.objects.all(), END_2019).lines
    assert (str(line.planned), str(line.staffed), [one.name for one in line.people]) == (
        "unbekannt", "0,5", ["Fachkraft"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "begin", "end", "words"),
    [
        ("aimed", date(2031, 1, 1), None, "ab 01.01.2031, Ende offen"),
        ("decided", date(2031, 1, 1), None, "ab 01.01.2031, unbefristet"),
        ("running", None, None, "unbefristet, Beginn nicht bekannt"),
        ("aimed", None, None, "Beginn und Ende offen"),
        ("running", None, END_2019, "Beginn nicht bekannt, bis 31.12.2019"),
        ("running", END_2018, END_2019, "31.12.2018 bis 31.12.2019"),
    ],
)
def test_terms_in_words(status, begin, end, words):
    assert term_words(Assignment(status=status, starts_on=begin, ends_on=end)) == words


def test_the_timeline_adds_posts_up_and_shows_a_change_within_a_year(silke, ost, preuswald):
    held = make_posts.assignment(districts=[ost, preuswald])
    make_posts.post(assignment=held, district=ost, share="0.50", valid_from=date(2016, 7, 1))
    joint = make_posts.post(assignment=held, share="1.00", valid_from=date(2017, 1, 1))
    post_actions.set_share(post=joint, share=None, valid_from=date(2018, 4, 1), valid_to=None, by=silke)
    here, there = (track.rows[0].cells for track in timeline(Assignment.objects.all(), 2015))
    assert [cell.words for cell in here][:5] == ["unbekannt", "0,5", "1,5", "1,5 → mindestens 0,5", "mindestens 0,5"]
    assert [cell.words for cell in there][:5] == ["unbekannt", "unbekannt", "1,0", "1,0 → unbekannt", "unbekannt"]


def test_merging_doubles_takes_their_assignments_along_and_back(qfi, silke):
    kept, double = make_posts.carrier(), qfi.carriers.get().actor
    actions.set_model(
        assignment=qfi, version=Assignment.objects.get().version, by=silke, model=0, steering_actor=double
    )
    make_posts.agreement(assignment=qfi, parts=[(double, "responsible")])

    def who():
        duty = TaskDuty.objects.get()
        return {qfi.carriers.get().actor, Assignment.objects.get().steering_actor, duty.actor}

    merge = merge_actors(kept=kept, merged=double, by=silke)
    assert who() == {kept}
    undo_merge(merge=merge, by=silke)
    assert who() == {double}


# --- As of any day ----------------------------------------------------------------------------------------------------


class AsOf(TestCase):
    """The questions asked of the database against a naive look at every row."""

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(spans(), st.sampled_from(["aimed", "decided", "running"])), max_size=4), spans())
    def test_who_supports_whom_on_any_day(self, rows, classified):
        district = make.district()
        for (begin, end), status in rows:
            make_posts.assignment(districts=[district], starts_on=begin, ends_on=end, status=status)
        make_posts.classification(district=district, valid_from=classified[0], valid_to=classified[1])
        for day in DAYS[::6]:
            standing = [row for row in rows if row[1] != "aimed" and holds_on(day, *row[0])]
            assert Assignment.objects.standing_on(day).count() == len(standing)
            assert bool(gaps(day)) == (holds_on(day, *classified) and not standing)
            assert len(overview(Assignment.objects.all(), day).lines) == len(standing)

    @settings(max_examples=20, deadline=None)
    @given(st.lists(spans(), min_size=1, max_size=4))
    def test_a_post_never_has_two_shares_on_a_day(self, rows):
        post, silke = make_posts.post(valid_from=DAYS[0], valid_to=DAYS[3]), make_posts.planner()
        for begin, end in rows:
            try:
                post_actions.set_share(post=post, share=Decimal("0.5"), valid_from=begin, valid_to=end, by=silke)
            except ValidationError:
                continue
            shares = list(post.shares.all())
            for day in (*DAYS, date(1990, 1, 1), date(2100, 1, 1)):
                assert sum(holds_on(day, one.valid_from, one.valid_to) for one in shares) <= 1
            assert post.shares.filter(valid_from=begin, valid_to=end).exists()


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(name: str, make_row) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_row()


def test_the_database_refuses_overlaps_and_nonsense(qfi, silke, ost):
    post = qfi.posts.get()
    refused("post_share_one_at_a_time", lambda: PostShare.objects.create(post=post, share=1, valid_from=END_2019))
    refused("post_share_is_positive", lambda: PostShare.objects.create(post=post, share=0, valid_from=date(2030, 1, 1)))
    make_posts.classification(district=ost, valid_from=date(2015, 1, 1), valid_to=END_2018)
    again = {"district": ost, "kind": "challenged", "basis": "x", "valid_from": END_2018}
    refused("classification_once", lambda: DistrictClassification.objects.create(**again))
    carrier = qfi.carriers.get()
    refused("one_carrier_at_a_time", lambda: qfi.carriers.create(actor=make_posts.carrier(), valid_from=END_2018))
    refused("once_at_a_time", lambda: qfi.carriers.create(actor=carrier.actor, role="partner", valid_from=END_2018))
    refused("expired_has_end", lambda: Assignment.objects.create(name="x", type="general", status="expired"))
    ended = {"name": "x", "type": "general", "status": "continued", "ends_on": END_2019}
    refused("continued_has_no_end", lambda: Assignment.objects.create(**ended))
    backwards = {"reason": "extended", "previous_end": END_2019, "ends_on": END_2018, "on": END_2018, "by": silke}
    refused("goes_the_right_way", lambda: AssignmentTerm.objects.create(assignment=qfi, **backwards))
    empty = {"choice": "expire", "reason": "", "on": END_2018, "by": silke}
    refused("has_reason", lambda: AssignmentDecision.objects.create(assignment=qfi, **empty))
    both = {"person": silke, "name": "N. N.", "share": 1}
    refused("a_person_or_a_name", lambda: Staffing.objects.create(post=post, **both))
    refused("staffing_role_known", lambda: Staffing.objects.create(post=post, name="N. N.", role="x"))
    refused("assignment_type_known", lambda: Assignment.objects.create(name="x", type="x"))
    refused("carrier_role_known", lambda: qfi.carriers.update(role="x"))


@pytest.mark.parametrize("rows", ["terms", "events", "decisions"])
def test_history_only_grows(qfi, silke, rows):
    actions.decide(assignment=qfi, choice="expire", reason="Nur eine Zielgruppe.", on=END_2018, by=silke)
    refused("append-only", lambda: getattr(qfi, rows).update(at="2020-01-01T00:00Z"))
    refused("append-only", lambda: getattr(qfi, rows).all()._raw_delete("default"))


def test_nobody_does_more_than_one_whole_post(qfi, mara, silke):
    first, second = qfi.posts.get(), make_posts.post()
    make_posts.staffing(post=first, person=mara, share="0.75", valid_to=END_2018)
    with pytest.raises(ValidationError, match="zusammen auf 1,25 Stellen"):
        make_posts.staffing(post=second, person=mara, share="0.50", valid_from=END_2018)
    given = {"post": second, "person": mara, "share": Decimal("0.50")}
    refused("more than one whole post", lambda: Staffing.objects.create(valid_from=END_2018, **given))
    later = Staffing.objects.create(valid_from=date(2019, 1, 1), **given)
    refused("more than one whole post", lambda: Staffing.objects.filter(pk=later.pk).update(valid_from=None))
    make_posts.staffing(post=second, name="N. N.", share="1.00")


def test_nobody_fills_more_of_a_post_than_there_is(silke, mara):
    post = make_posts.post(share="0.75", valid_from=date(2019, 1, 1), by=silke)
    with pytest.raises(ValidationError, match=r"hat ab 01\.01\.2019 nur 0,75"):
        make_posts.staffing(post=post, person=mara, share="0.90")
    make_posts.staffing(post=post, person=mara, share="0.90", valid_to=END_2018)
    filled = make_posts.staffing(post=post, name="N. N.", share="0.75", valid_from=END_2019)
    with pytest.raises(ValidationError, match=r"N\. N\. hat ab 01\.01\.2021 0,75 dieser"):
        post_actions.set_share(post=post, share=Decimal("0.50"), valid_from=date(2021, 1, 1), valid_to=None, by=silke)
    assert post.shares.count() == 1
    for row, share in ((filled, "0.76"), (post.shares.get(), "0.74")):
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(share=Decimal(share))
            with pytest.raises(IntegrityError, match="more of a post"), transaction.atomic():
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)


def test_after_a_share_for_a_time_the_old_one_holds_again(silke):
    post = make_posts.post(share="1.00", valid_to=date(2022, 12, 31), by=silke)

    def give(share, first, last):
        post_actions.set_share(post=post, share=Decimal(share), valid_from=first, valid_to=last, by=silke)
        return [(one.words, one.valid_from, one.valid_to) for one in post.shares.all()]

    begins, ends, back = date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 1)
    rest = ("1,0", back, date(2022, 12, 31))
    assert give("0.50", begins, ends) == [("1,0", None, date(2020, 12, 31)), ("0,5", begins, ends), rest]
    assert give("0.75", begins, ends)[1:] == [("0,75", begins, ends), rest]
    mid = date(2021, 3, 31)
    found = give("0.25", begins, mid)
    assert found[1:] == [("0,25", begins, mid), ("0,75", date(2021, 4, 1), ends), rest]
    assert give("0.50", date(2022, 1, 1), date(2023, 6, 30))[-1] == ("0,5", date(2022, 1, 1), date(2023, 6, 30))


def test_a_task_that_both_doubles_had_keeps_one_line(qfi, silke):
    kept, double = make_posts.carrier(), make_posts.carrier()
    make_posts.agreement(assignment=qfi, parts=[(double, "responsible"), (kept, "participating")])
    make_posts.agreement(assignment=qfi, task="TA02", parts=[(double, "participating"), (kept, "responsible")])

    def lines():
        return set(TaskDuty.objects.values_list("agreement__task", "actor", "part"))

    before = lines()
    merge = merge_actors(kept=kept, merged=double, by=silke)
    assert lines() == {("TA01", kept.pk, "responsible"), ("TA02", kept.pk, "responsible")}
    undo_merge(merge=merge, by=silke)
    assert lines() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_do_not_both_take_the_last_free_half(mara, silke):
    make_posts.staffing(post=make_posts.post(), person=mara, share="0.50")
    posts = [make_posts.post(), make_posts.post()]
    barrier, answers = Barrier(2), []

    def plan(post: Post) -> None:
        try:
            barrier.wait()
            make_posts.staffing(post=post, person=mara, share="0.50", by=silke)
            answers.append("done")
        except ValidationError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=plan, args=[post]) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "refused"]


def test_a_decision_with_an_end_that_is_none_leaves_no_trace(qfi, silke):
    before = (qfi.events.count(), qfi.terms.count())
    with pytest.raises(ValidationError) as refusal:
        actions.decide(
            assignment=qfi, choice="extend", reason="Länger.", on=END_2018, new_end=END_2018, by=silke
        )  # fmt: skip
    assert refusal.value.message_dict == {"new_end": ["Eine Verlängerung reicht über den 31.12.2019 hinaus."]}
    assert (qfi.decisions.count(), qfi.events.count(), qfi.terms.count()) == (0, *before)


def test_a_decision_stands_there_once(qfi, silke):
    known = {"assignment": qfi, "choice": "general", "reason": "Das Quartier braucht es.", "on": END_2018, "by": silke}
    actions.decide(**known, reference="FB 56/0123/WP17")
    for again in ({"reference": "fb 56/0123/wp17", "reason": "Anders gesagt."}, {"reference": "FB 56/0123/WP17"}):
        with pytest.raises(ValidationError) as refusal:
            actions.decide(**known | again)
        assert list(refusal.value.message_dict) == ["reference"]
    actions.decide(**known)
    with pytest.raises(ValidationError):
        actions.decide(**known)
    actions.decide(**known | {"choice": "expire", "reference": "FB 56/0123/WP17"})
    assert (qfi.decisions.count(), qfi.events.filter(kind="decided").count()) == (3, 3)


def test_a_decision_to_extend_moves_the_end_in_the_same_step(qfi, silke):
    end = date(2021, 6, 30)
    actions.decide(assignment=qfi, choice="extend", reason="Länger.", on=END_2018, new_end=end, by=silke)
    qfi.refresh_from_db()
    assert (qfi.ends_on, [one.reason for one in qfi.terms.all()]) == (end, ["granted", "extended", "extended"])


def test_states_follow_the_table(silke, ost):
    made = make_posts.assignment(districts=[ost], status="aimed")
    with pytest.raises(actions.Conflict):
        actions.move_assignment(assignment=made, status="running", by=silke)
    for status in ("decided", "running"):
        actions.move_assignment(assignment=made, status=status, by=silke)
    with pytest.raises(ValidationError, match="ohne Ende"):
        actions.move_assignment(assignment=made, status="expired", by=silke)
    actions.move_assignment(assignment=made, status="continued", by=silke)
    end = {"reason": "shortened", "ends_on": END_2018, "on": END_2018, "by": silke}
    with pytest.raises(ValidationError, match="auf „laufend“"):
        actions.change_term(assignment=made, **end)
    moves = [(one.source, one.target) for one in made.events.filter(kind="moved").order_by("pk")]
    assert moves == [("aimed", "decided"), ("decided", "running"), ("running", "continued")]
    actions.move_assignment(assignment=made, status="running", by=silke)
    actions.change_term(assignment=made, **end)
    assert actions.move_assignment(assignment=made, status="expired", by=silke).status == "expired"


def test_an_end_is_granted_with_the_decision_and_on_the_day_in_the_city(silke, ost):
    late = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight in the city
    at_once = make_posts.assignment(districts=[ost], ends_on=END_2019, at=late)
    planned = make_posts.assignment(districts=[ost], status="aimed", ends_on=END_2019)
    assert planned.terms.count() == 0
    for _ in range(2):
        actions.move_assignment(assignment=planned, status="decided", at=late, by=silke)
        actions.move_assignment(assignment=planned, status="applied", at=late, by=silke)
    for made in (at_once, planned):
        assert [(one.reason, one.ends_on, one.on) for one in made.terms.all()] == [
            ("granted", END_2019, date(2024, 7, 1))
        ]


def test_nothing_has_run_out_before_its_last_day_or_is_made_permanent_after(silke, ost):
    made = make_posts.assignment(districts=[ost], ends_on=make.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="läuft noch bis"):
        actions.move_assignment(assignment=made, status="expired", by=silke)
    actions.change_term(assignment=made, reason="shortened", ends_on=make.today(), on=make.today(), by=silke)
    actions.move_assignment(assignment=made, status="expired", by=silke)
    for reason, end in (("permanent", None), ("extended", make.today() + timedelta(days=99))):
        with pytest.raises(ValidationError) as refusal:
            actions.change_term(assignment=made, reason=reason, ends_on=end, on=make.today(), by=silke)
        assert list(refusal.value.message_dict) == ["ends_on"]


def test_nobody_who_has_left_fills_a_post_or_steers(silke, ost, preuswald):
    gone, today = make.user(is_active=False), make.today()
    post = make_posts.post()
    with pytest.raises(ValidationError, match="ist geschlossen"):
        make_posts.staffing(post=post, person=gone)
    past = make_posts.staffing(post=post, person=gone, valid_to=today)
    later = today + timedelta(days=2)
    closed = "access is closed"
    refused(closed, lambda: Staffing.objects.create(post=make_posts.post(), person=gone, share=1))
    refused(closed, lambda: Staffing.objects.filter(pk=past.pk).update(valid_to=later))
    refused(closed, lambda: DistrictStructure.objects.create(district=ost, deputy=gone))
    held = DistrictStructure.objects.create(district=preuswald, coordinator=silke)
    refused(closed, lambda: DistrictStructure.objects.filter(pk=held.pk).update(coordinator=gone))
    with pytest.raises(ValidationError) as refusal:
        save_structure(district=ost, version=0, by=silke, coordinator=gone)
    assert list(refusal.value.message_dict) == ["coordinator"]
    Staffing.objects.filter(pk=past.pk).update(valid_from=today - timedelta(days=9))


def test_an_actor_that_was_merged_meanwhile_gets_nothing_new(qfi, silke):
    double = make_posts.carrier()
    merge_actors(kept=make_posts.carrier(), merged=double, by=silke)
    version = Assignment.objects.get().version
    with pytest.raises(Conflict):
        actions.set_model(assignment=qfi, version=version, by=silke, model=0, planning_actor=double)
    with pytest.raises(Conflict):
        make_posts.agreement(assignment=qfi, parts=[(double, "responsible")])
    assert (Assignment.objects.get().planning_actor, TaskDuty.objects.count()) == (None, 0)
