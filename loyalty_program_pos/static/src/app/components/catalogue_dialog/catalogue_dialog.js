import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useAsyncLockedMethod } from "@point_of_sale/app/hooks/hooks";
import { uuidv4 } from "@point_of_sale/utils";
import { formatPoints } from "../../utils/format_points";
import { fitChoice } from "../../utils/points_choice";
import { askServer } from "../../utils/server_answer";

/** A picture for each kind of reward; another kind gets a gift. */
const ICONS = {
    coupon: "fa-ticket",
    donation: "fa-heart",
    experience: "fa-calendar",
    gift_card: "fa-credit-card",
    partner_code: "fa-qrcode",
    wallet: "fa-money",
};

/**
 * What a member may turn points into: choose a reward, how many points and which date
 * where there is a choice, and confirm. Nothing is taken before that.
 *
 * The server says what is on offer, and why not. A wish is named by a token, so that a
 * second click, or a second try after a lost connection, takes no points again.
 */
export class CatalogueDialog extends Component {
    static template = "loyalty_program_pos.CatalogueDialog";
    static components = { Dialog };
    static props = {
        memberName: String,
        pointName: String,
        scale: Number,
        getBalance: Function,
        fetchOffers: Function,
        takeReward: Function,
        formatMoney: Function,
        onTaken: Function,
        close: Function,
    };

    setup() {
        this.state = useState({
            offers: [],
            offer: null,
            points: 0,
            dateId: null,
            refusal: "",
            isBusy: false,
        });
        this.take = useAsyncLockedMethod(this.take);
        onWillStart(() => this.load());
    }

    // === Words ===

    formatPoints(points) {
        return `${formatPoints(points, this.props.scale)} ${this.props.pointName}`;
    }

    get balanceWords() {
        return this.formatPoints(this.props.getBalance());
    }

    getIcon(offer) {
        return ICONS[offer.kind] || "fa-gift";
    }

    getPriceWords(offer) {
        const points = this.formatPoints(offer.points);
        return offer.choice ? _t("from %s", points) : points;
    }

    get takeWords() {
        return _t("Take %s", this.formatPoints(this.state.points));
    }

    getPlacesWords(date) {
        return date.refusal || _t("Free places: %s", date.left);
    }

    get worthWords() {
        const { choice } = this.state.offer;
        return choice ? this.props.formatMoney(this.state.points * choice.value) : "";
    }

    // === Choose ===

    async load() {
        const { answer, refusal } = await askServer(this.props.fetchOffers);
        this.state.offers = answer || [];
        this.state.refusal = refusal || "";
    }

    /** Look at a reward; whatever was wished for before is forgotten. */
    select(offer) {
        const open = offer.dates.filter((date) => !date.refusal);
        this.token = uuidv4();
        Object.assign(this.state, {
            offer,
            points: offer.points,
            dateId: open.length === 1 ? open[0].id : null,
            refusal: "",
        });
    }

    /** Other balances may be found there: somebody else may have spent meanwhile. */
    async back() {
        this.state.offer = null;
        await this.load();
    }

    get range() {
        return { ...this.state.offer.choice, scale: this.props.scale };
    }

    /** Take the choice next below what was asked for, and at least the lowest. */
    setPoints(points) {
        const { lowest } = this.range;
        const wanted = Number.isFinite(points) ? Math.max(points, lowest) : lowest;
        this.wish({ points: fitChoice(this.range, wanted) ?? lowest });
    }

    /** What was typed may be no choice: the field shows what is taken for it. */
    typePoints(input) {
        this.setPoints(input.valueAsNumber);
        input.value = this.state.points;
    }

    addSteps(count) {
        this.setPoints(this.state.points + count * this.range.step);
    }

    setDate(date) {
        this.wish({ dateId: date.id });
    }

    /** Another wish is another click. */
    wish(values) {
        this.token = uuidv4();
        Object.assign(this.state, values);
    }

    get mayTake() {
        const { offer, dateId, isBusy } = this.state;
        const isOpen = Boolean(offer) && !offer.refusal;
        return !isBusy && isOpen && (!offer.dates.length || dateId !== null);
    }

    // === Take ===

    async take() {
        if (!this.mayTake) {
            return;
        }
        const { offer, points, dateId } = this.state;
        const wish = {};
        if (offer.choice) {
            wish.points = points;
        }
        if (dateId !== null) {
            wish.date = dateId;
        }
        this.state.isBusy = true;
        this.state.refusal = "";
        let result;
        try {
            result = await askServer(() =>
                this.props.takeReward(offer, this.token, wish)
            );
        } finally {
            this.state.isBusy = false;
        }
        if (result.refusal) {
            this.state.refusal = result.isOffline
                ? _t(
                      "There is no connection. Please try again: nothing is taken twice."
                  )
                : result.refusal;
            return;
        }
        this.props.close();
        this.props.onTaken(result.answer);
    }
}
