"""What goes back when a merge of two members is split again."""

from decimal import Decimal

from .rounding import round_points

ZERO = Decimal(0)


def share_to_return(moved, pot, left, scale):
    """Return how many of the points that were moved go back.

    What was spent of the common pot since the merge is borne by both, pro rata of what
    each brought. A debt goes back whole, and who brought all of the pot bears all.

    :param Decimal moved: what the merge moved; negative: a debt
    :param Decimal pot: what both had together right after the merge
    :param Decimal left: what of that very pot is left now
    :param int scale: decimals of a point
    """
    if moved <= 0 or pot <= 0:
        return moved
    spent = max(pot - left, ZERO)
    borne = spent * min(moved / pot, Decimal(1))
    return max(round_points(moved - borne, scale), ZERO)


def take_parts(parts, wanted):
    """Return (lot, points) that sum up to ``wanted``, the first lots first.

    :param parts: list of (lot, positive points)
    """
    taken = []
    for lot, points in parts:
        if wanted <= 0:
            break
        part = min(points, wanted)
        taken.append((lot, part))
        wanted -= part
    return taken
