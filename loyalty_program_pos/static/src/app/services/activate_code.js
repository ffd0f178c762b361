import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import { isSameCode, readTypedCode } from "../utils/typed_code";

/** Tell whether the card would pay for the reward but for a discount that is on. */
function isHeldBack(order, reward, cardId) {
    return (
        order._hasBetterDiscount(reward) &&
        order._getRealCouponPoints(cardId) >= reward.required_points &&
        order._canGenerateRewards(reward.program_id, order.priceIncl, order.priceExcl)
    );
}

/**
 * Why a code that was just entered gives nothing; it stays on the order for what may
 * still be added.
 *
 * @param {Object} order what the code was entered on
 * @param {Object} program the programme that the code opens
 * @param {number|undefined} cardId what the programme holds for this order
 * @param {Array} offers what the order may still choose from, of every programme
 * @returns {string|undefined} nothing where it gives something, or the cashier chooses
 */
export function explainIdleCode(order, program, cardId, offers) {
    const isTaken = order
        ._get_reward_lines()
        .some((line) => cardId && line.coupon_id?.id === cardId);
    const isOffered = offers.some((offer) => cardId && offer.coupon_id === cardId);
    if (isTaken || isOffered || !order.lines.length) {
        return undefined;
    }
    if (program.reward_ids.some((reward) => isHeldBack(order, reward, cardId))) {
        const [line] = order._getGlobalDiscountLines();
        return _t(
            "“%(reward)s” is worth at least as much, and the two do not add up. The code stays on the order and is not used up.",
            { reward: line.reward_id.description }
        );
    }
    return _t("This code gives nothing for this order yet.");
}

/** The server reads codes kindly; what the till knows itself, it reads as kindly. */
patch(PosStore.prototype, {
    async activateCode(code) {
        const order = this.getOrder();
        const cards = [...order._code_activated_coupon_ids];
        if (cards.some((card) => isSameCode(code, card.code))) {
            return _t("This code is on the order already.");
        }
        const ruleIds = [...order.uiState.codeActivatedProgramRules];
        const codes = this.models["loyalty.rule"]
            .filter((rule) => rule.mode === "with_code")
            .flatMap((rule) => [rule.code, rule.promo_barcode])
            .filter(Boolean);
        const result = await super.activateCode(readTypedCode(code, codes));
        if (result !== true) {
            return result;
        }
        const card = order._code_activated_coupon_ids.find(
            (own) => !cards.some((other) => other.id === own.id)
        );
        const ruleId = order.uiState.codeActivatedProgramRules.find(
            (id) => !ruleIds.includes(id)
        );
        const program =
            card?.program_id || this.models["loyalty.rule"].get(ruleId)?.program_id;
        return (program && this._explainIdle(order, program, card)) || true;
    },
    _explainIdle(order, program, card) {
        // What is for a later order gives nothing now, and is not meant to.
        if (!card && program.applies_on !== "current") {
            return undefined;
        }
        const change = Object.values(order.uiState.couponPointChanges).find(
            (own) => own.program_id === program.id
        );
        const cardId = card?.id || change?.coupon_id;
        const offers = [
            ...order.getClaimableRewards(cardId || false, program.id),
            ...this.getPotentialFreeProductRewards(),
        ];
        return explainIdleCode(order, program, cardId, offers);
    },
});
