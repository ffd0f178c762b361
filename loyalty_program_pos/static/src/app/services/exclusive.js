import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
// Stock's patches first: these build on them, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import "@pos_loyalty/app/utils/order_payment_validation";
import { explain, getLimited, getRefused } from "../utils/exclusive";
import { loadMembership } from "./membership_loader";

/**
 * Exclusive products at the till.
 *
 * Without a customer they may be added: the customer may come later. Who pays must be
 * one of those whom they are for. The server keeps a paid sale in any case.
 */
patch(PosStore.prototype, {
    async addLineToOrder(vals, order) {
        const line = await super.addLineToOrder(...arguments);
        if (line) {
            await this._checkAddedLine(order, line);
        }
        return line && order.lines.includes(line) ? line : undefined;
    },
    async _checkAddedLine(order, line) {
        const added = [line, ...(line.combo_line_ids || [])];
        if (!getLimited(added).length) {
            return;
        }
        const partner = order.getPartner();
        if (!partner) {
            this.notification.add(explain(getLimited(added)), { type: "warning" });
            return;
        }
        await loadMembership(this, partner);
        const refused = getRefused(added, partner);
        if (refused.length) {
            order.removeOrderline(line);
            this.refuseExclusive(refused, partner);
        }
    },
    setPartnerToCurrentOrder(partner) {
        const result = super.setPartnerToCurrentOrder(...arguments);
        const order = this.getOrder();
        if (partner && order && getLimited(order.lines).length) {
            this._checkCustomer(order, partner);
        }
        return result;
    },
    async _checkCustomer(order, partner) {
        await loadMembership(this, partner);
        const refused = getRefused(order.lines, partner);
        if (refused.length && order.getPartner()?.id === partner.id) {
            this.refuseExclusive(refused, partner);
        }
    },
    /** Tell the cashier which products are not for the customer, and for whom. */
    refuseExclusive(templates, partner) {
        this.dialog.add(AlertDialog, {
            title: partner
                ? _t("Not for %(customer)s", { customer: partner.name })
                : _t("Not for everybody"),
            body: partner
                ? explain(templates)
                : _t("%(reasons)s\nChoose the customer first.", {
                      reasons: explain(templates),
                  }),
        });
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        if (getLimited(this.order.lines).length) {
            const partner = this.order.getPartner();
            await loadMembership(this.pos, partner);
            const refused = getRefused(this.order.lines, partner);
            if (refused.length) {
                this.pos.refuseExclusive(refused, partner);
                return false;
            }
        }
        return super.isOrderValid(...arguments);
    },
});
