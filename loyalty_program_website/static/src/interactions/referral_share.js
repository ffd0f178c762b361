import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";

/** Opens the phone's own list of ways to send the link; hidden where there is none. */
export class ReferralShare extends Interaction {
    static selector = ".o_lp_referral_share";
    dynamicContent = {
        _root: {
            "t-on-click": this.onShare,
            "t-att-class": () => ({ "d-none": !browser.navigator.share }),
        },
    };

    async onShare() {
        const { url, text } = this.el.dataset;
        try {
            await this.waitFor(browser.navigator.share({ text, url }));
        } catch (error) {
            // Closing the list without choosing is no error.
            if (error.name !== "AbortError") {
                throw error;
            }
        }
    }
}

registry
    .category("public.interactions")
    .add("loyalty_program_website.referral_share", ReferralShare);
