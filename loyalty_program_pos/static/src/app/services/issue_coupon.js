import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { uuidv4 } from "@point_of_sale/utils";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { CouponDialog } from "../components/coupon_dialog/coupon_dialog";
import { claimReward } from "./claim_reward";
import { formatPoints } from "../utils/format_points";
import { maySpend } from "../utils/membership";

/**
 * @param {Object} card a member's card
 * @returns {Array} the rewards that its points can be turned into now, as a coupon or
 *     out of the catalogue
 */
export function getCouponRewards(card) {
    if (!card || !maySpend(card)) {
        return [];
    }
    return card.program_id.reward_ids.filter(
        (reward) =>
            (reward.issues_coupon || reward.is_claimed_ahead) &&
            reward.required_points <= card.points
    );
}

/**
 * Ask which reward, let the server take the points and show what they bought.
 *
 * @param {Object} pos the till's store
 * @param {Object} card the member's card
 */
export async function issueCoupon(pos, card) {
    const scale = card.program_id.points_scale;
    const reward = await makeAwaitable(pos.dialog, SelectionPopup, {
        title: _t("Turn points into a reward"),
        list: getCouponRewards(card).map((reward) => ({
            id: reward.id,
            label: reward.description,
            description: _t("%s points", formatPoints(reward.required_points, scale)),
            item: reward,
        })),
    });
    if (!reward) {
        return;
    }
    if (reward.is_claimed_ahead) {
        await claimReward(pos, card, reward);
        return;
    }
    const answer = await pos.data.call("pos.config", "loyalty_issue_coupon", [
        [pos.config.id],
        card.id,
        reward.id,
        uuidv4(),
    ]);
    card.update({ points: answer["loyalty.card"][0].points });
    const { code, svg, reward: title, until } = answer.coupon;
    pos.dialog.add(CouponDialog, {
        code,
        // The server draws the picture from nothing but the code.
        svg: markup(svg),
        reward: title,
        until: until && formatDate(deserializeDate(until)),
    });
    await pos.updateRewards();
}
