import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { Dialog } from "@web/core/dialog/dialog";
import { useAsyncLockedMethod } from "@point_of_sale/app/hooks/hooks";
import { uuidv4 } from "@point_of_sale/utils";
import { askServer } from "../../utils/server_answer";

const TINTS = { active: "text-bg-success", waiting: "text-bg-warning" };

function formatDay(day) {
    return day ? formatDate(deserializeDate(day)) : "";
}

/**
 * The care plans of a customer: claim one, or sell one for an earlier purchase.
 *
 * A claim is named by a token: a second click, or a second try after a lost connection,
 * files no other one.
 */
export class CareDialog extends Component {
    static template = "loyalty_program_pos.CareDialog";
    static components = { Dialog };
    static props = {
        customerName: String,
        reason: { type: String, optional: true },
        fetchCare: Function,
        countFree: Function,
        getPrice: Function,
        sell: Function,
        fileClaim: Function,
        close: Function,
    };

    setup() {
        this.state = useState({
            plans: [],
            more: 0,
            isLong: false,
            words: "",
            sought: "",
            offers: [],
            hasMoreOffers: false,
            plan: null,
            description: "",
            agrees: false,
            refusal: "",
            success: "",
            isBusy: false,
        });
        this.file = useAsyncLockedMethod(this.file);
        this.sell = useAsyncLockedMethod(this.sell);
        this.search = useAsyncLockedMethod(this.search);
        onWillStart(() => this.load());
    }

    async load() {
        const words = this.state.words.trim();
        const { answer, refusal } = await askServer(() => this.props.fetchCare(words));
        this.state.refusal = refusal || "";
        if (!answer) {
            return;
        }
        Object.assign(this.state, {
            plans: answer.plans,
            more: answer.more,
            // Where there was something to look for once, there is a way back.
            isLong: this.state.isLong || answer.more > 0,
            sought: words,
            offers: answer.offers,
            hasMoreOffers: answer.more_offers,
        });
    }

    async search() {
        this.state.success = "";
        await this.load();
    }

    // === Words ===

    get isEmpty() {
        const { plans, offers, refusal, isLong } = this.state;
        return !plans.length && !offers.length && !refusal && !isLong;
    }

    /** What the list leaves out, or why it is empty. */
    get moreWords() {
        const { plans, more, sought } = this.state;
        if (more) {
            return _t("Plans not shown: %s. Search for the one you need.", more);
        }
        return sought && !plans.length ? _t("No plan found for “%s”.", sought) : "";
    }

    getTint(plan) {
        return TINTS[plan.state] || "text-bg-secondary";
    }

    getPlanWords(plan) {
        return `${plan.product} · ${plan.name}`;
    }

    getTermWords(plan) {
        return plan.ends_on ? _t("Covered until %s", formatDay(plan.ends_on)) : "";
    }

    getClaimWords(plan) {
        const facts = { left: plan.claims_left, all: plan.claims_included };
        return plan.fee
            ? _t("%(left)s of %(all)s claims left, %(fee)s each", {
                  ...facts,
                  fee: plan.fee,
              })
            : _t("%(left)s of %(all)s claims left, free of charge", facts);
    }

    getFiledWords(claim) {
        return `${claim.name} · ${formatDay(claim.filed_on)} · ${claim.label}`;
    }

    getOfferWords(offer) {
        const words = _t("Bought on %(day)s (%(document)s)", {
            day: formatDay(offer.sold_on),
            document: offer.document,
        });
        return [words, ...offer.serials].join(" · ");
    }

    getLastDayWords(offer) {
        return offer.last ? _t("Until %s", formatDay(offer.last)) : "";
    }

    get agreementWords() {
        return _t("The customer agrees to the fee of %s", this.state.plan.fee);
    }

    // === Sell for an earlier purchase ===

    get openOffers() {
        return this.state.offers.filter((offer) => this.props.countFree(offer) > 0);
    }

    async sell(offer) {
        await this.props.sell(offer);
        this.props.close();
    }

    // === Claim ===

    select(plan) {
        this.token = uuidv4();
        Object.assign(this.state, {
            plan,
            description: "",
            agrees: false,
            refusal: "",
            success: "",
        });
    }

    back() {
        this.state.plan = null;
        this.state.refusal = "";
    }

    get mayFile() {
        const { plan, description, agrees, isBusy } = this.state;
        const isTold = Boolean(plan) && Boolean(description.trim());
        return !isBusy && isTold && (!plan.fee || agrees);
    }

    async file() {
        if (!this.mayFile) {
            return;
        }
        const { plan, description, agrees } = this.state;
        this.state.isBusy = true;
        this.state.refusal = "";
        let result;
        try {
            result = await askServer(() =>
                this.props.fileClaim(plan, { description, agrees }, this.token)
            );
        } finally {
            this.state.isBusy = false;
        }
        if (result.refusal) {
            this.state.refusal = result.isOffline
                ? _t(
                      "There is no connection. Please try again: nothing is filed twice."
                  )
                : result.refusal;
            return;
        }
        const { name, plan: changed } = result.answer;
        this.state.plans = this.state.plans.map((own) =>
            own.id === changed.id ? changed : own
        );
        this.state.success = _t("The claim %s is filed.", name);
        this.state.plan = null;
    }
}
