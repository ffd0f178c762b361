import { ConnectionLostError } from "@web/core/network/rpc";
import { hasAudiences } from "../utils/audience";
import { getStrictPrograms } from "../utils/membership";
import { dropMadeUpWallets, getWalletPrograms } from "./wallet";

async function loadCards(pos, partner) {
    const wallets = getWalletPrograms(pos.models);
    const programs = [...getStrictPrograms(pos.models), ...wallets];
    if (programs.length) {
        const domain = [
            ["partner_id", "=", partner.id],
            ["program_id", "in", programs.map((program) => program.id)],
        ];
        await pos.fetchCoupons(domain, null);
        dropMadeUpWallets(pos.models, partner);
    }
}

function hasTierPricelists(pos) {
    return (
        pos.config.use_pricelist &&
        pos.models["loyalty.tier"].some((tier) => tier.gives_pricelist)
    );
}

async function loadStanding(pos, partner) {
    if (hasAudiences(pos.models)) {
        await pos.data.read("res.partner", [partner.id], ["loyalty_standing"]);
    }
}

/** A tier that was reached a minute ago may have brought another price list. */
async function loadPricelist(pos, partner) {
    if (!hasTierPricelists(pos)) {
        return;
    }
    // Not `read`: told a single field, it makes a record out of a many2one.
    const name = "property_product_pricelist";
    const [values] = await pos.data.call(
        "res.partner",
        "read",
        [[partner.id], [name]],
        { load: false }
    );
    const pricelist = pos.models["product.pricelist"].get(values[name]);
    if (pricelist?.id === partner[name]?.id) {
        return;
    }
    partner[name] = pricelist;
    const order = pos.getOrder();
    if (order?.getPartner()?.id === partner.id) {
        order.updatePricelistAndFiscalPosition(partner);
    }
}

/**
 * Load the membership cards of the customer into the till, and where the customer
 * stands by now, once per selection.
 *
 * Without a connection the customer counts as unknown: the till shows no points, and
 * the server credits them all the same when the order arrives. The standing is then
 * that of the till's opening.
 *
 * @param {Object} pos the till's store
 * @param {Object} partner the order's customer, if any
 */
export async function loadMembership(pos, partner) {
    if (!partner || pos.loadedMembershipIds.has(partner.id)) {
        return;
    }
    try {
        await Promise.all([
            loadCards(pos, partner),
            loadStanding(pos, partner),
            loadPricelist(pos, partner),
        ]);
        pos.loadedMembershipIds.add(partner.id);
    } catch (error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
        pos.loadedMembershipIds.delete(partner.id);
    }
}
