import { isFor } from "./audience";
import { evaluate } from "./earning";
import { getStampRoom } from "./stamps";

/**
 * The preview of the points that an order will earn: the order as a basket for the twin
 * of the server's engine. It is shown until the order is paid; then the server's figure
 * replaces it.
 */

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

function sum(values) {
    return values.reduce((total, value) => total + value, 0);
}

function amountOf(line) {
    // A combo is priced by its items.
    const priced = [line, ...line.combo_line_ids];
    return {
        total: sum(priced.map((part) => part.prices.total_included)),
        untaxed: sum(priced.map((part) => part.prices.total_excluded)),
    };
}

/** The product that a reward line gives away, where that is certain. */
function getGift(line, order) {
    if (line.reward_id?.reward_type !== "product") {
        return undefined;
    }
    const bought = new Set(
        order.lines.filter((l) => !l.is_reward_line).map((l) => l.product_id.id)
    );
    const given = line.reward_id.reward_product_ids.filter((p) => bought.has(p.id));
    return (
        given.find((product) => product.id === line.loyalty_reward_product_id?.id) ||
        (given.length === 1 ? given[0] : undefined)
    );
}

function toBasketLine(line, order) {
    const amounts = amountOf(line);
    const gift = getGift(line, order);
    if (gift) {
        return {
            ...amounts,
            kind: "gift",
            product: gift.id,
            quantity: -line.getQuantity(),
        };
    }
    return {
        ...amounts,
        kind: line.is_reward_line || amounts.total < 0 ? "discount" : undefined,
        product: line.product_id.id,
        quantity: line.getQuantity(),
    };
}

/** The line that would take the price of a product off again. */
function toGiftLine(claim, order) {
    const line = order.lines.find(
        (bought) => !bought.is_reward_line && bought.product_id.id === claim.product.id
    );
    const part = line ? claim.quantity / line.getQuantity() : 0;
    const { total, untaxed } = line ? amountOf(line) : { total: 0, untaxed: 0 };
    return {
        kind: "gift",
        product: claim.product.id,
        quantity: -claim.quantity,
        total: -total * part,
        untaxed: -untaxed * part,
    };
}

function toBasket(order, program, claim) {
    const paid = -sum(order.lines.filter(isPayment).map((l) => amountOf(l).total));
    const due = sum(order.lines.map((line) => line.prices.total_included)) + paid;
    return {
        lines: order.lines
            .filter((line) => counts(line, program))
            .map((line) => toBasketLine(line, order))
            .concat(claim ? [toGiftLine(claim, order)] : []),
        codes: order.uiState.codeActivatedProgramRules || [],
        due: program.earn_on_gift_cards ? 0 : due,
        vouchers: program.earn_on_gift_cards ? 0 : paid,
    };
}

function toRule(rule) {
    return {
        id: rule.id,
        mode: rule.reward_point_mode,
        rate: rule.reward_point_amount,
        products: rule.any_product ? undefined : [...rule.validProductIds],
        minimum_quantity: rule.minimum_qty,
        minimum_amount: rule.minimum_amount,
        minimum_untaxed: rule.minimum_amount_tax_mode === "excl",
        code: rule.mode === "with_code",
    };
}

/**
 * @param {Object} order the till's order
 * @param {Object} program a strict programme
 * @param {Object} [card] the member's card, for the member's limit
 * @param {Object} [claim] {product, quantity, cost}: as if it were claimed as well
 * @returns {number} points, in the programme's scale
 */
export function estimatePoints(order, program, card, claim) {
    const terms = {
        scale: program.points_scale,
        rounding: program.points_rounding,
        per_line: program.rounding_scope === "line",
        untaxed: program.earn_basis === "untaxed",
        order_cap: program.order_cap || undefined,
        // What the tier adds is a bonus entry; the customer hears of the whole.
        multiplier: card?.earn_factor || 1,
    };
    const rooms = [card?.cap_room, getStampRoom(order, program, card, claim)];
    const limits = rooms.filter((room) => room >= 0);
    const room = limits.length ? Math.min(...limits) : undefined;
    const partner = order.getPartner();
    const rules = program.rule_ids.filter((rule) => isFor(rule, partner)).map(toRule);
    return evaluate(toBasket(order, program, claim), rules, terms, room);
}

/** The money of an order that counts for a tier, before taxes where points are. */
export function estimateSpend(order, program) {
    const amount = program.earn_basis === "untaxed" ? "untaxed" : "total";
    const { lines } = toBasket(order, program);
    // A gift and the line that takes its price off cancel out.
    return Math.max(sum(lines.map((line) => line[amount])), 0);
}
