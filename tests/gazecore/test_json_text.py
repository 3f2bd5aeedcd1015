from __future__ import annotations

import pytest

from gazecore.json_text import parse_json


def test_json_is_read() -> None:
    assert parse_json(b'{"a": [1, "\xc3\xa9"]}') == {"a": [1, "é"]}


@pytest.mark.parametrize(
    "text", ["", "{", b"\xff\xfe\x00", "[" * 200_000, '{"a":' * 200_000, "1" * 5000]
)
def test_whatever_is_wrong_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_json(text)
