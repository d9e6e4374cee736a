"""Papers: accessible, the same everywhere, nothing fetched; and the checker that says so can fail."""

import socket
from base64 import b64encode
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
from django.template import engines

from quartier import pdf
from tests.make import picture
from tests.pdf import elements, images, ink_outside, outline, pages, structure, text

PAPER = """{{% extends "base_print.html" %}}
{{% block format %}}{format}{{% endblock %}}
{{% block running_head %}}Stadt Aachen · Stadtteilbüro Ost{{% endblock %}}
{{% block content %}}{content}{{% endblock %}}"""

CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60">{title}
<rect width="120" height="30"/></svg>"""


def make(content: str, format: str = "q-a4", **options) -> bytes:
    """A paper with this content, made like every paper."""
    template = engines["django"].from_string(PAPER.format(content=content, format=format))
    context = {"title": "Prüfblatt", "language": "de", "direction": "ltr", **options}
    return pdf.from_html(template.render(context))


def test_everything_a_paper_may_hold_is_accessible():
    rows = "".join(f'<tr><th scope="row">{n}</th><td>Zeile {n}</td></tr>' for n in range(120))
    image = b64encode(picture("PNG")).decode()
    paper = make(
        f"""<h1>Anliegen</h1><p>Mehr <a href="#ende">am Ende</a> und <a href="https://example.org">im Netz</a>.</p>
        <h2>Bild</h2>{CHART.format(title="<title>Ein Balken</title>")}
        <img src="data:image/png;base64,{image}" alt="Ein grünes Feld">
        <h2>Liste</h2><ul><li>eins<li>zwei</ul><dl><dt>Wort</dt><dd>Sinn</dd></dl>
        <table><caption>Zeilen</caption><thead><tr><th scope="col">Nr.</th><th scope="col">Text</th></tr></thead>
        <tbody>{rows}</tbody></table><h2 id="ende">Ende</h2>"""
    )
    assert structure(paper) == []
    assert [figure["/Alt"] for figure in elements(paper, "Figure")] == ["Ein Balken", "Ein grünes Feld"]
    assert outline(paper) == [(0, "Anliegen"), (1, "Bild"), (1, "Liste"), (1, "Ende")]
    assert pages(paper) > 3
    words = text(paper)
    assert words.count("Nr. Text") == pages(paper)
    assert f"Seite 2 von {pages(paper)}" in words


def test_the_same_paper_is_the_same_file():
    made_at = datetime(2026, 9, 30, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    papers = [make("<h1>Ein Blatt</h1><p>Пример مثال</p>", made_at=made_at) for _ in range(2)]
    assert papers[0] == papers[1]
    assert papers[0] != make("<h1>Ein Blatt</h1><p>Пример مثال</p>")
    with pikepdf.open(BytesIO(papers[0])) as opened:
        assert str(opened.docinfo.CreationDate).startswith("D:20260930120000")


@pytest.mark.parametrize(
    ("format", "size"), [("q-a4", (595, 842)), ("q-a5", (420, 595)), ("q-a3", (842, 1191)), ("q-wide", (842, 595))]
)
def test_formats(format, size):
    page = images(make("<h1>Blatt</h1><p>Text</p>", format))[0]
    assert tuple(abs(a - b) <= 1 for a, b in zip(page.size, size, strict=True)) == (True, True)


def test_residents_languages_are_printed_in_our_own_fonts():
    words = (
        "Größe Weiß ẞ „so“ – 3 €",
        "ığüşöç İĞÜŞÖÇ",
        "Шановна пані, ґанок, їжак, єдність",
        "Уважаемые жители, ёлка",
        "Cześć, źdźbło, ăâîșț, Đường phố ồn ào",
        "Καλημέρα",
    )
    paper = make("<h1>Sprachen</h1>" + "".join(f"<p>{line} <b>{line}</b></p>" for line in words))
    assert structure(paper) == []
    assert [line for line in words if f"{line} {line}" not in text(paper)] == []
    assert "▯" not in text(paper)


def test_arabic_is_joined_and_runs_from_right_to_left():
    paper = make("<h1>عنوان</h1><p>شكرًا لرسالتكم</p><p><b>چگونه</b></p>", language="ar", direction="rtl")
    assert structure(paper) == []
    grey = images(paper)[0].convert("L")
    half = grey.width // 2
    assert grey.crop((0, 60, half, 200)).getextrema()[0] > 200
    assert grey.crop((half, 60, grey.width, 200)).getextrema()[0] < 100


def test_what_no_font_has_becomes_a_box_and_not_a_letter_of_the_machine():
    paper = make("<h1>Emoji</h1><p>a😀b👩‍👩‍👧c👍🏽d中e\x01f\u200bg ☐</p>")
    assert structure(paper) == []
    assert "a▯b▯c▯d▯ef" in text(paper)


@pytest.mark.parametrize(
    "content",
    [
        '<img src="https://example.org/logo.png" alt="Logo">',
        '<img src="http://127.0.0.1:1/logo.png" alt="Logo">',
        '<img src="file:///etc/hostname" alt="Name">',
        '<img src="/static/../manage.py" alt="Programm">',
        '<img src="/static/%2e%2e/manage.py" alt="Programm">',
        '<img src="/media/x.png" alt="Bild">',
        '<img src="ftp://example.org/x.png" alt="Bild">',
        '<p style="background:url(//example.org/x.png)">Text</p>',
        "<style>@import url(https://example.org/x.css);</style>",
        "<style>@font-face{font-family:X;src:url(https://example.org/x.ttf)} p{font-family:X}</style><p>Text</p>",
        """<img alt="Bild" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>
        <image href='https://example.org/x.png' width='9' height='9'/></svg>">""",
    ],
)
def test_nothing_is_fetched_from_outside(content, monkeypatch):
    calls = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: calls.append(arguments))
    with pytest.raises(pdf.PaperError):
        make(f"<h1>Blatt</h1>{content}")
    assert calls == []


def test_link_to_nowhere_is_a_fault_of_the_template():
    with pytest.raises(pdf.PaperError):
        make('<h1>Blatt</h1><p><a href="#weg">weg</a></p>')


def test_links_without_host_lead_to_this_application(settings):
    paper = make('<h1>Blatt</h1><p><a href="/anliegen/">Liste</a></p>')
    with pikepdf.open(BytesIO(paper)) as opened:
        (link,) = opened.pages[0].Annots
        assert (str(link.A.URI), str(link.Contents)) == (f"{settings.PUBLIC_URL}/anliegen/", "Liste")


def test_long_words_and_long_texts_stay_on_the_paper():
    word, long = "Donaudampfschiff" * 20, "Ein langer Absatz über die Straße. " * 600
    rows = f'<tr><td class="q-said">{word}</td><td class="q-said">{long}</td></tr>'
    paper = make(
        f"""<h1>{word}</h1><p class="q-said">{word}</p><p>{long}</p><table class="q-typed"><thead><tr>
        <th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>{rows}</tbody></table>"""
    )
    assert structure(paper) == []
    assert ink_outside(paper) == []
    assert text(paper).count("Absatz") == 1200


def test_endless_words_get_places_to_break_and_nothing_else_changes():
    word = "x" * pdf.LONGEST_WORD
    for html, expected in (
        (f"<p>{word}{word}x</p>", f"<p>{word}<wbr>{word}<wbr>x</p>"),
        (f"<p>{'&lt;' * 400}</p>", f"<p>{('&lt;' * 200 + '<wbr>') * 2}</p>"),
        (f'<img alt="a" src="data:{word}{word}">', f'<img alt="a" src="data:{word}{word}">'),
        (f"<p>{'wort ' * 200}</p>", f"<p>{'wort ' * 200}</p>"),
    ):
        head = f"<title>{word}</title>"
        assert pdf.breakable(f"{head}<body>{html}</body>") == f"{head}<body>{expected}</body>"
    paper = make(f"<h1>Probe</h1><p>Anfang {'W' * 20_000} Ende</p>")
    assert (structure(paper), ink_outside(paper)) == ([], [])
    words = text(paper)
    assert (words.count("W"), "Ende" in words) == (20_000, True)


def test_german_words_are_divided():
    paper = make('<h1>Blatt</h1><p style="width:30mm">Straßenbeleuchtungserneuerung</p>')
    with pypdfium2.PdfDocument(paper) as opened:
        assert "Straßenbeleuch\u2010" in opened[0].get_textpage().get_text_bounded()
    assert "Straßenbeleuchtungserneuerung" in text(paper)


def test_response_is_private_and_named():
    response = pdf.pdf_response(b"%PDF", "Anliegen 2026-00001 für Ost.pdf")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''Anliegen%202026-00001%20f%C3%BCr%20Ost.pdf"
    assert pdf.pdf_response(b"%PDF", "x.pdf", inline=False)["Content-Disposition"] == 'attachment; filename="x.pdf"'


# --- The checker itself ----------------------------------------------------------------------------------------------

GOOD = f"""<h1>Eins</h1><p><a href="#zwei">Zwei</a></p>{CHART.format(title="<title>Balken</title>")}<table><thead><tr>
<th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><h2 id="zwei">Zwei</h2>"""


@pytest.fixture(scope="module")
def good():
    paper = make(GOOD)
    assert structure(paper) == []
    return paper


def broken(content: bytes, harm) -> list[str]:
    """The faults found after `harm(pdf)` was done to a good file."""
    with pikepdf.open(BytesIO(content)) as opened:
        harm(opened)
        target = BytesIO()
        opened.save(target)
    return structure(target.getvalue())


def _font(opened):
    return next(iter(opened.pages[0].Resources.Font.values()))


def _unembed(opened):
    del _font(opened).DescendantFonts[0].FontDescriptor["/FontFile2"]


def _rename_font(opened):
    _font(opened).BaseFont = pikepdf.Name("/ABCDEF+DejaVu-Sans")


def _metadata(old: bytes, new: bytes):
    def harm(opened):
        opened.Root.Metadata.write(opened.Root.Metadata.read_bytes().replace(old, new))

    return harm


def _delete(where, key):
    def harm(opened):
        del where(opened)[key]

    return harm


def _link_to_target(opened):
    link = opened.pages[0].Annots[0]
    link.Contents = pikepdf.String(str(link.Dest))


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (_delete(lambda opened: opened.Root, "/MarkInfo"), "nicht getaggt"),
        (_delete(lambda opened: opened.Root, "/StructTreeRoot"), "kein Strukturbaum"),
        (_delete(lambda opened: opened.Root, "/Lang"), "Sprache fehlt"),
        (_delete(lambda opened: opened.Root, "/ViewerPreferences"), "Titel wird nicht angezeigt"),
        (_metadata(b"dc:title", b"dc:other"), "Titel fehlt in den Metadaten"),
        (_metadata(b"pdfuaid:part", b"pdfuaid:none"), "PDF/UA-Kennung fehlt"),
        (_delete(lambda opened: opened.pages[0], "/Tabs"), "Seite 1: Reihenfolge der Links folgt nicht dem Text"),
        (_delete(lambda opened: opened.pages[0].Annots[0], "/Contents"), "Seite 1: Link ohne Beschreibung"),
        (_link_to_target, "Seite 1: Link nennt nur sein Ziel: zwei"),
        (_unembed, "Seite 1: Schrift nicht eingebettet: "),
        (_rename_font, "Seite 1: fremde Schrift: ABCDEF+DejaVu-Sans"),
    ],
)
def test_checker_finds(good, harm, fault):
    faults = broken(good, harm)
    assert [found[: len(fault)] for found in faults] == [fault]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (f"<h1>Eins</h1>{CHART.format(title='')}", "Abbildung ohne Alternativtext"),
        ("<h1>Eins</h1><h3>Drei</h3>", "Überschriftenebene übersprungen: H1 → H3"),
        ("<h2>Zwei</h2>", "Überschriftenebene übersprungen: H0 → H2"),
        ("<h1>Eins</h1><table><tr><td>1</td></tr></table>", "Tabellenzelle ohne Kopfzelle"),
    ],
)
def test_checker_finds_faults_of_templates(content, fault):
    assert structure(make(content)) == [fault]


def test_checker_finds_figures_where_the_engine_puts_them(good):
    def harm(opened):
        for element in opened.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure":
                element.A.BBox = pikepdf.Array([94, 900, 294, 960])

    assert broken(good, harm) == ["Abbildung außerhalb der Seite: 94 900 294 960"]
