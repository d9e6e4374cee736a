"""`{% chart table %}`: the drawing of a table of figures; nothing when the table asks for none."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from reports.charts import NARROW, WIDE, chart_of
from reports.tables import Table

register = template.Library()

_TEMPLATES = {kind: f"reports/charts/{kind}.html" for kind in ("bar", "stacked", "line")}


@register.simple_tag
def chart(table: Table, paper: bool = False) -> SafeString | str:
    """SVG with its text, wide on paper. The table with the same numbers has to stand beside it."""
    drawn = chart_of(table, width=WIDE if paper else NARROW)
    return render_to_string(_TEMPLATES[drawn.kind], {"chart": drawn, "paper": paper}) if drawn else ""
