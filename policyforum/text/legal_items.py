"""Ayat, lists and closing phrases inside a provision: nesting by marker style and sequence.

Indentation is never asked. A marker continues the innermost open list of its style whose next
number it is; else a first marker (a, 1) opens a list inside the current item; else it is text.
"""

from __future__ import annotations

from policyforum.text import kinds
from policyforum.text.legal_lines import INSTRUCTION, Opening, Spot, item, runs_on
from policyforum.text.legal_tree import Node, Tree
from policyforum.text.numbering import follows

# A list may miss this many numbers (a scan lost them) before its marker counts as text.
_WIDEST_GAP = 3

_HOSTS = frozenset(
    {
        kinds.PASAL,
        kinds.AYAT,
        kinds.DIKTUM,
        kinds.INSTRUKSI,
        kinds.MENIMBANG,
        kinds.MENGINGAT,
        kinds.MEMPERHATIKAN,
        kinds.MENETAPKAN,
    }
)
_FIRST = (1, "")
_SECOND = (2, "")


def open_ayat(tree: Tree, opening: Opening, spot: Spot, offset: int) -> bool:
    """Open an ayat of the current Pasal at `offset`; False: the line is text."""
    pasal = _pasal_of(tree)
    if pasal is None or opening.value is None:
        return False
    before = pasal.last.get(kinds.AYAT)
    if before is None:
        expected = opening.value == _FIRST
        if not (expected or spot.fresh or opening.value == _SECOND):
            tree.warn(spot.row, "W-URUT", spot.words)
            return False
    else:
        expected = follows(before, opening.value)
        if opening.value <= before:
            tree.warn(spot.row, "W-URUT", spot.words)
            return False
    if not expected:
        tree.warn(spot.row, "W-URUT", spot.words)
    tree.close_to(pasal)
    pasal.last[kinds.AYAT] = opening.value
    tree.open(offset, opening)
    return True


def open_item(tree: Tree, opening: Opening, offset: int, spot: Spot) -> bool:
    """Open a list item at `offset` where sequence allows it; False: it is text."""
    host = tree.nearest(_HOSTS)
    top = tree.top
    if host is None or top is None or opening.value is None or not _takes_lists(tree, host):
        return False
    chain = tree.stack[tree.stack.index(host) + 1 :]
    if (node := _continued(chain, opening)) is not None:
        _open_beside(tree, node, opening, offset)
    elif (node := top.list_before) is not None and _next_in(node, opening):
        tree.stack.pop()
        tree.open(offset, opening)
    elif opening.value == _FIRST:
        _open_list(tree, chain, opening, offset, spot)
    elif (node := _continued(chain, opening, gap=True)) is not None:
        tree.warn(spot.row, "W-URUT", spot.words)
        _open_beside(tree, node, opening, offset)
    else:
        tree.warn(spot.row, "W-URUT", spot.words)
        return False
    return True


def open_instruction(tree: Tree, opening: Opening, spot: Spot, sentence: str) -> bool:
    """Open a numbered instruction of an amending Pasal, closing what the one before quotes."""
    pasal = tree.amending()
    if pasal is None or opening.kind != kinds.ANGKA or opening.value is None:
        return False
    if not follows(pasal.last.get(kinds.INSTRUKSI), opening.value):
        return False
    if not INSTRUCTION.match(sentence):
        return False
    tree.close_to(pasal)
    pasal.last[kinds.INSTRUKSI] = opening.value
    tree.open(
        spot.row.offset, Opening(kinds.INSTRUKSI, opening.number, opening.value, opening.rest)
    )
    return True


def open_tail(tree: Tree, spot: Spot) -> bool:
    """Open the closing phrase of a provision: words after its list that belong to no item."""
    host = tree.nearest(_HOSTS)
    if host is None or tree.top is None or tree.top.kind not in kinds.LISTS:
        return False
    if item(spot.words) or not _ends_list(spot):
        return False
    first = tree.stack[tree.stack.index(host) + 1]
    tree.close_to(host)
    tree.open(spot.row.offset, Opening(kinds.EKOR, "", None)).list_before = first
    return True


def continues_list(tree: Tree, opening: Opening) -> bool:
    """Whether a marker goes on with a list that is open."""
    return any(_next_in(node, opening) for node in tree.stack)


def in_reference(spot: Spot, opening: Opening) -> bool:
    """Whether the line before stops where a number must follow, so this marker is its object."""
    if spot.blank:
        return False
    if opening.kind == kinds.AYAT:
        return runs_on(spot.before)
    last = spot.before.rsplit(" ", 1)[-1].lower()
    return last in ("huruf", "angka", "ayat", "pasal", "nomor")


def _pasal_of(tree: Tree) -> Node | None:
    for node in reversed(tree.stack):
        if node.kind == kinds.PASAL:
            return node
        if node.kind not in kinds.LISTS and node.kind not in (kinds.AYAT, kinds.EKOR):
            return None
    return None


def _takes_lists(tree: Tree, host: Node) -> bool:
    inside = tree.stack[tree.stack.index(host) + 1 :]
    return all(node.kind in kinds.LISTS or node.kind == kinds.EKOR for node in inside)


def _next_in(node: Node, opening: Opening) -> bool:
    return (
        node.kind == opening.kind
        and opening.value is not None
        and follows(node.value, opening.value)
    )


def _continued(chain: list[Node], opening: Opening, *, gap: bool = False) -> Node | None:
    """The innermost open item this marker comes after."""
    for node in reversed(chain):
        if gap and node.kind == opening.kind and node.value and opening.value:
            step = opening.value[0] - node.value[0]
            if 0 < step <= _WIDEST_GAP:
                return node
        elif not gap and _next_in(node, opening):
            return node
    return None


def _open_beside(tree: Tree, node: Node, opening: Opening, offset: int) -> None:
    del tree.stack[tree.stack.index(node) :]
    tree.open(offset, opening)


def _open_list(tree: Tree, chain: list[Node], opening: Opening, offset: int, spot: Spot) -> None:
    again = next((node for node in chain if node.kind == opening.kind), None)
    if again is not None:
        tree.warn(spot.row, "W-ULANG", spot.words)
        _open_beside(tree, again, opening, offset)
        return
    before = chain[-1].list_before if chain else None
    if before is not None and before.kind == opening.kind:
        tree.warn(spot.row, "W-ULANG", spot.words)
    tree.open(offset, opening)


def _ends_list(spot: Spot) -> bool:
    ending = spot.before[-1:]
    if spot.words[0].islower():
        joins = spot.words.split(" ", 1)[0] in ("dan", "atau", "dan/atau")
        return not joins and (ending in ",;" if spot.blank else ending == ";")
    return spot.blank and ending in ".;,"
