import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { dropMadeUpWallets } from "@loyalty_program_pos/app/services/wallet";
import { setupMembership } from "../utils";

definePosModels();

test("a made-up wallet gives way to the true one, and only then", async () => {
    const { store, order, partner } = await setupMembership();
    const cards = store.models["loyalty.card"];
    const wallets = store.models["loyalty.program"].find((own) => own.id !== 1);
    wallets.update({ program_type: "ewallet" });
    cards
        .filter((card) => card.program_id?.id === wallets.id)
        .forEach((card) => card.delete());
    const terms = { program_id: wallets, partner_id: partner, points: 0 };
    cards.create({ id: -900, ...terms });
    order.uiState.couponPointChanges = { [-900]: { coupon_id: -900, points: 0 } };
    dropMadeUpWallets(store.models, partner);
    expect(cards.get(-900)).not.toBe(undefined);
    cards.create({ id: 900, ...terms, points: 12 });
    dropMadeUpWallets(store.models, partner);
    expect(cards.get(-900)).toBe(undefined);
    expect(cards.get(900).points).toBe(12);
    expect(order.uiState.couponPointChanges).toEqual({});
});
