import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** Shows what a member got for points: the customer takes a picture of a code. */
export class RewardDialog extends Component {
    static template = "loyalty_program_pos.RewardDialog";
    static components = { Dialog };
    static props = {
        reward: String,
        given: { type: String, optional: true },
        note: { type: String, optional: true },
        code: { type: String, optional: true },
        svg: { type: Object, optional: true },
        until: { type: [String, Boolean], optional: true },
        left: { type: String, optional: true },
        close: Function,
    };

    get untilWords() {
        return _t("Valid until %s", this.props.until);
    }
}
