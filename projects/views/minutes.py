"""Attendance, minutes and their approval (Z19)."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from concerns.actions.base import NotReady
from concerns.models import Draft
from concerns.views.drafts import draft_of, draft_values, owner_mark, unstash
from districts.access import requires
from projects.actions import agenda
from projects.actions import sessions as actions
from projects.actions.base import Conflict, LoopError
from projects.forms.sessions import ApproveForm, AttendanceForm, MinutesItemForm, ToldForm, seen_mark
from projects.models import AgendaItem, BodyConcern, Session, ThemeRecipient
from projects.proposals import answers_for, replies_for, reported, told_answers, unapproved
from projects.session_page import carried, given_in, quorum, with_applications
from projects.views.bodies import MAY_EDIT, MAY_WRITE
from projects.views.sessions import frame, session_to_edit
from projects.workflow import ItemKind, SessionStatus
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

TYPED = re.compile(r"top-(?P<pk>\d+)-(?P<name>minutes|decision)")


def session_to_write(request: HttpRequest, pk: int) -> Session:
    """A session whose minutes this person writes; 404 otherwise."""
    found = Session.objects.writable_by(request.user).select_related("body", "office")
    return get_object_or_404(found, pk=pk)


def too_late(request: HttpRequest, session: Session) -> HttpResponseBase | None:
    """Leads back where there is nothing to write any more, or not yet."""
    if request.method == "GET" and session.status != SessionStatus.HELD:
        text = "Die Sitzung hat noch nicht begonnen." if session.is_ahead else "Hier lässt sich nichts mehr ändern."
        notify(request, text, level="info")
        return redirect_to(request, session)
    return None


@requires(*MAY_WRITE)
def attendance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Note who is there."""
    session = session_to_write(request, pk)
    if answer := too_late(request, session):
        return answer
    members = session.body.members.valid_on(session.on).with_names()
    form, status, differences = AttendanceForm(request.POST or None, session=session, members=members), 200, ()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.note_attendance(session=session, by=request.user, **form.written)
            except LoopError as error:
                form.add_error(None, str(error))
                status = 409 if isinstance(error, Conflict) else 422
                differences = form.on_top_of(session_to_write(request, pk)) if status == 409 else ()
            else:
                notify(request, "Anwesenheit gespeichert.")
                return redirect_to(request, session)
    context = frame(session, "Anwesenheit", form=form, differences=differences)
    return render_page(request, "projects/sessions/attendance.html", context, status=status)


@dataclass
class Desk:
    """All forms of the minutes page."""

    session: Session
    items: list[AgendaItem]
    forms: list[MinutesItemForm]
    told: ToldForm
    answers: list[tuple[BodyConcern, str]]
    told_answers: ToldForm
    theme_answers: list[tuple[ThemeRecipient, str]]
    lost: list[tuple[str, str, str]]  # what was typed about items that are no longer on the agenda

    @classmethod
    def of(cls, session: Session, data: QueryDict | None) -> "Desk":
        """The forms with what is stored, or with what somebody typed."""
        items = list(with_applications(session.items))
        lost = _removed(data, items) if data else []
        if data is not None:
            data = _with_new_items(data, items)
        forms = [MinutesItemForm(data, instance=item, prefix=f"top-{item.pk}") for item in items]
        known = reported(session)
        answers = [(one.raised, one.text) for one in known]
        answers += [(one.raised, one.answer) for one in replies_for(session)]
        choices = [(one.pk, f"{one.concern.number} {one.concern.title}") for one, _ in answers]
        told = ToldForm(data, choices=choices, known=[one.raised_id for one in known])
        heard = told_answers(session)
        themes = [(one.recipient, one.text) for one in heard]
        themes += [(one.recipient, one.answer) for one in answers_for(session)]
        labels = [(one.pk, f"{one.report.title}: {one.label}") for one, _ in themes]
        told_themes = ToldForm(data, choices=labels, known=[one.recipient_id for one in heard], prefix="themen")
        told_themes.fields["told"].help_text = ""
        told_themes.fields["told"].label = "Antworten auf Themenmeldungen, die berichtet wurden"
        return cls(session, items, forms, told, answers, told_themes, themes, lost)

    @property
    def has_replies(self) -> bool:
        """Whether the agenda has an item for the replies of the administration."""
        return any(item.kind == ItemKind.REPLIES for item in self.items)

    @property
    def has_answers(self) -> bool:
        """Whether there is an answer that can be reported."""
        return bool(self.answers or self.theme_answers)

    def is_valid(self) -> bool:
        """Whether everything can be stored."""
        return all([*(form.is_valid() for form in self.forms), self.told.is_valid(), self.told_answers.is_valid()])

    def differences(self) -> list[tuple[str, str, str]]:
        """What is stored by now and what was typed where both changed; saving again overwrites it knowingly."""
        found, now = list(self.lost), {one.pk: one for one in self.session.items.all()}
        for form in self.forms:
            if form.instance.pk not in now:
                found += _removed(form.data, list(now.values()))
                continue
            item, written = now[form.instance.pk], form.written
            data = form.data = form.data.copy()
            if written.touched and item.version != written.version:
                found += _compared(item, form)
            data[f"{form.prefix}-version"] = str(item.version)
            if not written.touched:
                _take(data, form.prefix, item)
        self.forms = [form for form in self.forms if form.instance.pk in now]
        return found


def _with_new_items(data: QueryDict, items: list[AgendaItem]) -> QueryDict:
    """What somebody typed, with what is stored of items that came onto the agenda after they opened the page."""
    data = data.copy()
    for item in items:
        if f"top-{item.pk}-version" not in data:
            _take(data, f"top-{item.pk}", item)
            data[f"top-{item.pk}-version"] = str(item.version)
    return data


def _removed(data: QueryDict, items: list[AgendaItem]) -> list[tuple[str, str, str]]:
    """What somebody typed about items that were taken off the agenda after they opened the page."""
    there, rows = {str(item.pk) for item in items}, []
    for name, typed in data.items():
        found = TYPED.fullmatch(name)
        if found and found["pk"] not in there and typed.strip():
            label = "Protokoll" if found["name"] == "minutes" else "Beschluss"
            rows.append((f"{label} zu einem Punkt, der nicht mehr auf der Tagesordnung steht", "–", typed))
    return rows


def _take(data: QueryDict, prefix: str, item: AgendaItem) -> None:
    """Show what somebody else has written where this person has changed nothing."""
    for name in agenda.WORDS:
        value = getattr(item, name)
        data[f"{prefix}-{name}"] = "" if value is None else str(value)
    data[f"{prefix}-seen"] = seen_mark(item)


def _compared(item: AgendaItem, form: MinutesItemForm) -> list[tuple[str, str, str]]:
    rows = []
    for name in agenda.WORDS:
        stored, typed = getattr(item, name), form.cleaned_data[name]
        if stored != typed:
            words = ["–" if value in (None, "") else str(value) for value in (stored, typed)]
            rows.append((f"{item}: {form.fields[name].label}", *words))
    return rows


@requires(*MAY_WRITE)
def minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the minutes; what is typed is kept as a draft, and nobody overwrites somebody else unknowingly."""
    session = session_to_write(request, pk)
    if answer := too_late(request, session):
        return answer
    if request.method == "POST":
        return _save(request, session)
    unstash(request)
    draft = draft_of(request.user, agenda.draft_key(session))
    desk = Desk.of(session, draft_values(draft) if draft else None)
    return _show(request, desk, draft=draft, differences=desk.lost)


def _save(request: HttpRequest, session: Session) -> HttpResponseBase:
    desk = Desk.of(session, request.POST)
    if not desk.is_valid():
        return _show(request, desk, status=422, differences=desk.lost)
    if desk.lost:
        return _show(request, desk, status=409, problem=agenda.REMOVED, differences=desk.differences())
    written, told = [form.written for form in desk.forms], {"told": desk.told.ids, "seen": desk.told.seen_ids}
    told |= {"told_answers": desk.told_answers.ids, "seen_answers": desk.told_answers.seen_ids}
    try:
        agenda.write_minutes(session=session, written=written, by=request.user, **told)
    except Conflict as error:
        return _show(request, desk, status=409, problem=str(error), differences=desk.differences())
    except LoopError as error:
        return _show(request, desk, status=422, problem=str(error))
    notify(request, "Protokoll gespeichert.")
    return redirect_to(request, session)


def _show(request: HttpRequest, desk: Desk, *, status: int = 200, draft: Draft | None = None, **more):
    session, key = desk.session, agenda.draft_key(desk.session)
    context = frame(
        session,
        "Protokoll schreiben",
        desk=desk,
        draft=draft,
        draft_url=reverse("concerns:draft", args=[key]),
        discard_url=reverse("concerns:draft_discard", args=[key]),
        draft_owner=owner_mark(request.user, key),
        quorum=quorum(session),
        waiting=unapproved(session),
        carried=carried(session),
        given=given_in(session),
        **more,
    )
    return render_page(request, "projects/sessions/minutes.html", context, status=status)


@requires(*MAY_EDIT)
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Approve the minutes; the answers that they report count as told."""
    session = session_to_edit(request, pk)
    if answer := too_late(request, session):
        return answer
    form, status = ApproveForm(request.POST or None, session=session), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                given = agenda.approve_minutes(session=session, by=request.user, **form.cleaned_data)
            except NotReady as error:
                form.add_error(None, " ".join(error.missing))
            except LoopError as error:
                form.add_error(None, str(error))
                status = 409 if isinstance(error, Conflict) else 422
            else:
                notify(request, _approved(len(given)))
                return redirect_to(request, session)
    context = frame(session, "Protokoll genehmigen", form=form, told=reported(session))
    return render_page(request, "projects/sessions/approve.html", context, status=status)


def _approved(count: int) -> str:
    told = {0: "", 1: " Eine Rückmeldung an das Gremium ist festgehalten."}
    return "Genehmigt." + told.get(count, f" {count} Rückmeldungen an das Gremium sind festgehalten.")
