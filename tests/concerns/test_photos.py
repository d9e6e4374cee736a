"""Photos: what is taken, what is removed from them, who may see them."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from concerns.actions.base import Conflict, LoopError
from concerns.actions.photos import MAX_PHOTOS, add_photo, attach_held, hold_photo, remove_photo
from concerns.actions.privacy import apply_retention
from concerns.forms.capture import new_key, read_key
from concerns.models import Concern, HeldPhoto, Photo
from quartier.photos import MAX_BYTES, BadPhoto, prepare
from quartier.web.uploads import LIMIT
from tests import make

URL = reverse("concerns:capture")
MARKER = b"Geheimer Standort 50.7753"


def decoded(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def with_metadata(format: str) -> bytes:
    """A picture that carries everything a telephone writes into it."""
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (50.0, 46.0, 31.0)
    target = BytesIO()
    options = {"exif": exif.tobytes()}
    if format == "JPEG":
        options |= {"comment": MARKER, "xmp": b"<x:xmpmeta>" + MARKER + b"</x:xmpmeta>"}
    if format == "WEBP":
        options |= {"xmp": b"<x:xmpmeta>" + MARKER + b"</x:xmpmeta>"}
    Image.new("RGB", (64, 48), "seagreen").save(target, format, **options)
    return target.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_becomes_a_jpeg_without_metadata(format):
    content = with_metadata(format)
    assert MARKER in content or format == "HEIF"
    prepared = prepare(BytesIO(content), "bild")
    for kept in (prepared.full, prepared.preview):
        picture = decoded(kept)
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (64, 48), {})
        assert not {"exif", "xmp", "comment", "icc_profile"} & picture.info.keys()
        assert MARKER not in kept


def test_large_pictures_are_scaled_down():
    prepared = prepare(BytesIO(make.picture(size=(4000, 1000))), "bild.jpg")
    assert (decoded(prepared.full).size, decoded(prepared.preview).size) == ((2560, 640), (480, 120))


def test_pictures_are_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    prepared = prepare(BytesIO(make.picture(size=(80, 40), exif=exif.tobytes())), "hochkant.jpg")
    assert decoded(prepared.full).size == (40, 80)


def test_transparency_becomes_white():
    target = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    assert decoded(prepare(BytesIO(target.getvalue()), "leer.png").full).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA"])
def test_every_colour_mode_is_read(mode):
    target = BytesIO()
    Image.new(mode, (10, 10)).save(target, "JPEG" if mode == "CMYK" else "PNG")
    assert decoded(prepare(BytesIO(target.getvalue()), "bild").full).mode == "RGB"


def test_heic_of_a_telephone():
    target = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "navy")).save(target)
    assert decoded(prepare(BytesIO(target.getvalue()), "IMG_1.HEIC").full).size == (64, 48)


NOT_A_PHOTO = "„x.jpg“ ist kein Foto im Format JPEG, PNG, WebP oder HEIC."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NOT_A_PHOTO),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", NOT_A_PHOTO),
        (b"<html><script>alert(1)</script></html>", NOT_A_PHOTO),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, NOT_A_PHOTO),
        (b"%PDF-1.7 \n1 0 obj", NOT_A_PHOTO),
        (make.picture("GIF"), NOT_A_PHOTO),
        (make.picture("TIFF"), NOT_A_PHOTO),
        (make.picture("BMP"), NOT_A_PHOTO),
        (make.picture(size=(900, 900))[:2000], "„x.jpg“ ist beschädigt und lässt sich nicht öffnen."),
        (bomb(100, 100)[:30], NOT_A_PHOTO),
        (bomb(100, 100), "„x.jpg“ ist beschädigt und lässt sich nicht öffnen."),
        (bomb(30_000, 30_000), "„x.jpg“ hat zu viele Bildpunkte (höchstens 64 Millionen)."),
        (bomb(9_000, 9_000), "„x.jpg“ hat zu viele Bildpunkte (höchstens 64 Millionen)."),
        (b"\xff" * (MAX_BYTES + 1), "„x.jpg“ ist größer als 10 MB."),
    ],
    ids=lambda value: str(len(value)),
)
def test_what_is_no_photo_is_refused_by_name(content, message):
    with pytest.raises(BadPhoto) as refusal:
        prepare(BytesIO(content), "x.jpg")
    assert str(refusal.value) == message


# --- Keeping ----------------------------------------------------------------------------------------------------------


def upload(content: bytes | None = None, name: str = "bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else make.picture(), "image/jpeg")


@pytest.fixture
def typed(mara, ost):
    return {
        "form_key": new_key(mara),
        "text": "Die Bank ist zerbrochen",
        "district": str(ost.pk),
        "topic": str(make.topic().pk),
        "kind": "defect",
        "channel": "phone",
        "received_on": make.today().isoformat(),
        "urgency": "normal",
        "person-TOTAL_FORMS": "1",
        "person-INITIAL_FORMS": "0",
        "person-0-kind": "observation",
        "person-0-channel": "none",
        "person-0-language": "de",
    }


@pytest.mark.django_db
def test_photos_are_saved_with_the_concern(client_of, mara, typed):
    answer = client_of(mara).post(
        URL, {**typed, "photos": [upload(), upload(make.picture("PNG", color="red"), "ä/b.png")]}
    )
    assert answer.status_code == 303
    concern = Concern.objects.get()
    assert (concern.photos.count(), HeldPhoto.objects.count()) == (2, 0)
    assert concern.events.filter(kind="photo_added").count() == 2
    stored = concern.photos.first()
    assert stored.image.name.startswith("photos/")
    assert "bild" not in stored.image.name
    assert stored.size == stored.image.size


@pytest.mark.django_db
def test_a_wrong_file_is_named_and_the_others_stay(client_of, mara, typed):
    client = client_of(mara)
    answer = client.post(URL, {**typed, "photos": [upload(), upload(b"<script>", "<b>böse</b>.jpg")]})
    assert (answer.status_code, Concern.objects.count(), HeldPhoto.objects.count()) == (422, 0, 1)
    page = answer.content.decode()
    assert "„böse&lt;/b&gt;.jpg“ ist kein Foto" in page or "„b&gt;.jpg“ ist kein Foto" in page
    assert "Die Bank ist zerbrochen" in page
    assert client.post(URL, typed).status_code == 303
    assert Concern.objects.get().photos.count() == 1


@pytest.mark.django_db
def test_photos_outlive_errors_of_the_form(client_of, mara, typed):
    client = client_of(mara)
    assert client.post(URL, {**typed, "text": "", "photos": [upload()]}).status_code == 422
    # The browser sends the same file again together with the corrected form.
    assert client.post(URL, {**typed, "photos": [upload()]}).status_code == 303
    assert Concern.objects.get().photos.count() == 1


@pytest.mark.django_db
def test_photos_are_taken_as_soon_as_they_are_chosen(client_of, mara, typed):
    client = client_of(mara)
    answer = client.post(
        URL,
        {"form_key": typed["form_key"], "step": "check", "photos": [upload()]},
        headers={"HX-Request": "true", "HX-Target": "photos"},
    )
    held = HeldPhoto.objects.get()
    assert reverse("concerns:held_photo", args=[held.pk]) in answer.content.decode()
    left = client.post(
        URL,
        {"form_key": typed["form_key"], "step": f"drop_photo:{held.pk}"},
        headers={"HX-Request": "true", "HX-Target": "photos"},
    )
    assert (left.status_code, HeldPhoto.objects.count()) == (200, 0)


@pytest.mark.django_db
def test_nobody_else_touches_held_photos(client_of, mara, asli, typed):
    held = make.held_photo(user=mara, form_key=read_key(typed["form_key"])[1])
    url = reverse("concerns:held_photo", args=[held.pk])
    assert (client_of(mara).get(url).status_code, client_of(asli).get(url).status_code) == (200, 404)
    for key in (typed["form_key"], new_key(asli)):
        client_of(asli).post(URL, {"form_key": key, "step": f"drop_photo:{held.pk}"})
        client_of(mara).post(URL, {"form_key": new_key(mara), "step": f"drop_photo:{held.pk}"})
    client_of(asli).post(URL, {**typed, "form_key": new_key(asli)})
    assert (HeldPhoto.objects.count(), Photo.objects.count()) == (1, 0)
    refused = client_of(asli).post(URL, {"form_key": typed["form_key"], "step": "check", "photos": [upload()]})
    assert refused.context["photo_errors"] == ["Das Formular war veraltet. Bitte die Fotos noch einmal wählen."]


@pytest.mark.django_db
def test_ten_photos_at_most(client_of, mara, typed):
    files = [upload(make.picture("PNG", color=(n, 0, 0)), f"{n}.png") for n in range(MAX_PHOTOS + 1)]
    answer = client_of(mara).post(URL, {**typed, "photos": files})
    assert answer.context["photo_errors"] == ["Mehr als 10 Fotos je Anliegen sind nicht möglich."]
    assert (HeldPhoto.objects.count(), Concern.objects.count()) == (MAX_PHOTOS, 0)


@pytest.mark.django_db
def test_an_oversized_file_is_not_received_to_its_end(client_of, mara, typed):
    answer = client_of(mara).post(URL, {**typed, "photos": upload(b"\xff" * (LIMIT + 3_000_000), "riesig.jpg")})
    assert answer.context["photo_errors"] == ["„riesig.jpg“ ist größer als 10 MB."]
    assert answer.wsgi_request.FILES["photos"].size <= LIMIT


@pytest.mark.django_db
def test_too_many_files_are_refused_clearly(client_of, mara, typed):
    files = [upload(make.picture("PNG", color=(n, 0, 0)), f"{n}.png") for n in range(13)]
    assert client_of(mara).post(URL, {**typed, "photos": files}).status_code == 413


@pytest.mark.django_db
def test_joining_takes_the_photos_along(client_of, mara, ost, typed):
    there = make.concern(district=ost, owner=mara)
    client_of(mara).post(URL, {**typed, "step": f"join:{there.number}", "photos": [upload()]})
    assert (there.photos.count(), HeldPhoto.objects.count(), Concern.objects.count()) == (1, 0, 1)


# --- Changing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_adding_and_removing_later(client_of, mara, ost, django_capture_on_commit_callbacks):
    concern, client = make.concern(district=ost, owner=mara), client_of(mara)
    edit = reverse("concerns:edit", args=[concern.number])
    answer = client.post(
        reverse("concerns:photo_add", args=[concern.number]), {"photos": [upload(), upload(b"x", "x")]}
    )
    assert (answer.status_code, answer.headers["Location"], concern.photos.count()) == (303, edit, 1)
    photo = concern.photos.get()
    files = [photo.image, photo.preview]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("concerns:photo_remove", args=[photo.pk]))
    assert (concern.photos.count(), [file.storage.exists(file.name) for file in files]) == (0, [False, False])
    assert list(concern.events.values_list("kind", flat=True))[-2:] == ["photo_added", "photo_removed"]
    assert [str(message) for message in client.get(edit).context["messages"]] == [
        "„x“ ist kein Foto im Format JPEG, PNG, WebP oder HEIC.",
        "Foto hinzugefügt.",
        "Foto entfernt.",
    ]


@pytest.mark.django_db
def test_only_the_team_changes_photos(client_of, paul, silke, enno, mara, ost, stadtbetrieb):
    concern = make.concern(district=ost, owner=mara)
    make.routing(concern=concern, department=stadtbetrieb)
    photo = make.photo(concern=concern)
    for user in (paul, silke, enno):
        client = client_of(user)
        assert client.post(reverse("concerns:photo_remove", args=[photo.pk])).status_code == 404
        assert (
            client.post(reverse("concerns:photo_add", args=[concern.number]), {"photos": upload()}).status_code == 404
        )
    assert concern.photos.count() == 1


@pytest.mark.django_db
def test_a_full_concern_takes_no_more(mara, ost):
    concern = make.concern(district=ost, owner=mara)
    prepared = prepare(BytesIO(make.picture()), "bild.jpg")
    for _ in range(MAX_PHOTOS):
        add_photo(concern=concern, photo=prepared, by=mara)
    with pytest.raises(LoopError, match="Mehr als 10 Fotos"):
        add_photo(concern=concern, photo=prepared, by=mara)
    held = make.held_photo(user=mara)
    with pytest.raises(LoopError, match="Mehr als 10 Fotos"):
        attach_held(concern=concern, form_key=held.form_key, by=mara)


@pytest.mark.django_db
def test_removing_twice_is_a_conflict(mara, ost):
    photo = make.photo(concern=make.concern(district=ost, owner=mara))
    remove_photo(photo=photo, by=mara)
    with pytest.raises(Conflict):
        remove_photo(photo=photo, by=mara)


@pytest.mark.django_db
def test_photos_nobody_came_back_to_go_with_their_files(mara, django_capture_on_commit_callbacks):
    old, new = make.held_photo(user=mara), make.held_photo(user=mara)
    HeldPhoto.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        apply_retention()
    assert list(HeldPhoto.objects.all()) == [new]
    assert [photo.image.storage.exists(photo.image.name) for photo in (old, new)] == [False, True]


@pytest.mark.django_db
def test_the_same_file_is_held_once(mara):
    prepared = prepare(BytesIO(make.picture()), "bild.jpg")
    key = read_key(new_key(mara))[1]
    assert hold_photo(user=mara, form_key=key, photo=prepared) == hold_photo(user=mara, form_key=key, photo=prepared)


# --- Showing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_how_a_photo_is_served(client_of, mara, ost):
    photo = make.photo(concern=make.concern(district=ost, owner=mara))
    url = reverse("concerns:photo", args=[photo.pk])
    answer = client_of(mara).get(url)
    assert {
        name: answer.headers[name]
        for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Disposition")
    } == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="foto-{photo.pk}.jpg"',
    }
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == photo.image.read()
    small = client_of(mara).get(f"{url}?klein")
    assert b"".join(small.streaming_content) == photo.preview.read()


@pytest.mark.django_db
def test_a_department_sees_what_was_sent_to_it(client_of, enno, uwe, mara, ost, stadtbetrieb):
    concern = make.concern(district=ost, owner=mara)
    url = reverse("concerns:photo", args=[make.photo(concern=concern).pk])
    assert client_of(enno).get(url).status_code == 404
    make.routing(concern=concern, department=stadtbetrieb)
    assert (client_of(enno).get(url).status_code, client_of(uwe).get(url).status_code) == (200, 404)


@pytest.mark.django_db
def test_sensitive_photos_stay_with_the_team(client_of, mara, paul, silke, ost):
    concern = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True))
    url = reverse("concerns:photo", args=[make.photo(concern=concern).pk])
    assert [client_of(user).get(url).status_code for user in (mara, paul, silke)] == [200, 404, 404]


@pytest.mark.django_db
def test_a_lost_file_is_not_found(client_of, mara, ost):
    photo = make.photo(concern=make.concern(district=ost, owner=mara))
    photo.image.storage.delete(photo.image.name)
    assert client_of(mara).get(reverse("concerns:photo", args=[photo.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/media/", "/photos/", "/media/photos/"])
def test_files_have_no_public_path(client_of, mara, ost, path):
    photo = make.photo(concern=make.concern(district=ost, owner=mara))
    assert client_of(mara).get(f"{path}{photo.image.name}").status_code == 404
