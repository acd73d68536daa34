"""Serves files that lie on disk, with Range and ETag, so that players can seek and downloads can resume."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

CHUNK = 1 << 16
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def file_response(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """Answer GET or HEAD for a whole file, one byte range of it, or nothing if the client has it already."""
    status = path.stat()
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    if fresh := get_conditional_response(request, etag=etag, last_modified=int(status.st_mtime)):
        return fresh
    response = _ranged(request, path, status.st_size, etag) or FileResponse(path.open("rb"))
    response["Content-Type"] = content_type
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(status.st_mtime)
    return response


def _ranged(request: HttpRequest, path: Path, size: int, etag: str) -> HttpResponseBase | None:
    asked = ONE_RANGE.match(request.headers.get("Range", ""))
    if not asked or not any(asked.groups()) or request.headers.get("If-Range", etag) != etag:
        return None
    start, end = _bounds(asked[1], asked[2], size)
    if start >= size or start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_part(path, start, end - start + 1), status=206)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the first and last byte asked for; `-n` means the last n bytes."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)


def _part(path: Path, start: int, left: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
