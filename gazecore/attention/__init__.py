"""Attention maps, and the figures that compare them."""

from gazecore.attention.case import CaseAttention, ReadingFixations, case_attention, mean_attention
from gazecore.attention.live import LiveAttentionMap
from gazecore.attention.maps import attention_map, raw_attention_map

__all__ = [
    "CaseAttention",
    "LiveAttentionMap",
    "ReadingFixations",
    "attention_map",
    "case_attention",
    "mean_attention",
    "raw_attention_map",
]
