import { Component, useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { useAsyncLockedMethod } from "@point_of_sale/app/hooks/hooks";
import { StampCard } from "../stamp_card/stamp_card";
import { hasCatalogue, openCatalogue } from "../../services/catalogue";
import { joinProgram } from "../../services/join_program";
import { loadMembership } from "../../services/membership_loader";
import { formatPoints } from "../../utils/format_points";
import { getMemberCard, getStrictPrograms } from "../../utils/membership";
import { getMembershipStats } from "../../utils/membership_stats";

/** The selected customer's memberships, or a quiet invitation to join. */
export class MemberPanel extends Component {
    static template = "loyalty_program_pos.MemberPanel";
    static components = { StampCard };
    static props = { order: Object };

    setup() {
        this.pos = usePos();
        this.formatPoints = formatPoints;
        this.join = useAsyncLockedMethod(this.join);
        // A refund takes its customer along without a selection.
        useEffect(
            (isRefund, partner) => {
                if (isRefund) {
                    loadMembership(this.pos, partner);
                }
            },
            () => [this.props.order.is_refund, this.partner]
        );
    }

    get partner() {
        return this.props.order.getPartner();
    }

    get stats() {
        return this.partner ? getMembershipStats(this.props.order) : [];
    }

    /** Programmes that the customer could join; none while the till does not know. */
    get openPrograms() {
        const models = this.pos.models;
        if (!this.partner || !this.pos.loadedMembershipIds.has(this.partner.id)) {
            return [];
        }
        return getStrictPrograms(models).filter(
            (program) => !getMemberCard(models, program, this.partner)
        );
    }

    getPendingWords(stat) {
        return _t("%s pending", formatPoints(stat.pending, stat.scale));
    }

    getCard(stat) {
        return this.pos.models["loyalty.card"].get(stat.id);
    }

    getInvitation(program) {
        return _t("Not a member of %s", program.name);
    }

    hasCatalogue(stat) {
        return !this.props.order.finalized && hasCatalogue(this.getCard(stat));
    }

    openCatalogue(stat) {
        openCatalogue(this.pos, this.getCard(stat));
    }

    async join(program) {
        await joinProgram(this.pos, this.partner, program);
    }
}
