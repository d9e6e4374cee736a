"""Lines of evaluations are written without a template: names that people typed stay words."""

from django.utils.html import conditional_escape

from reports.showing import ShownCell, ShownRow

HOSTILE = "<b>\"'&amp;"
WORDS = "&lt;b&gt;&quot;&#x27;&amp;amp;"


def test_a_line_is_escaped_everywhere_and_once():
    row = ShownRow(HOSTILE, [ShownCell("3", f"/anliegen/?q={HOSTILE}", HOSTILE, "q-num"), ShownCell(HOSTILE)])
    html = row.html()
    assert html == (
        f'<tr><th scope="row">{WORDS}</th>'
        f'<td class="q-num"><a href="/anliegen/?q={WORDS}" aria-label="{WORDS}">3</a></td><td>{WORDS}</td></tr>'
    )
    assert conditional_escape(html) == html  # templates leave it as it is
