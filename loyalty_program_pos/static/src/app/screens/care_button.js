import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { openCare } from "../services/care";

patch(ControlButtons.prototype, {
    /** Whether this till sells care plans at all. */
    get sellsCare() {
        return this.pos.models["product.template"].some(
            (template) => template.is_care_plan
        );
    },
    clickCare() {
        if (this.pos.getOrder().getPartner()) {
            openCare(this.pos);
            return;
        }
        this.dialog.add(AlertDialog, {
            title: _t("Care plans"),
            body: _t("Choose the customer first."),
        });
    },
});
