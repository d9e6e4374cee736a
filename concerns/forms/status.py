"""What residents type on the status page; labels and messages are in the language that is active."""

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.models import COMMENT_LIMIT
from quartier.web.forms import QuartierForm


class CodeForm(QuartierForm):
    """The code from the receipt."""

    code = forms.CharField(
        label=_("Code von der Quittung"),
        max_length=60,
        error_messages={
            "required": _("Bitte geben Sie den Code ein."),
            "max_length": _("Das ist kein ganzer Code. Ein Code hat 12 Zeichen."),
        },
    )


class VoiceForm(QuartierForm):
    """Whether the answer helped; `answer` tells which one, so that nobody judges an answer they have not seen."""

    helped = forms.TypedChoiceField(choices=[("ja", ""), ("nein", "")], coerce=lambda value: value == "ja")
    answer = forms.DateTimeField()
    comment = forms.CharField(
        label=_("Was hat nicht geholfen? Sie müssen nichts schreiben."),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Der Text ist zu lang. Es passen höchstens 1000 Zeichen hinein.")},
    )
