import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { uuidv4 } from "@point_of_sale/utils";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { readPoints } from "../screens/control_buttons";
import { formatPoints } from "../utils/format_points";
import { getChoiceTerms, getRange, isChoice } from "../utils/points_choice";

/** Ask how many points, and return them; undefined where the cashier thinks better. */
async function askPoints(pos, card, reward) {
    const range = getRange(getChoiceTerms(reward), card.points, Infinity);
    const text = (points) => formatPoints(points, range.scale);
    const typed = await makeAwaitable(pos.dialog, NumberPopup, {
        title: _t("How many points?"),
        subtitle: _t("From %(lowest)s to %(highest)s, in steps of %(step)s.", {
            lowest: text(range.lowest),
            highest: text(range.highest),
            step: text(range.step),
        }),
        startingValue: String(range.lowest),
        isValid: (buffer) => isChoice(range, readPoints(buffer)),
    });
    const points = readPoints(typed);
    return isChoice(range, points) ? points : undefined;
}

/**
 * Let the server claim a reward of the catalogue and tell what the member got.
 *
 * @param {Object} pos the till's store
 * @param {Object} card the member's card
 * @param {Object} reward one that is claimed ahead
 */
export async function claimReward(pos, card, reward) {
    const points = reward.has_choice ? await askPoints(pos, card, reward) : null;
    if (points === undefined) {
        return;
    }
    const answer = await pos.data.call("pos.config", "loyalty_claim_reward", [
        [pos.config.id],
        card.id,
        reward.id,
        uuidv4(),
        points,
    ]);
    card.update({ points: answer["loyalty.card"][0].points });
    const { given, reward: title } = answer.claim;
    pos.dialog.add(AlertDialog, {
        title,
        body: _t("%(given)s Points left: %(points)s", {
            given: given ? `${given}.` : "",
            points: formatPoints(card.points, card.program_id.points_scale),
        }).trim(),
    });
    await pos.updateRewards();
}
