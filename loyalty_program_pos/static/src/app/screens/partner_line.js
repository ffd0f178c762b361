import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/screens/partner_list_screen/partner_line/partner_line";
import { formatPoints } from "../utils/format_points";
import { getPointName, isStrict } from "../utils/membership";

patch(PartnerLine.prototype, {
    _getLoyaltyPointsRepr(loyaltyCard) {
        const program = loyaltyCard.program_id;
        if (!isStrict(program)) {
            return super._getLoyaltyPointsRepr(...arguments);
        }
        const balance = formatPoints(loyaltyCard.points, program.points_scale);
        const name = getPointName(program, _t("points"));
        const tier = loyaltyCard.tier_id?.name;
        return tier ? `${tier}: ${balance} ${name}` : `${balance} ${name}`;
    },
});
