"""The seeded order in which a reader meets the cases."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.study.protocol import CaseOrder


def case_order(order: CaseOrder, case_ids: Iterable[str], reader_id: str) -> list[str]:
    """The cases in the order of the protocol for one reader.

    A shuffle sorts by a hash of seed, reader and case: it is the same on every machine and
    Python, and cases imported later slip in without moving the others against each other.

    Examples
    --------
    >>> from gazecore.study.protocol import CaseOrder
    >>> case_order(CaseOrder(kind="as_imported"), ["case-0002", "case-0001"], "r1")
    ['case-0001', 'case-0002']
    """
    if order.kind == "as_imported":
        return sorted(case_ids)
    salt = reader_id if order.kind == "per_reader" else ""

    def rank(case_id: str) -> bytes:
        return hashlib.sha256(f"{order.seed}\0{salt}\0{case_id}".encode()).digest()

    return sorted(case_ids, key=rank)
