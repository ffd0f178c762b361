import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { estimatePoints } from "./estimate_points";
import { getMemberCard, getPointName, getStrictPrograms } from "./membership";
import { getSpent } from "./stamps";
import { countSale, getTierStat } from "./tier_stats";

const { DateTime } = luxon;

/**
 * @typedef {Object} MembershipStat what panel and receipt show of one membership
 * @property {number} id of the card
 * @property {string} program name
 * @property {string} pointName
 * @property {number} scale decimals of a point
 * @property {string} number of the member
 * @property {string} tier name, empty for none
 * @property {number} tierColor index of Odoo's colours
 * @property {string} [nextTier] and more about the tier, see `tier_stats.js`
 * @property {number} earned points of this order
 * @property {number} spent points of this order
 * @property {number} [takenBack] points that a refund took back
 * @property {number} [givenBack] points of rewards that a refund gave back
 * @property {number} balance points that may be spent
 * @property {number} pending points that may be spent later
 * @property {number} stampsNeeded of a full stamp card, 0 for points
 * @property {string[]} [words] what the points are good for, once the server booked
 * @property {string} availableOn day on which the earned points may be spent
 * @property {boolean} isOffline paid, but the server has not booked it yet
 */

/** What this order does; a booked order has done it to the balance already. */
function getLocalChange(order, program, card) {
    if (order.finalized && order.isSynced) {
        return { earned: 0, spent: 0, isOffline: false };
    }
    return {
        earned: estimatePoints(order, program, card),
        spent: getSpent(order, card),
        isOffline: order.finalized,
    };
}

/** What the till itself knows. */
function getLocalStat(order, program, card) {
    return {
        id: card.id,
        program: program.name,
        pointName: getPointName(program, _t("points")),
        scale: program.points_scale,
        number: card.member_number || "",
        tier: card.tier_id?.name || "",
        tierColor: card.tier_id?.color || 0,
        balance: card.points,
        pending: card.points_pending || 0,
        stampsNeeded: program.stamps_needed || 0,
        availableOn: "",
        ...getTierStat(order, program, card, order.finalized && order.isSynced),
        ...getLocalChange(order, program, card),
    };
}

function getServerStat(order, figures) {
    const day = figures.availableOn && DateTime.fromISO(figures.availableOn);
    const card = order.models["loyalty.card"].get(figures.id);
    return {
        ...getTierStat(order, card?.program_id, card, true),
        ...figures,
        availableOn: day ? formatDate(day) : "",
        isOffline: false,
    };
}

/**
 * @param {Object} order
 * @returns {Array<MembershipStat>} the figures that the server booked, else the till's
 */
export function getMembershipStats(order) {
    const stats = (order.loyalty_result || []).map((figures) =>
        getServerStat(order, figures)
    );
    for (const program of getStrictPrograms(order.models)) {
        const card = getMemberCard(order.models, program, order.getPartner());
        if (card && !stats.some((stat) => stat.id === card.id)) {
            stats.push(getLocalStat(order, program, card));
        }
    }
    return stats;
}

/** Bring the till's cards to what the server booked for the order. */
export function applyServerResult(order) {
    for (const figures of order.loyalty_result || []) {
        const card = order.models["loyalty.card"].get(figures.id);
        if (card) {
            countSale(order, card);
        }
        card?.update({
            points: figures.balance,
            points_pending: figures.pending,
            earn_factor: figures.earnFactor,
            tier_id: order.models["loyalty.tier"].get(figures.tierId),
        });
    }
}
