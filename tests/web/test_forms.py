"""Cleaned texts, limits, dates and messages of the base forms."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from pytest_django.asserts import assertInHTML

from quartier.web.forms import TEXT_LIMIT, LeanRenderer, QuartierForm, clean_text
from tests.web.samples import SampleForm


class Note(QuartierForm):
    title = forms.CharField(max_length=20)
    text = forms.CharField(widget=forms.Textarea, required=False)
    on = forms.DateField(required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Straße\r\nzwei\rdrei", "Straße\nzwei\ndrei"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("Tab\tbleibt", "Tab\tbleibt"),
        ("u\u0308ber", "über"),
        ("gut \u202egnp.exe\u202c \u2066x\u2069", "gut gnp.exe x"),
        ("نفايات قرب المدرسة", "نفايات قرب المدرسة"),
        ("👩\u200d👧 bleibt", "👩\u200d👧 bleibt"),
    ],
)
def test_texts_keep_what_people_wrote_and_lose_what_machines_hide(typed, kept):
    assert clean_text(typed) == kept
    form = Note({"title": "x", "text": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == kept.strip()


def test_texts_without_a_limit_of_their_own_have_one():
    assert Note({"title": "x", "text": "y" * TEXT_LIMIT}).is_valid()
    form = Note({"title": "x", "text": "y" * (TEXT_LIMIT + 1)})
    assert list(form.errors) == ["text"]
    assert 'maxlength="20000"' in str(form["text"])


@pytest.mark.parametrize("typed", ["2026-09-30", "30.09.2026", "30.09.26"])
def test_dates_are_read_as_the_browser_and_as_people_write_them(typed):
    form = Note({"title": "x", "on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, 9, 30)


def test_a_date_is_shown_as_the_browser_wants_it():
    html = str(Note(initial={"title": "x", "on": date(2026, 9, 30)})["on"])
    assert ('type="date"' in html, 'value="2026-09-30"' in html) == (True, True)


def test_a_missing_answer_is_asked_for_in_words_that_fit():
    errors = SampleForm({}).errors
    assert errors["text"] == ["Bitte füllen Sie dieses Feld aus."]
    assert errors["topic"] == ["Bitte wählen Sie etwas aus."]
    assert errors["consent"] == ["Bitte bestätigen Sie das."]


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = render("{% field form.text %}", form=SampleForm({}))
    assert 'for="id_text"' in html
    assert 'aria-describedby="id_text-hint id_text-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-required="true"' in html
    assert 'id="id_text-hint"' in html
    assert 'id="id_text-error"' in html
    assert "Pflichtfeld" in html


def test_a_group_is_a_fieldset_with_radio_buttons_or_checkboxes():
    radios = render("{% field form.channel %}", form=SampleForm())
    assert (radios.count("<fieldset"), radios.count('type="radio"'), radios.count("<legend")) == (1, 2, 1)
    boxes = render("{% field form.marks %}", form=SampleForm())
    assert (boxes.count('type="checkbox"'), boxes.count("kern-form-check__checkbox")) == (1, 1)


def test_a_widget_keeps_its_own_attributes():
    assert "data-counter" in render("{% field form.text %}", form=SampleForm())


def test_the_error_summary_leads_to_every_wrong_field():
    html = render("{% error_summary form %}", form=SampleForm({}))
    targets = ["id_text", "id_topic", "id_received", "id_channel_0", "id_consent"]
    assert [target for target in targets if f'href="#{target}"' not in html] == []
    assert "5 Angaben fehlen oder passen nicht" in html


def test_the_error_summary_is_silent_when_nothing_is_wrong():
    assert render("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_labels_and_choices_are_escaped():
    class Hostile(QuartierForm):
        kind = forms.ChoiceField(label="<b>Art</b>", widget=forms.RadioSelect, choices=[("x", "<script>")])

    html = render("{% field form.kind %}{% error_summary form %}", form=Hostile({}))
    assert (html.count("<script>"), html.count("<b>")) == (0, 0)


_HOSTILE = "\"'<b>&amp;ä\n"


@pytest.mark.parametrize("widget", [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.DateInput, forms.TimeInput, forms.SearchInput, forms.TelInput, forms.Textarea, forms.CheckboxInput,
    forms.FileInput, forms.Select,
])  # fmt: skip
@pytest.mark.parametrize("value", [None, "", 0, 7, True, date(2026, 9, 30), _HOSTILE])
@pytest.mark.parametrize("attrs", [
    {}, {"class": "a b", "id": "x", "maxlength": 20}, {"hidden": True, "disabled": False, "data-x": _HOSTILE},
])  # fmt: skip
def test_controls_are_written_as_django_writes_them(widget, value, attrs):
    own, theirs = (
        widget(attrs).render(f"n{_HOSTILE}", value, renderer=one()) for one in (LeanRenderer, DjangoTemplates)
    )
    assert own == theirs


class Choices(QuartierForm):
    several = forms.MultipleChoiceField(choices=[(1, "<b>"), ("ä\"'", "y")], widget=forms.CheckboxSelectMultiple)
    one = forms.ChoiceField(choices=[("", "-"), ("k", "K")], widget=forms.RadioSelect)


@pytest.mark.parametrize("name", ["several", "one"])
@pytest.mark.parametrize("data", [None, {"several": ["1"], "one": "k"}, {"one": "q"}])
def test_choices_are_written_as_django_writes_them(name, data):
    drawn = Template("{% load ui %}{% field form.NAME %}".replace("NAME", name)).render(
        Context({"form": Choices(data)})
    )
    bound = Choices(data)[name]
    kind = f"kern-form-check__{'checkbox' if name == 'several' else 'radio'}"
    for option in bound:
        option.data["attrs"]["class"] = f"{kind} {kind}--error" if bound.errors else kind
        assertInHTML(option.tag(), drawn)
