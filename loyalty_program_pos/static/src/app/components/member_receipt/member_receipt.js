import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { StampCard } from "../stamp_card/stamp_card";
import { formatPoints } from "../../utils/format_points";
import { getMembershipStats } from "../../utils/membership_stats";

/** The customer's memberships on the receipt. */
export class MemberReceipt extends Component {
    static template = "loyalty_program_pos.MemberReceipt";
    static components = { StampCard };
    static props = { order: Object };

    setup() {
        this.formatPoints = formatPoints;
    }

    get stats() {
        return getMembershipStats(this.props.order);
    }

    /** What waits is said with what was earned, where that is all of it. */
    isPendingNews({ pending, earned, availableOn }) {
        return pending && !(availableOn && pending === earned);
    }

    getEarnedWords({ availableOn }) {
        return availableOn ? _t("Earned, to spend from %s", availableOn) : _t("Earned");
    }
}
