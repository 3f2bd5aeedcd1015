from __future__ import annotations

import pytest

from gazecore.errors import InvalidSettingError
from gazecore.export.exporter import EXPORTERS, find_exporter

LEVELS = {
    "bids": {"raw"},
    "reflacx": {"fixations", "raw"},
    "egd": {"fixations", "raw"},
    "coco-search": {"fixations"},
    "parquet": {"maps", "fixations", "raw"},
}


@pytest.mark.parametrize("level", ["maps", "fixations", "raw"])
@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_formats_have_their_levels_and_no_others(name: str, level: str) -> None:
    if level in LEVELS[name]:
        assert level in find_exporter(name, level).levels
    else:
        with pytest.raises(InvalidSettingError) as caught:
            find_exporter(name, level)
        assert all(known in str(caught.value) for known in LEVELS[name])


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidSettingError, match="bids, reflacx, egd, coco-search, parquet"):
        find_exporter("spss", "raw")
    with pytest.raises(InvalidSettingError, match="maps, fixations, raw"):
        find_exporter("bids", "all")
