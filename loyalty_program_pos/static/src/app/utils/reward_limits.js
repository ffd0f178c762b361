/** Which rewards the till offers, as far as it knows the limits by itself. */

import { getPrice } from "./reward_price";

function getGroups(reward) {
    return (reward.exclusion_key || "").split(",").filter(Boolean);
}

/**
 * @param {Object} reward
 * @param {Object} day of the order, a luxon DateTime
 * @returns {boolean}
 */
export function isOnOffer(reward, day) {
    const { claim_from: first, claim_to: last } = reward;
    return (
        (!first || day >= first.startOf("day")) && (!last || day <= last.endOf("day"))
    );
}

/** @returns {Object|undefined} the first of the others that the reward excludes */
export function findExcluded(reward, others) {
    const groups = getGroups(reward);
    return others.find(
        (other) =>
            other.id !== reward.id &&
            getGroups(other).some((group) => groups.includes(group))
    );
}

/**
 * @param {Array} lines the reward lines of an order
 * @returns {Array} what the server must count, one for each limited reward and card
 */
export function getLimitedClaims(lines) {
    const claims = new Map();
    for (const { reward_id: reward, coupon_id: card, points_cost: cost } of lines) {
        const isCounted = reward.limit_total || reward.limit_member;
        if (!isCounted || !card || card.id < 1) {
            continue;
        }
        const key = `${card.id}:${reward.id}`;
        const claim = claims.get(key) || { cost: 0, reward, card };
        claim.cost += cost;
        claims.set(key, claim);
    }
    return [...claims.values()].map(({ cost, reward, card }) => ({
        card_id: card.id,
        reward_id: reward.id,
        // Only products are given several times at once.
        times:
            reward.reward_type === "product" && !reward.clear_wallet
                ? Math.max(Math.round(cost / getPrice(reward, card)), 1)
                : 1,
    }));
}
