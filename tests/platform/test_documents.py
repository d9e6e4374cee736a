"""Files that people send as documents: what is taken, what is kept of it, what is refused in words."""

import zlib
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from quartier.documents import MAX_BYTES, BadDocument, prepare_document, stored_document
from tests import make
from tests.make_documents import pdf


def prepare(content, name="papier.pdf"):
    return prepare_document(BytesIO(content), name)


def action(**fields):
    def change(made):
        made.Root.OpenAction = Dictionary(**fields)

    return change


def test_a_pdf_is_kept_as_a_pdf():
    content = pdf(pages=3)
    made = prepare(content, "Geschäftsordnung.pdf")
    assert (made.name, made.kind, made.preview, len(made.digest)) == ("Geschäftsordnung.pdf", "pdf", b"", 64)
    with pikepdf.open(BytesIO(made.content)) as again:
        assert (len(again.pages), str(again.docinfo["/Title"])[:4]) == (3, "Nr. ")


def test_a_picture_is_kept_as_a_jpeg_without_metadata():
    exif = Image.Exif()
    exif[0x010E] = "Zuhause bei Familie Geheim"
    made = prepare(make.picture("PNG", exif=exif), "Beleg.PNG")
    assert (made.name, made.kind, made.content[:3], made.preview[:3]) == (
        "Beleg.jpg", "picture", b"\xff\xd8\xff", b"\xff\xd8\xff",
    )  # fmt: skip
    assert b"Geheim" not in made.content


def test_what_runs_or_is_attached_is_taken_out():
    def change(made):
        made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert('boese')")
        made.attachments["schadcode.exe"] = b"MZ" * 500
        made.Root.Names.JavaScript = Dictionary(Names=Array(["x", Dictionary(S=Name.JavaScript, JS="boese")]))

    made = prepare(pdf(change))
    with pikepdf.open(BytesIO(made.content)) as again:
        assert (list(again.attachments), "/OpenAction" in again.Root) == ([], False)
    assert (b"boese" in made.content, b"MZMZ" in made.content) == (False, False)


@pytest.mark.parametrize(
    "change",
    [
        action(S=Name.URI, URI="https://boese.example/wer"),
        lambda made: made.pages[0].obj.update(
            {"/AA": Dictionary(O=Dictionary(S=Name.URI, URI="https://boese.example"))}
        ),
        lambda made: made.Root.update({"/AA": Dictionary(WC=Dictionary(S=Name.URI, URI="https://boese.example"))}),
    ],
    ids=["document", "page", "closing"],
)
def test_nothing_is_fetched_when_it_is_opened(change):
    assert b"boese" not in prepare(pdf(change)).content


def test_where_reading_begins_stays():
    def change(made):
        made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])

    with pikepdf.open(BytesIO(prepare(pdf(change)).content)) as again:
        assert again.Root.OpenAction[1] == Name.Fit


def test_a_link_to_a_page_stays():
    def change(made):
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="https://x.de")
        )
        made.pages[0].Annots = Array([made.make_indirect(link)])

    assert b"https://x.de" in prepare(pdf(change)).content


@pytest.mark.parametrize(
    "change",
    [
        action(S=Name.Launch, F="calc.exe"),
        action(S=Name.SubmitForm, F="https://boese.example"),
        action(S=Name.ImportData, F="c:/geheim"),
        action(S=Name.GoToR, F="//server/freigabe"),
        action(S=Name.Thread, F="//server/freigabe"),
        lambda made: made.Root.update({"/Verborgen": made.make_stream(b"", F="//server/freigabe")}),
        lambda made: made.Root.update({"/AcroForm": Dictionary(XFA=pikepdf.String("x"))}),
        lambda made: made.pages[0].obj.update({"/Contents": pikepdf.Stream(made, b"", F="//server/freigabe")}),
        lambda made: made.Root.update({"/Verborgen": Array([Array([Dictionary(S=Name.Launch)])])}),
        lambda made: made.Root.update({"/Collection": Dictionary()}),
        lambda made: made.Root.update({"/Verborgen": Dictionary(EF=Dictionary())}),
    ],
)
def test_commands_that_cannot_be_taken_out_are_refused(change):
    with pytest.raises(BadDocument, match="enthält Befehle"):
        prepare(pdf(change))


def test_what_stands_behind_the_end_and_old_versions_are_gone():
    behind = BytesIO()
    with ZipFile(behind, "w") as archive:
        archive.writestr("boese.html", "<script>boese</script>")
    made = prepare(pdf() + behind.getvalue())
    assert (b"boese" in made.content, b"PK" in made.content) == (False, False)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "leer.pdf", "weder ein PDF noch ein Bild"),
        (b"MZ\x90\x00" * 50, "rechnung.pdf", "weder ein PDF noch ein Bild"),
        (b"<html><script>alert(1)</script>", "seite.pdf", "weder ein PDF noch ein Bild"),
        (b"GIF89a%PDF-1.7", "beides.pdf", "weder ein PDF noch ein Bild"),
        (b"<!-- -->%PDF-1.7\n", "beides.pdf", "weder ein PDF noch ein Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bild.svg", "weder ein PDF noch ein Bild"),
        (b"PK\x03\x04", "Brief.DOCX", "Bitte als PDF speichern"),
        (b"\xd0\xcf\x11\xe0", "tabelle.xls", "Bitte als PDF speichern"),
        (b"%PDF-1.7\n" + b"nichts" * 90, "x.pdf", "beschädigt"),
        (pdf()[:150], "x.pdf", "beschädigt"),
        (pdf(pages=0), "x.pdf", "hat keine Seiten"),
        (b"%PDF-" + b" " * MAX_BYTES, "x.pdf", "größer als 10 MB"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 90, "x.heic", "kein Foto"),
        (b"\xff\xd8\xff" + b"x" * 90, "x.jpg", "kein Foto"),
    ],
)
def test_everything_else_is_refused_in_words(content, name, words):
    with pytest.raises(BadDocument, match=words) as caught:
        prepare(content, name)
    assert name in str(caught.value)


def test_a_password_is_told_and_a_mere_lock_is_taken_off():
    locked = pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    with pytest.raises(BadDocument, match="Kennwort"):
        prepare(locked)
    made = prepare(pdf(encryption=pikepdf.Encryption(user="", owner="geheim")))
    assert b"/Encrypt" not in made.content


def test_a_picture_that_claims_too_many_points_is_refused():
    bomb = BytesIO()
    Image.new("1", (9_000, 9_000)).save(bomb, "PNG")
    with pytest.raises(BadDocument, match="zu viele Bildpunkte"):
        prepare(bomb.getvalue(), "bombe.png")


def test_a_table_of_objects_that_unpacks_to_a_gigabyte_is_refused():
    packed = zlib.compress(b"\0" * (200 * 1024 * 1024), 9)
    begin = b"%PDF-1.5\n"
    table = b"<</Type/XRef/Size 30000000/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    content = begin + b"5 0 obj\n" + table + b"\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    with pytest.raises(BadDocument, match="beschädigt"):
        prepare(content)


def test_a_file_of_endless_parts_is_refused(monkeypatch):
    monkeypatch.setattr("quartier.documents.MAX_OBJECTS", 20)
    with pytest.raises(BadDocument, match="zu verschachtelt"):
        prepare(pdf(pages=30))


def test_one_endless_object_is_refused(monkeypatch):
    """A file of a few megabytes may be a single list of millions of numbers."""
    monkeypatch.setattr("quartier.documents.MAX_PARTS", 500)
    with pytest.raises(BadDocument, match="zu verschachtelt"):
        prepare(pdf(lambda made: made.Root.update({"/Liste": Array([0] * 500)})))
    assert prepare(pdf(lambda made: made.Root.update({"/Liste": Array([0] * 400)}))).kind == "pdf"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("rechnung.exe", "rechnung.pdf"),
        ("rechnung.pdf.exe", "rechnung.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        (".pdf", "datei.pdf"),
        ("", "datei.pdf"),
        ("<b>fett</b>.pdf", "b>.pdf"),
    ],
)
def test_the_name_ends_as_what_is_kept(name, kept):
    assert prepare(pdf(), name).name == kept


def test_where_it_is_stored_tells_nothing():
    made = stored_document(prepare(pdf(), "Geheim.pdf"))
    assert (made.name.endswith(".pdf"), len(made.name), "Geheim" in made.name) == (True, 36, False)
