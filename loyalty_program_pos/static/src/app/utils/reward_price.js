/**
 * Rewards that take fewer points of the customer's tier.
 *
 * The till compares the points of a card with the usual price. Where a reward is
 * cheaper, the points are shown to it as so many times more as the reward is cheaper,
 * and what it computes as the cost is cut by the same part: as on the server, which
 * computes all of it again.
 */

/** {card id: share} while the till computes rewards; everything here is synchronous. */
let shown = {};

/**
 * @param {Object} shares {card id: share of the usual points}
 * @param {Function} compute what to do meanwhile
 */
export function showingPoints(shares, compute) {
    const before = shown;
    shown = shares;
    try {
        return compute();
    } finally {
        shown = before;
    }
}

/** @returns {number} the points of a card, as they are shown now */
export function showPoints(points, cardId) {
    const share = shown[cardId] || 1;
    return share < 1 && points > 0 ? roundOff(points / share) : points;
}

/** Nine decimals: more than any programme's points have, less than a float's noise. */
function roundOff(number) {
    return Math.round(number * 1e9) / 1e9;
}

/** @returns {number} share of the usual points that a reward takes of a card */
export function getShare(reward, card) {
    return card?.reward_prices?.[reward.id]?.share || 1;
}

/** @returns {number} the points that a reward takes of a card, once */
export function getPrice(reward, card) {
    return card?.reward_prices?.[reward.id]?.price || reward.required_points;
}

/** @returns {Object} {card id: smallest share of its rewards}, where any is cheaper */
export function getSmallestShares(cards) {
    const shares = {};
    for (const card of cards) {
        const own = Object.values(card?.reward_prices || {});
        if (own.length) {
            shares[card.id] = Math.min(...own.map(({ share }) => share));
        }
    }
    return shares;
}

/** @returns {number} the part of a cost, in the programme's scale, for the member */
export function cutCost(cost, share, scale) {
    const unit = 10 ** (scale || 0);
    return Math.floor(roundOff(cost * share * unit)) / unit;
}
