"""Looks into PDF files: whether everybody can read them, what they say, how they look.

`structure` is a checker of our own so that every test run proves what otherwise only a Java validator says. It
knows the faults that our engine can make; it is no full validator.
"""

import ctypes
import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

_METADATA = {
    "Titel fehlt in den Metadaten": re.compile(rb"<dc:title>.*?<rdf:li[^>]*>[^<]+</rdf:li>", re.DOTALL),
    "PDF/UA-Kennung fehlt": re.compile(rb"""pdfuaid:part(="1"|>1<)"""),
}
OUR_FONTS = ("Fira-Sans", "Noto-Sans")


def structure(content: bytes) -> list[str]:
    """What stands in the way of a screen reader or of other machines; an empty list means nothing does."""
    with pikepdf.open(BytesIO(content)) as pdf:
        faults = [*_document_faults(pdf)]
        for number, page in enumerate(pdf.pages, 1):
            faults += [f"Seite {number}: {fault}" for fault in _page_faults(page)]
        if "/StructTreeRoot" in pdf.Root:
            faults += _tree_faults(pdf)
    return faults


def text(content: bytes) -> str:
    """All words of all pages, with words joined again that were divided at the end of a line."""
    with pypdfium2.PdfDocument(content) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    joined = re.sub("[\u2010\x02\ufffe\u00ad]\\s*", "", "\n".join(pages))
    return re.sub(r"\s+", " ", joined).strip()


def pages(content: bytes) -> int:
    """How many pages the file has."""
    with pypdfium2.PdfDocument(content) as pdf:
        return len(pdf)


def page_texts(content: bytes) -> list[str]:
    """The words of each page, line by line."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pdf]


def tables(content: bytes) -> list[list[list[str]]]:
    """The tables as a screen reader hears them: lines of cells, also where a table goes on on the next page."""
    with pikepdf.open(BytesIO(content)) as pdf, pypdfium2.PdfDocument(content) as drawn:
        marked = {page.obj.objgen: _marked_texts(drawn[number]) for number, page in enumerate(pdf.pages)}
        found = (element for element in _walk(pdf.Root.StructTreeRoot.K) if element.S == "/Table")
        return [[[_cell(cell, marked) for cell in _kids(line)] for line in _lines(table)] for table in found]


def images(content: bytes, scale: float = 1) -> list[Image.Image]:
    """Every page as a picture; `scale` 1 is 72 pixels an inch."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.render(scale=scale).to_pil() for page in pdf]


def outline(content: bytes) -> list[tuple[int, str]]:
    """Bookmarks with their level from 0."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [(item.level, item.get_title()) for item in pdf.get_toc()]


def ink_outside(content: bytes, margin: float = 15) -> list[int]:
    """Numbers of pages on which something stands nearer to the left or right edge than `margin` points."""
    found = []
    for number, page in enumerate(images(content), 1):
        grey = page.convert("L")
        sides = (grey.crop((0, 0, int(margin), page.height)), grey.crop((page.width - int(margin), 0, *page.size)))
        if any(side.getextrema()[0] < 200 for side in sides):
            found.append(number)
    return found


def elements(content: bytes, kind: str) -> list[dict]:
    """Elements of the structure tree of one kind ("H1", "Figure", …) as dicts of texts."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            {key: str(value) for key, value in element.items() if isinstance(value, pikepdf.String)}
            for element in _walk(pdf.Root.StructTreeRoot.K)
            if str(element.S)[1:] == kind
        ]


def _document_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "nicht getaggt"
    if "/StructTreeRoot" not in root:
        yield "kein Strukturbaum"
    if not str(root.get("/Lang", "")):
        yield "Sprache fehlt"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "Titel wird nicht angezeigt"
    metadata = root.Metadata.read_bytes() if "/Metadata" in root else b""
    yield from (fault for fault, wanted in _METADATA.items() if not wanted.search(metadata))


def _page_faults(page: pikepdf.Page) -> Iterator[str]:
    for link in page.get("/Annots", []):
        if link.get("/Subtype") != "/Link":
            continue
        words = str(link.get("/Contents", "")).strip()
        if not words:
            yield "Link ohne Beschreibung"
        elif words == str(link.get("/Dest", "")):
            yield f"Link nennt nur sein Ziel: {words}"
    if "/Annots" in page and page.get("/Tabs") != "/S":
        yield "Reihenfolge der Links folgt nicht dem Text"
    for font in page.get("/Resources", {}).get("/Font", {}).values():
        inner = font.get("/DescendantFonts", [font])[0]
        name = str(font.BaseFont).lstrip("/")
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}).keys()):
            yield f"Schrift nicht eingebettet: {name}"
        if not name.partition("+")[2].startswith(OUR_FONTS):
            yield f"fremde Schrift: {name}"


def _tree_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    level = 0
    for element in _walk(pdf.Root.StructTreeRoot.K):
        kind = str(element.S).lstrip("/")
        if kind == "Figure":
            yield from _figure_faults(element)
        elif re.fullmatch("H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"Überschriftenebene übersprungen: H{level} → {kind}"
            level = int(kind[1])
        elif kind == "TD" and not len(element.get("/A", {}).get("/Headers", [])):
            yield "Tabellenzelle ohne Kopfzelle"
        elif kind == "L" and any(item.S not in ("/LI", "/L", "/Caption") for item in _kids(element)):
            yield "Liste mit Fremdem"


def _figure_faults(figure: pikepdf.Dictionary) -> Iterator[str]:
    if not str(figure.get("/Alt", "")).strip():
        yield "Abbildung ohne Alternativtext"
    left, bottom, right, top = (float(value) for value in figure.A.BBox)
    x0, y0, x1, y1 = (float(value) for value in figure.Pg.MediaBox)
    if not (x0 - 1 <= left < right <= x1 + 1 and y0 - 1 <= bottom < top <= y1 + 1):
        yield f"Abbildung außerhalb der Seite: {left:.0f} {bottom:.0f} {right:.0f} {top:.0f}"


def _lines(table: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    return [element for element in _walk(table.K) if element.S == "/TR"]


def _cell(cell: pikepdf.Dictionary, marked: dict[tuple, dict[int, str]]) -> str:
    """The words of a cell; those of several lines are joined again where they were divided."""
    pieces = [marked[page].get(number, "") for page, number in _places(cell, None)]
    return re.sub(r"\s+", " ", re.sub("[\u2010\x02\ufffe\u00ad]\\s*", "", " ".join(pieces))).strip()


def _places(element: pikepdf.Dictionary, page: tuple | None) -> Iterator[tuple[tuple, int]]:
    """Pages and numbers of the marked content below an element."""
    page = element.Pg.objgen if "/Pg" in element else page
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield page, kid
        elif "/MCID" in kid:
            yield kid.Pg.objgen if "/Pg" in kid else page, int(kid.MCID)
        elif "/S" in kid:
            yield from _places(kid, page)


def _marked_texts(page: pypdfium2.PdfPage) -> dict[int, str]:
    """The words of a page by the number of their marked content."""
    found: dict[int, str] = {}
    textpage = page.get_textpage()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=9):
        size = raw.FPDFTextObj_GetText(item, textpage, None, 0)
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFTextObj_GetText(item, textpage, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
        number = raw.FPDFPageObj_GetMarkedContentID(item)
        found[number] = f"{found.get(number, '')} {buffer.raw.decode('utf-16-le').rstrip(chr(0))}"
    return found


def _walk(node) -> Iterator[pikepdf.Dictionary]:
    """Every structure element below a node, in reading order."""
    for element in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield element
            yield from _walk(element.get("/K", pikepdf.Array()))


def _kids(element: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    kids = element.get("/K", pikepdf.Array())
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
