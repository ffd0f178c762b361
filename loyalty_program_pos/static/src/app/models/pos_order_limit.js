import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import { findExcluded, isOnOffer } from "../utils/reward_limits";

patch(PosOrder.prototype, {
    getClaimedRewards() {
        return this._get_reward_lines().map((line) => line.reward_id);
    },
    getClaimableRewards() {
        const claimed = this.getClaimedRewards();
        const date = this.date_order;
        const day = typeof date === "string" ? deserializeDateTime(date) : date;
        return super
            .getClaimableRewards(...arguments)
            .filter(
                ({ reward }) =>
                    !reward.is_claimed_ahead &&
                    isOnOffer(reward, day) &&
                    !findExcluded(reward, claimed)
            );
    },
    _applyReward(reward) {
        if (reward.is_claimed_ahead) {
            return _t("“%s” is claimed from the catalogue, not on an order.", [
                reward.description,
            ]);
        }
        const other = findExcluded(reward, this.getClaimedRewards());
        if (other) {
            return _t("“%(reward)s” does not go together with “%(other)s”.", {
                reward: reward.description,
                other: other.description,
            });
        }
        return super._applyReward(...arguments);
    },
});
