"""The measurements of `text/`: what it gets right on real histories, and how fast it is."""

from __future__ import annotations

from benchmarks import (
    texts_anchors,
    texts_comparison,
    texts_lineage,
    texts_merge,
    texts_references,
    texts_speed,
    texts_structure,
)
from benchmarks.table import Topic

TOPICS = (
    Topic("structure", "Texts: structure", texts_structure.measure),
    Topic("lineage", "Texts: lineage", texts_lineage.measure),
    Topic("comparison", "Texts: comparison", texts_comparison.measure),
    Topic("anchors", "Texts: anchors", texts_anchors.measure),
    Topic("merge", "Texts: merge", texts_merge.measure),
    Topic("references", "Texts: references", texts_references.measure),
    Topic("texts-speed", "Texts: speed", texts_speed.measure),
    Topic("growth", "Texts: growth", texts_speed.growth),
)
