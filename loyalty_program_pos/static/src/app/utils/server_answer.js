import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

/** What the server says in its own words; everything else is a fault to be seen. */
const TOLD = [
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
];

/**
 * Ask the server, and turn a refusal into a sentence that a dialog can show.
 *
 * @param {Function} ask makes the call
 * @returns {Promise<{answer?: Object, refusal?: string, isOffline?: boolean}>}
 */
export async function askServer(ask) {
    try {
        return { answer: await ask() };
    } catch (error) {
        if (error instanceof ConnectionLostError) {
            return {
                isOffline: true,
                refusal: _t("There is no connection. Please try again."),
            };
        }
        if (error instanceof RPCError && TOLD.includes(error.exceptionName)) {
            return { refusal: error.data.message };
        }
        throw error;
    }
}
