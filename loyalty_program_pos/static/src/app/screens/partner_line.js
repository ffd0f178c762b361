import { patch } from "@web/core/utils/patch";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { isStrict } from "../utils/membership";

patch(PartnerLine.prototype, {
    _getLoyaltyPointsRepr(loyaltyCard) {
        const balance = super._getLoyaltyPointsRepr(...arguments);
        const tier = isStrict(loyaltyCard.program_id) && loyaltyCard.tier_id?.name;
        return tier ? `${tier}: ${balance}` : balance;
    },
});
