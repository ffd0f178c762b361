import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { CatalogueDialog } from "../components/catalogue_dialog/catalogue_dialog";
import { RewardDialog } from "../components/reward_dialog/reward_dialog";
import { formatPoints } from "../utils/format_points";
import { getPointName, maySpend } from "../utils/membership";
import { reloadWallet } from "./wallet";

/**
 * @param {Object} card a member's card
 * @returns {boolean} whether its points can be turned into something here, be it that
 *     they do not suffice yet
 */
export function hasCatalogue(card) {
    if (!card || !maySpend(card)) {
        return false;
    }
    return card.program_id.reward_ids.some(
        (reward) => reward.issues_coupon || reward.is_claimed_ahead
    );
}

/** Ask the server, and let the card show the balance that comes with the answer. */
async function callWithCard(pos, card, method, ...args) {
    const answer = await pos.data.call("pos.config", method, [
        [pos.config.id],
        card.id,
        ...args,
    ]);
    card.update({ points: answer["loyalty.card"][0].points });
    return answer;
}

async function takeReward(pos, card, { offer, token, wish }) {
    if (offer.kind === "coupon") {
        const args = [offer.id, token];
        const answer = await callWithCard(pos, card, "loyalty_issue_coupon", ...args);
        return answer.coupon;
    }
    const args = [offer.id, token, wish];
    const answer = await callWithCard(pos, card, "loyalty_claim_reward", ...args);
    return answer.claim;
}

/** Show what the member got: the code in large, how to use it, and the new balance. */
function showReward(pos, given, left) {
    const { reward, code, svg, until } = given;
    pos.dialog.add(RewardDialog, {
        reward,
        code: code || undefined,
        // The server draws the picture from nothing but the code.
        svg: code ? markup(svg) : undefined,
        until: until && formatDate(deserializeDate(until)),
        given: given.given || undefined,
        note: given.note || undefined,
        left,
    });
}

/**
 * Let the member choose a reward, let the server take the points and show what they
 * bought.
 *
 * @param {Object} pos the till's store
 * @param {Object} card the member's card
 */
export function openCatalogue(pos, card) {
    const program = card.program_id;
    const pointName = getPointName(program, _t("points"));
    pos.dialog.add(CatalogueDialog, {
        memberName: card.partner_id.name,
        pointName,
        scale: program.points_scale || 0,
        getBalance: () => card.points,
        formatMoney: (money) => pos.env.utils.formatCurrency(money),
        fetchOffers: async () =>
            (await callWithCard(pos, card, "loyalty_get_catalogue")).offers,
        takeReward: (offer, token, wish) =>
            takeReward(pos, card, { offer, token, wish }),
        onTaken: async (given) => {
            const left = _t("Points left: %(points)s", {
                points: formatPoints(card.points, program.points_scale),
            });
            showReward(pos, given, left);
            if (given.wallet_id) {
                await reloadWallet(pos, card.partner_id, given.wallet_id);
            }
            await pos.updateRewards();
        },
    });
}
