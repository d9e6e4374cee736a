"""Uploads stop growing at the size that could be accepted anyway, so that nobody can fill the disk."""

from django.core.files.uploadhandler import FileUploadHandler

LIMIT = 16 * 1024 * 1024  # of one file; forms decide below that and can still name what was too large


class LimitedUpload(FileUploadHandler):
    """Swallows what comes after LIMIT bytes of a file; stands before Django's own handlers."""

    def new_file(self, *args, **kwargs) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on to the next handler, or nothing once the file is too large."""
        self.received += len(raw_data)
        return raw_data if self.received <= LIMIT else None

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
        return None
