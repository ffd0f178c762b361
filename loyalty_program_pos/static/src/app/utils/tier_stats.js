import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { estimatePoints, estimateSpend } from "./estimate_points";
import { formatPoints } from "./format_points";
import { getPointName } from "./membership";
import { getNextStep, getProjectedTier } from "./tier_progress";

/**
 * @typedef {Object} TierStat what panel and receipt show of the tier
 * @property {string} projectedTier name of the tier that this sale leads to, or empty
 * @property {string} nextTier name of the next tier, empty for none
 * @property {string} nextMissing what is missing for it after this sale, in words
 * @property {string} nextWords both of them as a sentence, or empty
 * @property {string} keep what keeps the tier and by when, in words, or empty
 * @property {string[]} benefits of the tier
 */

/** What a sale adds to each number that counts. */
export function getSaleAmounts(order, program, figures) {
    const spend = estimateSpend(order, program);
    const amounts = {
        spend,
        // The bonus of a tier does not count for tiers.
        points: estimatePoints(order, program),
        orders: spend > 0 ? 1 : 0,
        visits: spend > 0 && !figures.hasVisited ? 1 : 0,
        events: 0,
    };
    return figures.metrics.map((metric) => amounts[metric]);
}

function describe(metric, amount, order, program) {
    if (metric === "spend") {
        return formatCurrency(amount, order.currency.id);
    }
    if (metric === "points") {
        const name = getPointName(program, _t("points"));
        return `${formatPoints(amount, program.points_scale)} ${name}`;
    }
    const isOne = amount === 1;
    const words = {
        orders: isOne ? _t("1 order") : _t("%s orders", amount),
        visits: isOne
            ? _t("1 day with a purchase")
            : _t("%s days with a purchase", amount),
        events: isOne ? _t("1 event") : _t("%s events", amount),
    };
    return words[metric];
}

/** What the sale adds today: nothing where points wait, or the tier is locked. */
function getCountedSale(order, program, figures) {
    return figures.countsAtOnce && !figures.isLocked
        ? getSaleAmounts(order, program, figures)
        : figures.metrics.map(() => 0);
}

function describeStep(step, figures, order, program) {
    return step
        ? describe(figures.metrics[step.index], step.missing, order, program)
        : "";
}

/**
 * @param {Object} order the running or the paid order
 * @param {Object} program a strict programme
 * @param {Object} [card] the member's card
 * @param {boolean} isCounted whether the card's figures have this order in them
 * @returns {TierStat|Object} nothing where there are no tiers
 */
export function getTierStat(order, program, card, isCounted) {
    const figures = card?.tier_figures;
    if (!figures) {
        return {};
    }
    const held = card.tier_id?.id;
    const sale = isCounted
        ? figures.metrics.map(() => 0)
        : getCountedSale(order, program, figures);
    const tier = figures.isLocked
        ? held
        : getProjectedTier(figures, held, figures.amounts, sale);
    const nameOf = (id) => order.models["loyalty.tier"].get(id)?.name || "";
    const after = figures.amounts.map((amount, index) => amount + sale[index]);
    const step = getNextStep(figures, tier, after);
    const nextTier = nameOf(step?.tier);
    const nextMissing = describeStep(step, figures, order, program);
    return {
        projectedTier: tier === held ? "" : nameOf(tier),
        nextTier,
        nextMissing,
        nextWords: nextTier
            ? _t("%(missing)s more for %(tier)s", {
                  missing: nextMissing,
                  tier: nextTier,
              })
            : "",
        keep: figures.keep || "",
        benefits: figures.benefits,
    };
}

/** Count a sale that the server has booked, once, until the card is loaded anew. */
export function countSale(order, card) {
    const figures = card.tier_figures;
    if (!figures?.countsAtOnce || order.uiState.isTierCounted) {
        return;
    }
    const sale = getSaleAmounts(order, card.program_id, figures);
    order.uiState.isTierCounted = true;
    card.tier_figures = {
        ...figures,
        amounts: figures.amounts.map((amount, index) => amount + sale[index]),
        hasVisited: true,
        // What was missing may be bought by now, and the tier another one.
        keep: false,
    };
}
