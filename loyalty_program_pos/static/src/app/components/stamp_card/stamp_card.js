import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { layOut } from "../../utils/stamps";

/** A balance as a card with filled and empty stamps, and in words for who sees none. */
export class StampCard extends Component {
    static template = "loyalty_program_pos.StampCard";
    static props = { points: Number, pending: Number, needed: Number };

    get card() {
        return layOut(this.props.points, this.props.pending, this.props.needed);
    }

    get fields() {
        const { needed, filled, pending } = this.card;
        return Array.from({ length: needed }, (_, index) => ({
            key: index,
            isFilled: index < filled,
            isPending: index >= filled && index < filled + pending,
        }));
    }

    get words() {
        const { filled, needed } = this.card;
        return _t("%(filled)s of %(needed)s stamps", { filled, needed });
    }

    get readyWords() {
        return _t("%s × full, ready to claim", this.card.ready);
    }
}
