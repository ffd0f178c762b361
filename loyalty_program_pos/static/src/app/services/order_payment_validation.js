import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/utils/order_payment_validation";
import { getLimitedClaims } from "../utils/reward_limits";

patch(OrderPaymentValidation.prototype, {
    async validateOrder() {
        const reason = await this.findRefusedClaim();
        if (reason) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("This reward cannot be given"),
                body: reason,
            });
            return;
        }
        return super.validateOrder(...arguments);
    },
    /**
     * Without a connection the order goes on: the server keeps what is paid and tells
     * the manager.
     *
     * @returns {Promise<string|false>} why a limited reward cannot be given
     */
    async findRefusedClaim() {
        const claims = getLimitedClaims(this.order._get_reward_lines());
        if (!claims.length) {
            return false;
        }
        try {
            return await this.pos.data.call("pos.order", "loyalty_check_claims", [
                claims,
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return false;
            }
            throw error;
        }
    },
});
