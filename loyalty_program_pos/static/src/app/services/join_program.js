import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { JoinDialog } from "../components/join_dialog/join_dialog";
import { getMemberCard } from "../utils/membership";
import { askServer } from "../utils/server_answer";

async function sendConsent(pos, { partner, program, version, consent, friendCode }) {
    const answer = { consent, terms_version: version };
    if (friendCode) {
        answer.friend_code = friendCode;
    }
    await pos.data.callRelated(
        "pos.config",
        "loyalty_join",
        [[pos.config.id], program.id, partner.id, answer],
        {},
        false
    );
    await pos.updateRewards();
}

function refuse(pos, reason) {
    pos.dialog.add(AlertDialog, {
        title: _t("The customer cannot join now"),
        body: reason,
    });
}

/** Tell whether the customer agreed to what the programme comes with already. */
function isCovered(pos, program, partner) {
    const house = program.house_program_id;
    return Boolean(house) && getMemberCard(pos.models, house, partner) !== undefined;
}

/**
 * Ask the customer to join and enrol them on the server. A programme that comes with
 * a membership that they have takes one tap and no second consent.
 *
 * @param {Object} pos the till's store
 * @param {Object} partner the customer
 * @param {Object} program the strict programme to join
 */
export async function joinProgram(pos, partner, program) {
    const { answer: terms, refusal } = await askServer(() =>
        pos.data.call("pos.config", "loyalty_get_terms", [[pos.config.id], program.id])
    );
    if (refusal) {
        refuse(pos, refusal);
        return;
    }
    const facts = { partner, program, version: terms.version };
    if (isCovered(pos, program, partner)) {
        const answer = await askServer(() =>
            sendConsent(pos, { ...facts, consent: false })
        );
        if (answer.refusal) {
            refuse(pos, answer.refusal);
        }
        return;
    }
    pos.dialog.add(JoinDialog, {
        programName: program.name,
        partnerName: partner.name,
        // The terms are sanitised by the server's Html field.
        terms: markup(terms.html),
        version: terms.version,
        takesReferrals: Boolean(terms.takes_referrals),
        onJoin: async (friendCode) =>
            (
                await askServer(() =>
                    sendConsent(pos, { ...facts, consent: true, friendCode })
                )
            ).refusal,
    });
}
