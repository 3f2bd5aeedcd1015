"""Attention maps, and the figures that compare them."""

from gazecore.attention.case import CaseAttention, ReadingFixations, case_attention, mean_attention
from gazecore.attention.groups import (
    DifferenceAttention,
    GroupAttention,
    difference_attention,
    group_attention,
)
from gazecore.attention.live import LiveAttentionMap
from gazecore.attention.maps import attention_map, raw_attention_map

__all__ = [
    "CaseAttention",
    "DifferenceAttention",
    "GroupAttention",
    "LiveAttentionMap",
    "ReadingFixations",
    "attention_map",
    "case_attention",
    "difference_attention",
    "group_attention",
    "mean_attention",
    "raw_attention_map",
]
