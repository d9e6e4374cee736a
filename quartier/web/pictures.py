"""How the picture of a file field leaves the server: through a view that has checked who may see it."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404


def picture_response(file: FieldFile, filename: str) -> FileResponse:
    """A stored JPEG, shown in place and kept in no cache.

    Raises:
        Http404: there is no picture, or its file is gone.
    """
    if not file:
        raise Http404
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, filename=filename, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
