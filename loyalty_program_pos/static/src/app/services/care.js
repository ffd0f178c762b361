import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/utils/order_payment_validation";
import { CareDialog } from "../components/care_dialog/care_dialog";
import {
    countFree,
    findUnbound,
    getCareLines,
    getCareValues,
    getOutdated,
    getUncovered,
    isBound,
} from "../utils/care";

/**
 * A care plan is sold with its item, or for an earlier purchase, and to a customer.
 *
 * @returns {string|false} what the cashier has to do first
 */
export function findCareRefusal(order) {
    const lines = getCareLines(order.lines);
    if (!lines.length) {
        return false;
    }
    if (!order.getPartner()) {
        return _t("A care plan belongs to a customer. Choose the customer first.");
    }
    const uncovered = getUncovered(order.lines);
    if (uncovered.length) {
        return _t(
            "%(plans)s: there is no item for it in this sale. Add the item, or choose below what the customer bought before.",
            { plans: uncovered.map((plan) => plan.display_name).join(", ") }
        );
    }
    return false;
}

/**
 * Ask the server, and leave out the plans that this till does not sell.
 *
 * @param {string} [words] which of the customer's plans are looked for
 */
async function fetchCare(pos, partner, words = "") {
    const products = pos.models["product.product"];
    const { offers, ...care } = await pos.data.call("pos.config", "loyalty_get_care", [
        [pos.config.id],
        partner.id,
        words,
    ]);
    return {
        ...care,
        offers: offers
            .filter((offer) => products.get(offer.product_id))
            .map((offer) => ({
                ...offer,
                plan: products.get(offer.product_id).display_name,
            })),
    };
}

/** @returns {string} what the plan costs here, with or without taxes as the till shows */
function getPriceWords(pos, order, offer) {
    const product = pos.models["product.product"].get(offer.product_id);
    const details = product.getTaxDetails({
        overridedValues: {
            pricelist: order.pricelist_id || false,
            fiscalPosition: order.fiscal_position_id || false,
        },
    });
    const price =
        pos.config.iface_tax_included === "total"
            ? details.total_included
            : details.total_excluded;
    return pos.env.utils.formatCurrency(price);
}

/** Sell a plan for an earlier purchase: one that waits for an item, or another one. */
async function sellFor(pos, order, offer) {
    const waiting = findUnbound(order.lines, offer.product_id);
    if (waiting?.getQuantity() === 1) {
        waiting.update(getCareValues(offer));
        return;
    }
    const product = pos.models["product.product"].get(offer.product_id);
    const line = await pos.addLineToCurrentOrder(
        {
            product_id: product,
            product_tmpl_id: product.product_tmpl_id,
            qty: 1,
            ...getCareValues(offer),
        },
        {},
        false
    );
    if (line && waiting) {
        waiting.setQuantity(waiting.getQuantity() - 1);
    }
}

/**
 * Show the care plans of the order's customer.
 *
 * @param {Object} pos the till's store
 * @param {string} [reason] why the till asks
 */
export function openCare(pos, reason) {
    const order = pos.getOrder();
    const partner = order.getPartner();
    pos.dialog.add(CareDialog, {
        customerName: partner.name,
        reason: reason ? String(reason) : undefined,
        fetchCare: (words) => fetchCare(pos, partner, words),
        countFree: (offer) => countFree(offer, order.lines),
        getPrice: (offer) => getPriceWords(pos, order, offer),
        sell: (offer) => sellFor(pos, order, offer),
        fileClaim: (plan, wish, token) =>
            pos.data.call("pos.config", "loyalty_file_care_claim", [
                [pos.config.id],
                plan.id,
                wish,
                token,
            ]),
    });
}

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const reason = findCareRefusal(this.order);
        if (reason && this.order.getPartner()) {
            openCare(this.pos, reason);
            return false;
        }
        const refusal = reason || (await this.findOutdatedCare());
        if (refusal) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("This care plan cannot be sold"),
                body: refusal,
            });
            return false;
        }
        return super.isOrderValid(...arguments);
    },
    /**
     * An order may have waited for days, and another till may have been faster. Without
     * a connection the sale goes on: the server tells what could not begin.
     *
     * @returns {Promise<string|false>} which plans for earlier purchases are too late
     */
    async findOutdatedCare() {
        if (!getCareLines(this.order.lines).some(isBound)) {
            return false;
        }
        let care;
        try {
            care = await fetchCare(this.pos, this.order.getPartner());
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return false;
            }
            throw error;
        }
        const outdated = getOutdated(this.order.lines, care.offers);
        return (
            outdated.length > 0 &&
            _t("%(items)s: it cannot be covered any more. Remove its care plan.", {
                items: outdated.map((line) => line.care_item_name).join(", "),
            })
        );
    },
});
