/**
 * What an order brings back. What was sold a moment ago and the server does not know yet
 * has posted no points.
 *
 * @param {PosOrder} order
 * @returns {[number, number][]} id of the line that was sold, quantity that comes back
 */
export function getReturns(order) {
    return order.lines
        .filter(
            (line) => line.qty < 0 && Number.isInteger(line.refunded_orderline_id?.id)
        )
        .map((line) => [line.refunded_orderline_id.id, -line.qty]);
}
