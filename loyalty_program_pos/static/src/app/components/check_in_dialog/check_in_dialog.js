import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { browser } from "@web/core/browser/browser";
import { askServer } from "../../utils/server_answer";

/**
 * A code for the visitor's phone. It works once and for a minute; a new one is drawn
 * when the time is over, so that the screen never shows a dead code.
 */
export class CheckInDialog extends Component {
    static template = "loyalty_program_pos.CheckInDialog";
    static components = { Dialog };
    static props = { fetchCode: Function, close: Function };

    setup() {
        this.state = useState({ image: "", seconds: 0, refusal: "" });
        onWillStart(() => this.renew());
        this.timer = browser.setInterval(() => this.tick(), 1000);
        onWillDestroy(() => browser.clearInterval(this.timer));
    }

    get secondsWords() {
        return _t("A new one in %s s", this.state.seconds);
    }

    /** No connection, no code: the screen says so instead of showing a dead one. */
    async renew() {
        const { answer, refusal } = await askServer(this.props.fetchCode);
        this.state.image = answer?.image || "";
        this.state.seconds = answer?.seconds || 0;
        this.state.refusal = refusal || "";
    }

    async tick() {
        this.state.seconds = Math.max(this.state.seconds - 1, 0);
        if (this.state.seconds || this.state.refusal || this.isRenewing) {
            return;
        }
        this.isRenewing = true;
        try {
            await this.renew();
        } finally {
            this.isRenewing = false;
        }
    }
}
