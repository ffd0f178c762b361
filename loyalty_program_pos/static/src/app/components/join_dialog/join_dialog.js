import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAsyncLockedMethod } from "@point_of_sale/app/hooks/hooks";

/** Shows a programme's terms and asks the customer for consent. */
export class JoinDialog extends Component {
    static template = "loyalty_program_pos.JoinDialog";
    static components = { Dialog };
    static props = {
        programName: String,
        partnerName: String,
        terms: Object,
        version: String,
        takesReferrals: { type: Boolean, optional: true },
        onJoin: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ consent: false, friendCode: "", refusal: "" });
        this.join = useAsyncLockedMethod(this.join);
    }

    /** `onJoin` answers with a sentence where it did not work; nobody joined then. */
    async join() {
        const refusal = await this.props.onJoin(this.state.friendCode.trim());
        this.state.refusal = refusal || "";
        if (!refusal) {
            this.props.close();
        }
    }
}
