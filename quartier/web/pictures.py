"""How the file of a file field leaves the server: through a view that has checked who may see it."""

from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404


def picture_response(file: FieldFile, filename: str) -> FileResponse:
    """A stored JPEG, shown in place and kept in no cache.

    Raises:
        Http404: there is no picture, or its file is gone.
    """
    return _guarded(FileResponse(_opened(file), filename=filename, content_type="image/jpeg"))


def download_response(file: FieldFile, filename: str) -> FileResponse:
    """A stored PDF, to be saved and never shown inside our pages; kept in no cache.

    Raises:
        Http404: its file is gone.
    """
    response = FileResponse(_opened(file), as_attachment=True, filename=filename, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _guarded(response)


def _opened(file: FieldFile) -> File:
    if not file:
        raise Http404
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise Http404 from None


def _guarded(response: FileResponse) -> FileResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
