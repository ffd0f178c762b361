import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

/** Copies the link for friends; where the browser forbids it, marks it for copying. */
export class ReferralCopy extends Interaction {
    static selector = ".o_lp_referral_link";
    dynamicContent = {
        ".o_lp_referral_copy": {
            "t-on-click": this.onCopy,
            "t-out": () => (this.isCopied ? _t("Copied") : _t("Copy link")),
        },
    };

    setup() {
        this.isCopied = false;
    }

    async onCopy() {
        const field = this.el.querySelector("input");
        field.select();
        try {
            await this.waitFor(browser.navigator.clipboard.writeText(field.value));
        } catch {
            // Not a secure page, or forbidden: the text is marked, and can be copied.
            return;
        }
        this.isCopied = true;
        this.updateContent();
    }
}

registry
    .category("public.interactions")
    .add("loyalty_program_website.referral_copy", ReferralCopy);
