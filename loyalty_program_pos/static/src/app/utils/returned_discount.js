/**
 * Tell what of a tier's discount goes back with goods that come back.
 *
 * The discount is a line of its own, one for each mix of taxes: who returns the goods
 * line by line would get back more than was paid for them.
 *
 * @param {PosOrderLine[]} returns lines of a refund that is not paid yet
 * @returns {{line: PosOrderLine, price: number}[]} lines of discounts that were sold,
 *     and the price that is taken back of each, below zero as its own price is
 */
export function getReturnedDiscounts(returns) {
    const goods = returns.filter(
        (line) => line.qty < 0 && !isTierDiscount(line.refunded_orderline_id)
    );
    const sales = new Set(
        goods.map((line) => line.refunded_orderline_id?.order_id).filter(Boolean)
    );
    return [...sales].flatMap((sale) =>
        sale.lines
            .filter((line) => isTierDiscount(line))
            .map((line) => ({ line, price: getPriceNow(sale, line, goods) }))
            .filter(({ line, price }) => !sale.currency.isZero(line.qty * price))
    );
}

/** @returns {boolean} whether a sold line is what a tier took off */
export function isTierDiscount(line) {
    return Boolean(line?.reward_id?.program_id?.is_tier_discount);
}

function getPriceNow(sale, line, goods) {
    // Both are rounded whole, so that the last return leaves no cent behind.
    const part = getReturnedPart(sale, line, goods);
    const whole = sale.currency.round(line.price_unit * part);
    const before = getPaidBack(line).reduce(
        (sum, back) => sum + (-back.qty * back.price_unit) / line.qty,
        0
    );
    return sale.currency.round(whole - before);
}

/** Which part of the discount's goods has come back, this time included. */
function getReturnedPart(sale, line, goods) {
    const sold = sale.lines.filter((own) => !own.is_reward_line && own.qty > 0);
    const alike = sold.filter((own) => getTaxKey(own) === getTaxKey(line));
    const amounts = (alike.length ? alike : sold).map((own) => {
        const back = [
            ...getPaidBack(own),
            ...goods.filter((now) => now.refunded_orderline_id === own),
        ];
        const units = back.reduce((sum, now) => sum - now.qty, 0);
        const amount = own.prices.total_included;
        return [amount, amount * Math.min(units / own.qty, 1)];
    });
    const [all, returned] = [0, 1].map((index) =>
        amounts.reduce((sum, pair) => sum + pair[index], 0)
    );
    return all > 0 ? returned / all : 0;
}

function getPaidBack(line) {
    return line.refund_orderline_ids.filter(
        ({ order_id }) => !["cancel", "draft"].includes(order_id?.state)
    );
}

function getTaxKey(line) {
    return line.tax_ids
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .join();
}
