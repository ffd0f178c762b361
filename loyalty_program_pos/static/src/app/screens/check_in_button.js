import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { CheckInDialog } from "../components/check_in_dialog/check_in_dialog";

patch(ControlButtons.prototype, {
    /** Whether a visit earns anything in a programme of this till. */
    get takesCheckIns() {
        return this.pos.models["loyalty.program"].some(
            (program) => program.takes_check_ins
        );
    },
    clickCheckIn() {
        this.dialog.add(CheckInDialog, {
            fetchCode: () =>
                this.pos.data.call(
                    "pos.config",
                    "loyalty_show_check_in",
                    [[this.pos.config.id]],
                    {}
                ),
        });
    },
});
