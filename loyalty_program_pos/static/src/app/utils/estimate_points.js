/**
 * The preview of the points that an order will earn, by the rules of the server's
 * engine. It is shown until the order is paid; then the server's figure replaces it.
 */

/** A product given away, or a discount: it makes other lines cheaper. */
function isDeduction(line) {
    return line.is_reward_line || line.prices.total_included < 0;
}

/** Gift cards and eWallets are means of payment, not discounts. */
function isPayment(line) {
    return ["gift_card", "ewallet"].includes(line.reward_id?.program_id?.program_type);
}

function counts(line, program) {
    return (
        !line.combo_parent_id &&
        !line.refunded_orderline_id &&
        !isPayment(line) &&
        !line.ignoreLoyaltyPoints({ program })
    );
}

function amountOf(line) {
    // A combo is priced by its items.
    const priced = [line, ...line.combo_line_ids];
    return {
        total: sum(priced.map((part) => part.prices.total_included)),
        untaxed: sum(priced.map((part) => part.prices.total_excluded)),
    };
}

function sum(values) {
    return values.reduce((total, value) => total + value, 0);
}

function factor(gross, cut) {
    return gross ? Math.max((gross + cut) / gross, 0) : 1;
}

/** Goods, each net of its share of the deductions. */
function getNetLines(order, program) {
    const lines = order.lines.filter((line) => counts(line, program));
    const goods = lines.filter((line) => !isDeduction(line));
    const cuts = lines.filter(isDeduction).map(amountOf);
    const amounts = goods.map(amountOf);
    const share = factor(
        sum(amounts.map((a) => a.total)),
        sum(cuts.map((c) => c.total))
    );
    const untaxedShare = factor(
        sum(amounts.map((a) => a.untaxed)),
        sum(cuts.map((c) => c.untaxed))
    );
    return goods.map((line, index) => ({
        line,
        total: amounts[index].total * share,
        untaxed: amounts[index].untaxed * untaxedShare,
    }));
}

function pointsOfRule(rule, netLines) {
    const matching = netLines.filter(
        ({ line }) => rule.any_product || rule.validProductIds.has(line.product_id.id)
    );
    const quantity = sum(matching.map(({ line }) => line.getQuantity()));
    const total = sum(matching.map((net) => net.total));
    const reached =
        rule.minimum_amount_tax_mode === "incl"
            ? total
            : sum(matching.map((n) => n.untaxed));
    if (
        !matching.length ||
        quantity < rule.minimum_qty ||
        reached < rule.minimum_amount
    ) {
        return 0;
    }
    const paid = Math.round(total * 100) / 100;
    const basis = { order: 1, unit: quantity, money: paid }[rule.reward_point_mode];
    return Math.max(rule.reward_point_amount * basis, 0);
}

/**
 * Round down to the programme's scale. The tiny addition keeps what floating point
 * makes of a whole number (29.000000000000004, 28.999999999999996) whole.
 */
export function roundPoints(points, scale) {
    const size = 10 ** scale;
    return Math.floor(points * size + 1e-6) / size;
}

/**
 * @param {Object} order the till's order
 * @param {Object} program a strict programme
 * @returns {number} points, in the programme's scale
 */
export function estimatePoints(order, program) {
    const netLines = getNetLines(order, program);
    const rules = program.rule_ids.filter((rule) => rule.mode === "auto");
    return roundPoints(
        sum(rules.map((rule) => pointsOfRule(rule, netLines))),
        program.points_scale
    );
}
