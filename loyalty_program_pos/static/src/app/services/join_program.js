import { markup } from "@odoo/owl";
import { JoinDialog } from "../components/join_dialog/join_dialog";

async function sendConsent(pos, { partner, program, version }) {
    await pos.data.callRelated(
        "pos.config",
        "loyalty_join",
        [
            [pos.config.id],
            program.id,
            partner.id,
            { consent: true, terms_version: version },
        ],
        {},
        false
    );
    await pos.updateRewards();
}

/**
 * Ask the customer to join and enrol them on the server.
 *
 * @param {Object} pos the till's store
 * @param {Object} partner the customer
 * @param {Object} program the strict programme to join
 */
export async function joinProgram(pos, partner, program) {
    const terms = await pos.data.call(
        "pos.config",
        "loyalty_get_terms",
        [[pos.config.id], program.id],
        {}
    );
    pos.dialog.add(JoinDialog, {
        programName: program.name,
        partnerName: partner.name,
        // The terms are sanitised by the server's Html field.
        terms: markup(terms.html),
        version: terms.version,
        onJoin: () => sendConsent(pos, { partner, program, version: terms.version }),
    });
}
