import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";

/**
 * A till with a strict programme of one point per unit of money (programme 1) and
 * an order of two products; partner 1 holds its card.
 *
 * @param {Object} programValues overrides of the programme
 * @param {Object} cardValues overrides of the card
 */
export async function setupMembership(programValues = {}, cardValues = {}) {
    const store = await setupPosEnv();
    const program = store.models["loyalty.program"].get(1);
    program.update({
        name: "Club",
        ledger_policy: "strict",
        is_nominative: true,
        points_scale: 0,
        hold_days: 0,
        earn_basis: "total",
        earn_on_gift_cards: true,
        order_cap: 0,
        points_rounding: "down",
        rounding_scope: "order",
        pricelist_ids: [["clear"]],
        ...programValues,
    });
    const rule = store.models["loyalty.rule"].get(1);
    rule.update({ reward_point_mode: "money", any_product: true, minimum_qty: 0 });
    const card = store.models["loyalty.card"].get(1);
    card.update({
        member_state: "joined",
        may_earn: true,
        may_spend: true,
        member_number: "M0001",
        points: 40,
        points_pending: 7,
        cap_room: -1,
        earn_factor: 1,
        tier_id: store.models["loyalty.tier"].get(1),
        ...cardValues,
    });
    const order = await getFilledOrder(store);
    return { store, program, rule, card, order, partner: card.partner_id };
}

export function sumIncluded(order) {
    return order.lines.reduce((total, line) => total + line.prices.total_included, 0);
}

/** What the server says about a booked order. */
export function figuresOf(card, values = {}) {
    return {
        id: card.id,
        program: "Club",
        pointName: "points",
        scale: 0,
        number: "M0001",
        tier: "Silver",
        tierId: 2,
        earned: 30,
        spent: 10,
        balance: 60,
        pending: 5,
        earnFactor: 1,
        availableOn: "2030-01-31",
        ...values,
    };
}
