"""Template tags of the design system. What each gives is listed in docs/interface.md."""

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect, Select
from django.forms.utils import flatatt
from django.forms.widgets import FileInput, Input, Textarea
from django.template.defaultfilters import date as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quartier.web import dates, notices

register = template.Library()

ICON_OF_TONE = {
    "neutral": "draft",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
}
ICON_OF_LIGHT = {"ok": "check", "soon": "warning", "overdue": "danger", "none": "more-vert"}
STATIONS = ("erfasst", "weitergeleitet", "beantwortet", "zurückgemeldet")
OWN_STATIONS = ("erfasst", "übernommen", "beantwortet", "zurückgemeldet")

register.filter("undo_url", notices.undo_url)
register.filter("message_link", notices.link)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A KERN icon that says nothing to a screen reader."""
    return format_html('<span class="kern-icon kern-icon--{} {}" aria-hidden="true"></span>', name, extra)


@register.simple_tag
def chip(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """Status in words with icon and colour."""
    return format_html(
        '<span class="q-chip q-chip--{}"><span class="kern-icon kern-icon--{}" aria-hidden="true"></span>{}</span>',
        tone,
        icon or ICON_OF_TONE[tone],
        text,
    )


@register.simple_tag
def traffic(state: str, text: str) -> SafeString:
    """Traffic light with shape and words; states ok, soon, overdue, none."""
    return format_html(
        '<span class="q-light q-light--{}"><span class="kern-icon kern-icon--{}" aria-hidden="true"></span>{}</span>',
        state,
        ICON_OF_LIGHT[state],
        text,
    )


@register.simple_tag
def due(value, today=None) -> SafeString:
    """Traffic light of a due date, the exact date as title."""
    state, text = dates.due_state(value, today)
    if value is None:
        return traffic(state, text)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), f"{value:%d.%m.%Y}", traffic(state, text)
    )


@register.simple_tag
def ago(value) -> SafeString | str:
    """Distance in words with the exact moment as title; an en dash when there is none."""
    if not value:
        return "–"
    exact = "d.m.Y, H:i" if hasattr(value, "hour") else "d.m.Y"
    title = format_date(value, exact) + (" Uhr" if hasattr(value, "hour") else "")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, dates.distance(value))


@register.simple_tag
def day(value) -> SafeString | str:
    """German date inside <time>; an en dash when there is none."""
    if not value:
        return "–"
    local = dates.local_date(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%d.%m.%Y}")


@register.simple_tag
def submit(text: str, kind: str = "primary", icon: str = "", name: str = "", value: str = "", extra: str = ""):
    """Button that sends the form; the script shows on it that the work is under way."""
    attributes = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="kern-btn kern-btn--{} {}"{}>{}<span class="kern-label">{}</span></button>',
        kind,
        extra,
        attributes,
        _icon(icon),
        text,
    )


@register.simple_tag
def link_button(text: str, url: str, kind: str = "secondary", icon: str = "", dialog: str = "", shortcut: str = ""):
    """Link that looks like a button; with `dialog` it opens that dialog where scripts run."""
    attributes = format_html(' data-dialog="{}"', dialog) if dialog else SafeString("")
    if shortcut:
        attributes += format_html(' data-shortcut="{}"', shortcut)
    return format_html(
        '<a class="kern-btn kern-btn--{}" href="{}"{}>{}<span class="kern-label">{}</span></a>',
        kind,
        url,
        attributes,
        _icon(icon),
        text,
    )


def _icon(name: str) -> SafeString | str:
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name) if name else ""


@register.inclusion_tag("components/stations.html")
def stations(done: int, turn: str = "", failed: bool = False, compact: bool = False, own: bool = False) -> dict:
    """The four stations of the loop; `done` of them are behind us, `turn` says whose turn it is.

    `own`: nobody else was asked, so the second station is taking it on.
    """
    steps = [
        {"label": label, "state": "done" if index < done else "now" if index == done else "open"}
        for index, label in enumerate(OWN_STATIONS if own else STATIONS)
    ]
    return {"steps": steps, "turn": turn, "failed": failed, "compact": compact, "done": done}


@register.inclusion_tag("components/timeline.html")
def timeline(entries) -> dict:
    """What happened, newest or oldest first as the caller sorts it."""
    return {"entries": entries}


@register.inclusion_tag("components/thread.html")
def thread(entries) -> dict:
    """Conversation of two sides."""
    return {"entries": entries}


@register.inclusion_tag("components/tile.html")
def tile(label: str, count, url: str, tone: str = "", hint: str = "", current: bool = False) -> dict:
    """A number that leads to what it counts; `current` when that is what the page shows."""
    return {"label": label, "count": count, "url": url, "tone": tone, "hint": hint, "current": current}


@register.inclusion_tag("components/empty.html")
def empty(text: str, action: str = "", url: str = "") -> dict:
    """Nothing here, and what to do next."""
    return {"text": text, "action": action, "url": url}


@register.inclusion_tag("components/pager.html")
def pager(page, request=None, newer: str = "Neuere", older: str = "Ältere") -> dict:
    """Links to the neighbours of a `paging.Page`, named as the list is sorted."""
    return {"page": page, "path": request.path if request else "", "newer": newer, "older": older}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: str) -> dict:
    """Labels and URLs in turn; the last label stands for this page and has no URL."""
    pairs = [{"label": parts[i], "url": parts[i + 1] if i + 1 < len(parts) else ""} for i in range(0, len(parts), 2)]
    return {"parts": pairs}


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def trail(context, *parts: str) -> dict:
    """The same for a form that many topics share: it begins with the part of the main menu the page belongs to, unless
    the first label stands for that already."""
    for entry in context.get("navigation") or []:
        for part in entry["parts"]:
            if part["current"] and part["label"] != parts[0] and part["url"] != parts[1]:
                return breadcrumb(part["label"], part["url"], *parts)
    return breadcrumb(*parts)


@register.inclusion_tag("components/alert.html")
def alert(text: str, tone: str = "info", title: str = "") -> dict:
    """Notice inside the page."""
    return {"text": text, "tone": tone, "title": title}


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """<dialog> around the block, closed by its button, by Escape or by any `data-dialog-close` inside."""
    head = (
        '<dialog class="kern-dialog" id="{0}" aria-labelledby="{0}-title"><div class="kern-dialog__header">'
        '<h2 class="kern-title" id="{0}-title">{1}</h2><button type="button" class="kern-btn kern-btn--tertiary" '
        'data-dialog-close><span class="kern-icon kern-icon--close" aria-hidden="true"></span>'
        '<span class="kern-label kern-sr-only">Schließen</span></button></div>'
        '<div class="kern-dialog__body">{2}</div></dialog>'
    )
    return format_html(head, id, title, content)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms) -> dict:
    """Every error of the given forms and formsets, each with a link to its field."""
    entries = []
    for form in forms:
        if not form or not form.is_bound:
            continue
        if hasattr(form, "management_form"):
            entries += [{"text": text, "target": ""} for text in form.non_form_errors()]
        for single in getattr(form, "forms", [form]):
            entries += _errors_of(single)
    return {"entries": entries, "any_field": any(entry["target"] for entry in entries)}


def _errors_of(form) -> list[dict]:
    entries = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        entries += [{"label": bound.label, "text": text, "target": _target(bound)} for text in bound.errors]
    return entries


def _target(bound: BoundField) -> str:
    """The id a link can jump to: the group's first control where the field is a group."""
    return f"{bound.auto_id}_0" if _kind(bound.field.widget) == "group" else bound.auto_id


@register.inclusion_tag("components/form_fields.html")
def form_fields(form) -> dict:
    """The hidden and all visible fields of a form."""
    return {"form": form}


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", hint: str | None = None, hide_label: bool = False, width: str = ""
) -> dict:
    """One form field with label, hint and error, connected for screen readers; `hint=""` hides the help text."""
    widget = bound.field.widget
    kind = _kind(widget)
    hint = bound.help_text if hint is None else hint
    described = [f"{bound.auto_id}-hint"] if hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "hide_label": hide_label,
        "width": width,
        "required": bound.field.required and kind != "checkbox",
        "control": _control(bound, kind, described),
        "options": _options(bound) if kind == "group" else [],
    }


def _kind(widget) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, ClearableFileInput | FileInput):
        return "file"
    if isinstance(widget, Textarea):
        return "text"
    return "input" if isinstance(widget, Input) else "other"


_CLASS = {"checkbox": "kern-form-check__checkbox", "select": "kern-form-input__select"}


def _control(bound: BoundField, kind: str, described: list[str]) -> SafeString | str:
    """The bare control with classes and ARIA attributes; groups are drawn option by option instead."""
    if kind == "group":
        return ""
    name = _CLASS.get(kind, "kern-form-input__input")
    own = bound.field.widget.attrs.get("class", "")
    attrs = {"class": f"{own} {name}{f' {name}--error' if bound.errors else ''}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.field.required:
        attrs["aria-required"] = "true"
    if kind == "checkbox" or bound.field.widget.attrs.get("type") == "hidden":
        attrs.pop("aria-required", None)
    return bound.as_widget(attrs=attrs)


def _options(bound: BoundField) -> list[dict]:
    """Radio buttons or checkboxes of a group with their labels."""
    kind = "checkbox" if isinstance(bound.field.widget, CheckboxSelectMultiple) else "radio"
    name = f"kern-form-check__{kind}"
    options = []
    for option in bound:
        option.data["attrs"]["class"] = f"{name} {name}--error" if bound.errors else name
        # As Django's template of one option writes it, without the cost of a template for each.
        of = {"type": kind, "name": option.data["name"], "value": str(option.data["value"]), **option.data["attrs"]}
        control = format_html("<input{}>", flatatt(of))
        options.append({"control": control, "label": option.choice_label, "id": option.id_for_label})
    return options
