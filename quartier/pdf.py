"""Papers: templates become accessible PDF files (PDF/UA-1), the same on every machine.

The engine is WeasyPrint. Nothing is fetched from anywhere: styles, fonts and pictures are our own static files or stand
in the page itself (`data:`). Only our own fonts exist for it, so a machine with other fonts makes the same file. What
the engine does not do right for screen readers is mended afterwards (see `docs/decisions/0015-papers.md`).
"""

import mimetypes
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pikepdf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from fontTools.ttLib import TTFont
from PIL import ImageFile

try:
    from weasyprint import HTML
    from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:
    raise ImproperlyConfigured(
        "PDF files need Pango. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ) from error

# WeasyPrint lets Pillow open damaged pictures, for the whole process: uploads would no longer be refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

FONTS = "vendor/print"
RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "ps", "ur"}
# Stands for a character that none of our fonts has (emoji, Chinese, …): without it the file would have a missing glyph.
UNKNOWN = "▯"
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), *range(127, 160)])
_POINTS_PER_PIXEL = 0.75
LONGEST_WORD = 200
_TEXT = re.compile(rf"(?<=>)[^<]{{{LONGEST_WORD},}}")
_ENDLESS = re.compile(rf"(?:&#?\w{{1,9}};|[^\s&]){{{LONGEST_WORD}}}")

ffi.cdef("FcConfig * FcConfigCreate (void);")


class PaperError(Exception):
    """A template asks for something a paper cannot have: a fault of ours, never of what somebody typed."""


def render(
    template: str,
    context: dict,
    *,
    title: str,
    language: str = "de",
    author: str = "",
    made_at: datetime | None = None,
) -> bytes:
    """The PDF of a template that extends `base_print.html`.

    `title` names the file for screen readers and in the window; `author` is the office. The same arguments give the
    same bytes: the file holds a date only when `made_at` says one. PaperError: the template wants something from
    outside, or a link leads nowhere.
    """
    context = {
        **context,
        "title": title,
        "language": language,
        "direction": "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
        "author": author,
        "made_at": made_at,
    }
    return from_html(render_to_string(template, context))


def pdf_response(content: bytes, filename: str, *, inline: bool = True) -> HttpResponse:
    """A PDF for the browser: shown in it (`inline`) or saved; never kept by anything on the way."""
    headers = {
        "Content-Disposition": content_disposition_header(not inline, filename),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def from_html(html: str) -> bytes:
    """The PDF of a whole page of HTML (see `render`)."""
    fetcher = OwnFiles()
    source = HTML(string=breakable(printable(html)), base_url=base_url(), url_fetcher=fetcher)
    document = source.render(font_config=OwnFonts(), pdf_variant="pdf/ua-1")
    content = document.write_pdf(pdf_variant="pdf/ua-1")
    if fetcher.refused:
        raise PaperError(f"A paper uses its own files only, not {fetcher.refused[0]}")
    languages = [language for page in document.pages for language in _languages(page)]
    return _mend(content, [_descriptions(page) for page in document.pages], languages)


def base_url() -> str:
    """Where relative addresses in a template start: our own; a link without a host leads to this application."""
    return urljoin(f"{settings.PUBLIC_URL}/", settings.STATIC_URL)


class OwnFiles(URLFetcher):
    """Reads our static files and `data:` addresses; notes and refuses everything else, above all the network."""

    def __init__(self):
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = static_file(url.removeprefix(base_url())) if url.startswith(base_url()) else None
        if path is None:
            self.refused.append(url)
            raise ValueError(f"refused: {url}")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def static_file(name: str) -> Path | None:
    """The static file of this name (as it stands in an address), None when there is none."""
    name = unquote(urlsplit(name).path)
    if settings.STATIC_HASHED:
        root = Path(settings.STATIC_ROOT).resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if found and Path(found).is_file() else None


class OwnFonts(FontConfiguration):
    """Knows no font of the machine, only those that the style sheet names."""

    def __init__(self):
        self._config = fontconfig.FcConfigCreate()
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        # The font map holds the configuration from here on.
        fontconfig.FcConfigDestroy(self._config)
        self._folder = None
        self.strut_layouts = {}
        self.font_features = {}


def printable(text: str) -> str:
    """`text` with a box in place of every character that our fonts lack, and without control characters."""
    known = _known_characters()
    if known.issuperset(text):
        return text
    # A mark that belongs to an emoji (skin, joiner, variant) goes with it: one box for one sign.
    text = re.sub("[\U0001f3fb-\U0001f3ff\ufe0f\u20e3\U000e0000-\U000e007f]", "", text.translate(_CONTROLS))
    text = "".join(character if character in known else UNKNOWN for character in text)
    return re.sub(f"{UNKNOWN}(?:\u200d{UNKNOWN})+", UNKNOWN, text)


def breakable(html: str) -> str:
    """A whole page with places to break inside endless words.

    The engine lays out all that is left of a word for every line of it, which takes minutes for some thousand letters.
    """
    head, body, page = html.partition("<body")
    return head + body + _TEXT.sub(lambda text: _ENDLESS.sub(r"\g<0><wbr>", text[0]), page)


@cache
def _known_characters() -> frozenset[str]:
    characters = {"\n", "\t", "\r"}
    for name in ("fira-regular.ttf", "fira-semibold.ttf", "noto-regular.ttf", "arabic-regular.ttf"):
        path = static_file(f"{FONTS}/{name}")
        if path is None:
            raise ImproperlyConfigured(f"static/{FONTS}/{name} is missing: run `manage.py vendor_assets`.")
        with TTFont(path, lazy=True) as font:
            characters |= {chr(code) for code in font.getBestCmap()}
    # Laid out, never drawn: soft hyphen, zero-width space, directions, word joiner.
    return frozenset(characters | set("\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\u2066\u2067\u2068\u2069"))


def _descriptions(page) -> list[str]:
    """What the links of a page say, in the order in which the engine writes them."""
    return [
        box.element.get("aria-label") or " ".join("".join(box.element.itertext()).split())
        for kind, _, _, box in page.links
        if kind in ("internal", "external")
    ]


def _languages(page) -> list[str]:
    """Languages of a page's passages in another one (`<article lang>`), in the order in which they are written."""
    return [box.element.get("lang", "") for box in page._page_box.descendants() if box.element_tag == "article"]


def _mend(content: bytes, descriptions: list[list[str]], languages: list[str]) -> bytes:
    """Set right what the engine writes wrong or not at all: places of figures, descriptions of links, languages of
    passages; the same bytes every time."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for page, texts in zip(pdf.pages, descriptions, strict=True):
            links = [item for item in page.get("/Annots", []) if item.get("/Subtype") == "/Link"]
            if len(links) != len(texts):
                raise PaperError(f"A link leads nowhere: {texts}")
            for link, text in zip(links, texts, strict=True):
                link.Contents = pikepdf.String(text)
        for element in pdf.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure" and "/A" in element:
                _place_figure(element)
        _name_languages(pdf, languages)
        target = BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _name_languages(pdf: pikepdf.Pdf, languages: list[str]) -> None:
    """The engine tells the language of the whole file only; a screen reader needs it for every passage."""
    passages = [element for element in _elements(pdf.Root.StructTreeRoot) if element.S == "/Art"]
    if len(passages) != len(languages):
        raise PaperError("A passage in another language is hidden")
    for passage, language in zip(passages, languages, strict=True):
        if language:
            passage.Lang = pikepdf.String(language)


def _elements(parent: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The structure below an element, in reading order."""
    kids = parent.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _place_figure(figure: pikepdf.Dictionary) -> None:
    """The engine measures in pixels from the top of the page, a PDF in points from the bottom; keep it on the page."""
    _, _, width, height = (float(value) for value in figure.Pg.MediaBox)
    left, top, right, bottom = (float(value) * _POINTS_PER_PIXEL for value in figure.A.BBox)
    box = (max(left, 0), max(height - bottom, 0), min(right, width), min(height - top, height))
    figure.A.BBox = pikepdf.Array([round(value, 2) for value in box])
