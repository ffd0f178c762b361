import { ConnectionLostError } from "@web/core/network/rpc";
import { getStrictPrograms } from "../utils/membership";

/**
 * Load the membership cards of the customer into the till, once per selection.
 *
 * Without a connection the customer counts as unknown: the till shows no points, and
 * the server credits them all the same when the order arrives.
 *
 * @param {Object} pos the till's store
 * @param {Object} partner the order's customer, if any
 */
export async function loadMembership(pos, partner) {
    const programs = getStrictPrograms(pos.models);
    if (!partner || !programs.length || pos.loadedMembershipIds.has(partner.id)) {
        return;
    }
    try {
        await pos.fetchCoupons(
            [
                ["partner_id", "=", partner.id],
                ["program_id", "in", programs.map((program) => program.id)],
            ],
            null
        );
        pos.loadedMembershipIds.add(partner.id);
    } catch (error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
        pos.loadedMembershipIds.delete(partner.id);
    }
}
