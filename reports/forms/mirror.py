"""Forms about department mirrors."""

from django import forms

from quartier.web.forms import LeanSelect, QuartierForm
from reports.models import COMMENT_LIMIT
from reports.quarters import Quarter


class QuarterForm(QuartierForm):
    """Which quarter."""

    quartal = forms.ChoiceField(label="Quartal", widget=LeanSelect, required=False)

    def __init__(self, *args, quarters: list[Quarter], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quartal"].choices = [(one.code, one.label) for one in quarters]


class CommentForm(QuartierForm):
    """What a department says about its figures."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    comment = forms.CharField(
        label="Stellungnahme",
        max_length=COMMENT_LIMIT,
        required=False,
        help_text="Höchstens 700 Zeichen, ohne Namen von Menschen. Sie erscheint mit den Zahlen.",
        widget=forms.Textarea(attrs={"rows": 8, "data-counter": ""}),
    )


class PublishForm(QuartierForm):
    """Publishing what was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
