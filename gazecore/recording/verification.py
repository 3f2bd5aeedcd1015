"""Reading back what was written: every chunk against its CRC-32, in memory that does not grow."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from gazecore.recording import chunks, integrity

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 64 * 2**20


class Verifier:
    """Follows a file while it grows and checks each chunk once its proof is there.

    Parameters
    ----------
    path : Path
        A recording of ours, being written or closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self._awaiting: dict[tuple[int, int], int] = {}

    @property
    def finished(self) -> bool:
        """Whether all that was read is proven, with no chunk left waiting for its proof."""
        return self._at > 0 and not self._awaiting and self._at == self._path.stat().st_size

    def advance(self) -> bool:
        """Check what was appended since the last call; False if anything differs."""
        with self._path.open("rb", buffering=2**20) as file:
            file.seek(self._at)
            if self._at == 0:
                mark = file.read(len(chunks.MAGIC))
                if mark != chunks.MAGIC:
                    return chunks.MAGIC.startswith(mark)
                self._at = len(chunks.MAGIC)
            while True:
                head = file.read(chunks.HEAD_BYTES)
                if len(head) < chunks.HEAD_BYTES:
                    return True
                size = struct.unpack_from("<I", head, 1)[0] - 2
                if head[0] != 4 or not 0 <= size <= _MOST_BYTES:
                    return False
                chunk = head + file.read(size)
                if len(chunk) < len(head) + size:
                    return True
                if not self._take(chunk):
                    return False

    def _take(self, chunk: bytes) -> bool:
        """Note a chunk, or check all noted ones if it is a proof."""
        self._awaiting[self._at, len(chunk)] = zlib.crc32(chunk)
        self._at += len(chunk)
        signature = struct.pack("<HI", chunks.Tag.SAMPLES, integrity.INTEGRITY_STREAM_ID)
        if chunk[5:11] != signature:
            return True
        try:
            proven = integrity.checksums_of(chunk)
        except chunks.ContentError:
            return False
        same = proven == self._awaiting
        self._awaiting.clear()
        return same
