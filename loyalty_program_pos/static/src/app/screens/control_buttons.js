import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { parseFloat } from "@web/views/fields/parsers";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/screens/product_screen/control_buttons/control_buttons";
import { formatPoints } from "../utils/format_points";
import { getPointName, isStrict } from "../utils/membership";
import { isChoice } from "../utils/points_choice";
import { getPrice } from "../utils/reward_price";

/** @returns {number} what was typed, or NaN */
export function readPoints(text) {
    try {
        return parseFloat(String(text));
    } catch {
        return NaN;
    }
}

patch(ControlButtons.prototype, {
    async _applyReward(reward, coupon_id, potentialQty) {
        if (reward.has_choice) {
            const points = await this.askPoints(reward, coupon_id);
            if (points === undefined) {
                return false;
            }
            this.pos.getOrder().choosePoints(reward, points);
        }
        // Stock would add as many free products as all points of the member buy.
        const isOnce = isStrict(reward.program_id) && potentialQty;
        const quantity = isOnce
            ? Math.min(potentialQty, reward.reward_product_qty)
            : potentialQty;
        return this.pos.claimingAsked(reward, () =>
            super._applyReward(reward, coupon_id, quantity)
        );
    },
    /** Stock's list, with what each reward takes of the member. */
    async clickRewards() {
        const offers = this.getPotentialRewards();
        if (!offers.some(({ reward }) => isStrict(reward.program_id))) {
            return super.clickRewards();
        }
        this.dialog.add(SelectionPopup, {
            title: _t("Available rewards"),
            list: offers.map((offer) => ({
                id: offer.reward.id,
                label: offer.reward.program_id.name,
                description: this.describeOffer(offer),
                item: offer,
            })),
            getPayload: ({ reward, coupon_id, potentialQty }) =>
                this._applyReward(reward, coupon_id, potentialQty),
        });
    },
    /** @returns {string} what is offered, and its price in points */
    describeOffer({ reward, coupon_id }) {
        const program = reward.program_id;
        if (!isStrict(program)) {
            return _t('Add "%s"', reward.description);
        }
        const price = getPrice(reward, this.pos.models["loyalty.card"].get(coupon_id));
        const facts = {
            reward: reward.description,
            points: formatPoints(price, program.points_scale),
            name: getPointName(program, _t("points")),
        };
        return reward.has_choice
            ? _t('Add "%(reward)s", from %(points)s %(name)s on', facts)
            : _t('Add "%(reward)s" for %(points)s %(name)s', facts);
    },
    /** @returns {Promise<number|undefined>} the points, or nothing when called off */
    async askPoints(reward, coupon_id) {
        const range = this.pos.getOrder().getChoiceRange(reward, coupon_id);
        if (range.highest < range.lowest) {
            this.notification.add(
                _t("This order and these points are not enough for the reward."),
                { type: "warning" }
            );
            return undefined;
        }
        const text = (points) => formatPoints(points, range.scale);
        const typed = await makeAwaitable(this.dialog, NumberPopup, {
            title: _t("How many points?"),
            subtitle: _t("From %(lowest)s to %(highest)s, in steps of %(step)s.", {
                lowest: text(range.lowest),
                highest: text(range.highest),
                step: text(range.step),
            }),
            startingValue: String(range.highest),
            isValid: (buffer) => isChoice(range, readPoints(buffer)),
            feedback: (buffer) => {
                const points = readPoints(buffer);
                return isChoice(range, points)
                    ? this.env.utils.formatCurrency(points * reward.discount)
                    : _t("Not possible here.");
            },
        });
        const points = readPoints(typed);
        return isChoice(range, points) ? points : undefined;
    },
});
