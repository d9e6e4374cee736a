"""Forms about tasks and milestones of projects and events."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from districts.models import User
from projects.actions.tasks import kept_by
from projects.models import ProjectTask
from projects.workflow import TaskStatus
from quartier.web.forms import QuartierForm

from .projects import KEEPERS, PROJECT_KEEPERS, keepers


class TaskForm(VersionedForm):
    """What is to be done until when; the promised report keeps its kind."""

    class Meta:
        model = ProjectTask
        fields = ["kind", "title", "due_on", "responsible", "owner"]
        help_texts = {
            "responsible": "Eine Einrichtung, ein Fachbereich oder eine Person mit ihrer Aufgabe.",
            "owner": "In dessen Arbeitskorb erscheint es am Fälligkeitstag. Leer: beim Team des Quartiers.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind == ProjectTask.Kind.REPORT:
            del self.fields["kind"], self.fields["due_on"]  # both follow from what was declared
        else:
            kinds = [one for one in ProjectTask.Kind.choices if one[0] != ProjectTask.Kind.REPORT]
            self.fields["kind"].choices = kinds
            self.fields["due_on"].initial = timezone.localdate() + timedelta(days=28)
        self.fields["owner"].queryset = keepers(self.instance.owner_id)
        self.fields["owner"].empty_label = "niemand Bestimmtes: das Team des Quartiers"


class SettleTaskForm(QuartierForm):
    """How a task ended."""

    status = forms.ChoiceField(
        label="Das ist", widget=forms.RadioSelect, initial=TaskStatus.DONE,
        choices=[(one.value, one.label) for one in (TaskStatus.DONE, TaskStatus.DROPPED)],
    )  # fmt: skip
    result = forms.CharField(
        label="Ergebnis oder Grund", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, task: ProjectTask, **kwargs):
        super().__init__(*args, **kwargs)
        self.task = task
        if task.kind == ProjectTask.Kind.REPORT:
            self.fields["result"].label = "Wo und wie das Ergebnis berichtet wurde, oder warum nicht"

    def clean(self):
        """A dropped one says why, a report says where."""
        data = super().clean()
        needed = data.get("status") == TaskStatus.DROPPED or self.task.kind == ProjectTask.Kind.REPORT
        if data.get("status") and needed and not data.get("result"):
            self.add_error("result", "Bitte in einem Satz festhalten.")
        return data


class HandOverForm(QuartierForm):
    """To whom everything goes that somebody keeps in view; projects only to those who may say whether they work."""

    to = forms.ModelChoiceField(label="Übernimmt", queryset=User.objects.none(), empty_label="Bitte wählen")

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        roles = PROJECT_KEEPERS if kept_by(person)["projects"][0].exists() else KEEPERS
        self.fields["to"].queryset = keepers(None, roles).exclude(pk=person.pk)
