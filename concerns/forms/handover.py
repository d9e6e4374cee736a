"""Forms of the hand-over: one for every district and department in which somebody leaves work behind."""

from itertools import groupby

from django import forms
from django.utils import timezone

from concerns.actions.handover import colleagues_for, hand_over_concerns, hand_over_routings, team_for
from concerns.models import Concern, Routing
from districts.models import User
from quartier.web.forms import QuartierForm

SHOWN_AT_ONCE = 200
OUTSIDE = "außerhalb aller Quartiere"


class HandoverForm(QuartierForm):
    """Some of the things a person leaves behind, and who takes them over."""

    items = forms.TypedMultipleChoiceField(
        label="Was", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Bitte auswählen."}
    )
    to = forms.ModelChoiceField(label="Geht an", queryset=User.objects.none(), required=False)

    def __init__(self, *args, title: str, rows: list, people, nobody: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = title
        self.rows = {row.pk: row for row in rows}
        self.fields["items"].choices = [(row.pk, _label(row)) for row in rows]
        self.fields["items"].initial = list(self.rows)
        self.fields["to"].queryset = people
        self.fields["to"].empty_label = nobody or "Bitte wählen"
        self.fields["to"].required = not nobody

    def chosen(self) -> list:
        """The ticked rows."""
        return [self.rows[pk] for pk in self.cleaned_data["items"]]

    @property
    def can_hand_over(self) -> bool:
        """Whether there is anybody who could take over."""
        return not self.fields["to"].required or self.fields["to"].queryset.exists()


class ConcernHandoverForm(HandoverForm):
    """Concerns and promises of one district."""

    action = staticmethod(hand_over_concerns)
    items_name = "concerns"


class RoutingHandoverForm(HandoverForm):
    """Routings of one department; they can also go back to all its people."""

    action = staticmethod(hand_over_routings)
    items_name = "routings"


def _label(row: Concern | Routing) -> str:
    concern = row if isinstance(row, Concern) else row.concern
    what = "vertraulich" if concern.is_sensitive else concern.title
    return f"{concern.number} · {what} · {row.get_status_display()}"


def handover_forms(person: User, data=None) -> list[HandoverForm]:
    """A form for every district and every department in which something depends on `person`.

    `data` is bound to the form whose prefix stands in its field `group`.
    """
    made: list[HandoverForm] = []
    today = timezone.localdate()
    concerns = Concern.objects.kept_by(person).select_related("district").order_by("district_id", "due_on", "pk")
    for district_id, found in groupby(concerns[:SHOWN_AT_ONCE], key=lambda one: one.district_id):
        rows, prefix = list(found), f"concerns-{district_id or 0}"
        made.append(
            ConcernHandoverForm(
                _bound(data, prefix),
                prefix=prefix,
                title=f"Anliegen und Zusagen: {rows[0].district or OUTSIDE}",
                rows=rows,
                people=team_for(district_id, without=person, on=today),
                nobody="",
            )
        )
    routings = (
        Routing.objects.kept_by(person).select_related("department", "concern").order_by("department_id", "due_on")
    )
    for department, rows in groupby(routings[:SHOWN_AT_ONCE], key=lambda one: one.department):
        prefix = f"routings-{department.pk}"
        made.append(
            RoutingHandoverForm(
                _bound(data, prefix),
                prefix=prefix,
                title=f"Vorgänge: {department}",
                rows=list(rows),
                people=colleagues_for(department, without=person, on=today),
                nobody="zurück an alle im Fachbereich",
            )
        )
    return made


def _bound(data, prefix: str):
    return data if data and data.get("group") == prefix else None


class LastDayForm(QuartierForm):
    """When a role ends."""

    last_day = forms.DateField(label="Letzter Tag", help_text="An diesem Tag gilt die Rolle noch.")
