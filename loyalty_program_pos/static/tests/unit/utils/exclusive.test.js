import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    getLimited,
    getRefused,
    isSoldTo,
} from "@loyalty_program_pos/app/utils/exclusive";
import { setupMembership } from "../utils";

const { DateTime } = luxon;

definePosModels();

async function setupExclusive(values = {}) {
    const found = await setupMembership();
    const line = found.order.lines[0];
    const template = line.product_id.product_tmpl_id;
    template.audience_terms = { tiers: [3], segments: [], both: false };
    template.audience_words = "Only for Gold.";
    Object.assign(template, values);
    return { ...found, line, template };
}

test("who is not of the audience is refused, a guest too", async () => {
    const { order, template, partner } = await setupExclusive();
    expect(getRefused(order.lines, undefined)).toEqual([template]);
    partner.loyalty_standing = { tiers: [2], segments: [] };
    expect(getRefused(order.lines, partner)).toEqual([template]);
    partner.loyalty_standing = { tiers: [3], segments: [] };
    expect(getRefused(order.lines, partner)).toEqual([]);
});

test("early access ends at its moment", async () => {
    const { template } = await setupExclusive({
        open_to_all_from: DateTime.now().plus({ minutes: 1 }),
    });
    expect(isSoldTo(template, undefined)).toBe(false);
    template.open_to_all_from = DateTime.now().minus({ seconds: 1 });
    expect(isSoldTo(template, undefined)).toBe(true);
});

test("what comes back or was given away is not asked", async () => {
    const { order, line } = await setupExclusive();
    expect(getLimited(order.lines)).toHaveLength(1);
    line.is_reward_line = true;
    expect(getLimited(order.lines)).toHaveLength(0);
    line.is_reward_line = false;
    line.qty = -1;
    expect(getLimited(order.lines)).toHaveLength(0);
});

test("a line for another customer is taken off again", async () => {
    const { store, order, template, partner } = await setupExclusive();
    order.lines.slice().forEach((line) => order.removeOrderline(line));
    store.loadedMembershipIds.add(partner.id);
    partner.loyalty_standing = { tiers: [2], segments: [] };
    order.setPartner(partner);
    await store.addLineToOrder({ product_tmpl_id: template }, order);
    expect(order.lines).toHaveLength(0);
    partner.loyalty_standing = { tiers: [3], segments: [] };
    await store.addLineToOrder({ product_tmpl_id: template }, order);
    expect(order.lines).toHaveLength(1);
});
