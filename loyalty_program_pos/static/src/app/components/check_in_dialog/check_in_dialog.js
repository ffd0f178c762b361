import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { browser } from "@web/core/browser/browser";

/**
 * A code for the visitor's phone. It works once and for a minute; a new one is drawn
 * when the time is over, so that the screen never shows a dead code.
 */
export class CheckInDialog extends Component {
    static template = "loyalty_program_pos.CheckInDialog";
    static components = { Dialog };
    static props = { fetchCode: Function, close: Function };

    setup() {
        this.state = useState({ image: "", seconds: 0 });
        onWillStart(() => this.renew());
        this.timer = browser.setInterval(() => this.tick(), 1000);
        onWillDestroy(() => browser.clearInterval(this.timer));
    }

    get secondsWords() {
        return _t("A new one in %s s", this.state.seconds);
    }

    async renew() {
        const { image, seconds } = await this.props.fetchCode();
        this.state.image = image;
        this.state.seconds = seconds;
    }

    async tick() {
        this.state.seconds = Math.max(this.state.seconds - 1, 0);
        if (this.state.seconds || this.isRenewing) {
            return;
        }
        this.isRenewing = true;
        try {
            await this.renew();
        } catch {
            // No connection, no code: the dialog closes instead of showing a dead one.
            this.props.close();
        } finally {
            this.isRenewing = false;
        }
    }
}
