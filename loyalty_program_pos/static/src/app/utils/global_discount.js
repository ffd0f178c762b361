/**
 * The best of several discounts on the whole order, compared as money.
 *
 * Stock compares the bare numbers, so that 8 off an order beats 10 %.
 */

/**
 * @param {Object} reward a discount on the order, percent or money
 * @param {number} total what the order comes to without any such discount
 * @returns {number} the money that the reward takes off
 */
export function discountMoney(reward, total) {
    const money =
        reward.discount_mode === "percent"
            ? (total * reward.discount) / 100
            : reward.discount;
    return Math.min(money, reward.discount_max_amount || Infinity);
}

/**
 * Tell whether the reward that is applied stays, as the server would answer.
 *
 * Where both are worth more than the order, the smaller one is the better: the
 * customer keeps the larger one for another day.
 *
 * @param {Object} current the reward that is applied
 * @param {Object} other the one that would take its place
 * @param {number} total see discountMoney
 * @param {(a: number, b: number) => number} compare of two amounts of money
 */
export function staysBest(current, other, total, compare) {
    if (current.id === other.id) {
        return true;
    }
    const [has, wants] = [current, other].map((reward) => discountMoney(reward, total));
    if (compare(has, total) >= 0 && compare(wants, total) >= 0) {
        return compare(has, wants) <= 0;
    }
    return compare(has, wants) >= 0;
}
