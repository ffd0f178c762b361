import { estimatePoints } from "./estimate_points";
import { ownPointsSpendable } from "./membership";
import { getSpent } from "./stamps";

function sum(lines) {
    return lines.reduce((total, line) => total + line.getQuantity(), 0);
}

/**
 * Stock counts the stamps of before and those of this order apart, so that nobody gets
 * the tenth cup who holds eight stamps and buys two. Here the claim is tried out.
 *
 * @param {Object} order
 * @param {Object} reward a free product of a stamp card
 * @param {Object} card the member's card
 * @param {Object} product the product to give away
 * @returns {number} units that one more claim gives away, 0 for no claim
 */
export function getFreeQuantity(order, reward, card, product) {
    const ids = new Set(reward.reward_product_ids.map((candidate) => candidate.id));
    const bought = order.lines.filter(
        (line) => !line.is_reward_line && ids.has(line.product_id.id)
    );
    const given = order.lines.filter((line) => line.reward_id?.id === reward.id);
    const quantity = Math.min(reward.reward_product_qty, sum(bought) - sum(given));
    if (quantity <= 0) {
        return 0;
    }
    const program = reward.program_id;
    const claim = { product, quantity, cost: reward.required_points };
    const own = ownPointsSpendable(program)
        ? estimatePoints(order, program, card, claim)
        : 0;
    const left = card.points + own - getSpent(order, card) - claim.cost;
    return left >= 0 ? quantity : 0;
}
