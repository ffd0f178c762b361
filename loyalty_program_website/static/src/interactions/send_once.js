import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * A form of the loyalty pages is sent once, however often its button is pressed.
 *
 * The server knows a second click as well; this shows that the first one counts.
 */
export class SendOnce extends Interaction {
    static selector = ".o_lp_page form[method='post']";
    dynamicContent = {
        _root: {
            "t-on-submit": this.onSubmit,
            "t-att-aria-busy": () => (this.isSent ? "true" : undefined),
        },
        "button[type='submit']": {
            // Not the attribute: a disabled button would not send its value.
            "t-att-class": () => ({ disabled: this.isSent }),
        },
        // Back from the next page, the browser may show this one as it was left.
        _window: { "t-on-pageshow": this.onPageShow },
    };

    setup() {
        this.isSent = false;
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }

    onPageShow(ev) {
        if (ev.persisted) {
            this.isSent = false;
        }
    }
}

registry
    .category("public.interactions")
    .add("loyalty_program_website.send_once", SendOnce);
