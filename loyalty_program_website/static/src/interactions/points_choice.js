import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The slider and the number tell the same points, and what they are worth. */
export class PointsChoice extends Interaction {
    static selector = ".o_lp_choice";
    dynamicContent = {
        ".o_lp_choice_slider": { "t-on-input": this.onInput },
        ".o_lp_choice_number": { "t-on-input": this.onInput },
        ".o_lp_choice_money .oe_currency_value": { "t-out": () => this.money },
    };

    setup() {
        this.number = this.el.querySelector(".o_lp_choice_number");
        this.slider = this.el.querySelector(".o_lp_choice_slider");
        this.points = Number(this.number.value) || 0;
    }

    get money() {
        const { value, worth, decimals } = this.el.dataset;
        // The last point may be worth a little more than what is left to pay.
        const money = Math.min(this.points * Number(value), Number(worth));
        return money.toLocaleString(document.documentElement.lang || undefined, {
            minimumFractionDigits: Number(decimals),
            maximumFractionDigits: Number(decimals),
        });
    }

    onInput(ev) {
        this.points = Number(ev.currentTarget.value) || 0;
        const other = ev.currentTarget === this.slider ? this.number : this.slider;
        other.value = ev.currentTarget.value;
    }
}

registry
    .category("public.interactions")
    .add("loyalty_program_website.points_choice", PointsChoice);
