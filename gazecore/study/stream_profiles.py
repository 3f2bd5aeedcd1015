"""``stream_profiles.json`` of a study: what the channels of foreign gaze streams mean, by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from gazecore.errors import DamagedFileError
from gazecore.streams import StreamProfile
from gazecore.study.durable import write_durably
from gazecore.study.json_document import read_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROFILES_FILE = "stream_profiles.json"
SCHEMA_VERSION = 1


def read_stream_profiles(folder: Path) -> tuple[StreamProfile, ...]:
    """The mappings of the study in `folder`, oldest first; none without a file.

    Raises
    ------
    DamagedFileError, NewerSchemaError
    """
    path = folder / PROFILES_FILE
    document = read_document(path, SCHEMA_VERSION)
    if document is None:
        return ()
    try:
        return tuple(StreamProfile.model_validate(entry) for entry in document["profiles"])
    except (ValueError, KeyError, TypeError) as error:
        # A profile that cannot be is a ValidationError, which is a ValueError.
        reason = "not mappings of streams"
        if isinstance(error, ValidationError):
            reason = f"not a mapping of a stream ({error.errors()[0]['msg']})"
        raise DamagedFileError(path, reason) from error


def write_stream_profiles(folder: Path, profiles: Sequence[StreamProfile]) -> None:
    """Write the file whole or not at all."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "profiles": [profile.model_dump(mode="json") for profile in profiles],
    }
    content = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_durably(folder / PROFILES_FILE, content.encode())


def with_profile(
    profiles: Sequence[StreamProfile], profile: StreamProfile
) -> tuple[StreamProfile, ...]:
    """The mappings with another one, in the place of those for the same stream."""
    return (*(known for known in profiles if known.match != profile.match), profile)
