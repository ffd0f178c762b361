/**
 * What an order brings back, where a programme asks for points that are spent already.
 *
 * @param {PosOrder} order
 * @param {LoyaltyProgram[]} programs those of the till
 * @returns {[number, number][]} id of the line that was sold, quantity that comes back
 */
export function getReturns(order, programs) {
    if (
        !programs.some((program) => ["refuse", "value"].includes(program.debt_policy))
    ) {
        return [];
    }
    return order.lines
        .filter((line) => line.refunded_orderline_id && line.qty < 0)
        .map((line) => [line.refunded_orderline_id.id, -line.qty]);
}
