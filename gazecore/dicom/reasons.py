"""Why a library gave a file up, as words that hold nothing of the file's text."""

from __future__ import annotations

import re

_LONGEST = 140
_QUOTED = re.compile(r"[bru]?['\"].*['\"]|[bru]?['\"].*")
"""From the first quotation mark to the last one: libraries quote what they found there."""
_PLUGINS = "all available plugins: "


def reason_of(error: BaseException) -> str:
    r"""The kind of an error, and its text without whatever it quotes, in printable ASCII.

    Examples
    --------
    >>> reason_of(ValueError("could not convert string to float: 'DOE^JANE'"))
    'ValueError: could not convert string to float: ...'
    >>> reason_of(RuntimeError("opj_decode failed\x1b[31m"))
    'RuntimeError: opj_decode failed [31m'
    """
    text = error.args[0] if error.args and isinstance(error.args[0], str) else ""
    found = plain_reason(" ".join(text.split()).rpartition(_PLUGINS)[2])
    kind = type(error).__name__
    return f"{kind}: {found}" if found else kind


def plain_reason(text: str) -> str:
    """A library's message on one line, without what it quotes and what no terminal should get."""
    line = " ".join("".join(c if c.isascii() and c.isprintable() else " " for c in text).split())
    return _QUOTED.sub("...", line)[:_LONGEST].rstrip()
