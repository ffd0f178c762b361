/**
 * The twin of `loyalty_program/engine/stamps.py`. Both answer the cases in
 * `tests/cases/stamps.json` alike.
 *
 * @typedef {Object} StampCard
 * @property {number} needed stamps of a full card
 * @property {number} filled stamps on the card that is shown
 * @property {number} pending stamps that wait, on the same card
 * @property {number} ready full cards that wait for their reward
 * @property {number} owed stamps taken back after the reward was had
 */

/** @returns {StampCard} the card to show for a balance */
export function layOut(points, pending, needed) {
    const stamps = Math.floor(Math.max(points, 0));
    const waiting = Math.floor(Math.max(pending, 0));
    const ready = Math.floor(stamps / needed);
    let filled = stamps % needed;
    if (ready && !filled && !waiting) {
        filled = needed;
    }
    return {
        needed,
        filled,
        pending: Math.min(waiting, needed - filled),
        ready,
        owed: Math.floor(Math.max(-points, 0)),
    };
}

/** @returns {number} stamps that fit where the programme drops the surplus */
export function getRoom(held, needed, spent = 0) {
    const before = held >= spent ? held - spent : held;
    return Math.max(needed - Math.max(before, 0), 0);
}

/** @returns {number} points of the card that the order spends */
export function getSpent(order, card) {
    return order
        ._get_reward_lines()
        .filter((line) => line.coupon_id?.id === card.id)
        .reduce((total, line) => total + line.points_cost, 0);
}

/**
 * @param {Object} order
 * @param {Object} program
 * @param {Object} [card] the member's card
 * @param {Object} [claim] see `estimatePoints`
 * @returns {number|undefined} most stamps that the order may give; undefined: no limit
 */
export function getStampRoom(order, program, card, claim) {
    if (!card || !program.stamps_needed || program.stamp_surplus !== "dropped") {
        return undefined;
    }
    const spent = getSpent(order, card) + (claim?.cost || 0);
    const held = card.points + (card.points_pending || 0);
    return getRoom(held, program.stamps_needed, spent);
}
