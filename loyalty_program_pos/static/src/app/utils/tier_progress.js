import { toMicro } from "./earning";

/**
 * The twin of `loyalty_program/engine/tier_progress.py`: the way to the next tier, and
 * where a sale would lead. Both answer the cases in `tests/cases/tiers.json` alike.
 *
 * Amounts are whole millionths (BigInt), so that no float decides about a tier.
 *
 * @typedef {Object} Ladder
 * @property {Object[]} levels {tier, enter: numbers, one per metric}, the lowest first
 * @property {string} joined "all" metrics must reach their threshold, or "any"
 */

const ZERO = 0n;

function reaches(ladder, amounts, level) {
    const hits = level.enter.map((wanted, index) => amounts[index] >= toMicro(wanted));
    return ladder.joined === "any" ? hits.includes(true) : !hits.includes(false);
}

function getLevelsAbove(ladder, tier) {
    const index = ladder.levels.findIndex((level) => level.tier === tier);
    return ladder.levels.slice(index + 1);
}

function getRatio(have, wanted) {
    if (wanted <= ZERO || have >= wanted) {
        return 1;
    }
    return Number(have) / Number(wanted);
}

/**
 * @param {Ladder} ladder
 * @param {*} tier that is held, if any
 * @param {number[]} amounts that count today
 * @returns {Object|undefined} {tier, index, missing, ratio} of the next tier
 */
export function getNextStep(ladder, tier, amounts) {
    const have = amounts.map(toMicro);
    const level = getLevelsAbove(ladder, tier).find((l) => !reaches(ladder, have, l));
    if (!level) {
        return undefined;
    }
    const wanted = level.enter.map(toMicro);
    const ratios = wanted.map((amount, index) => getRatio(have[index], amount));
    const choose = ladder.joined === "any" ? Math.max : Math.min;
    const ratio = choose(...ratios);
    const index = ratios.indexOf(ratio);
    const missing = wanted[index] - have[index];
    return {
        tier: level.tier,
        index,
        missing: Number(missing > ZERO ? missing : ZERO) / 1e6,
        ratio,
    };
}

/**
 * @param {Ladder} ladder
 * @param {*} tier that is held, if any
 * @param {number[]} amounts that count today
 * @param {number[]} sale what it adds to each metric
 * @returns {*} the tier that the sale leads to, unless the tier is locked
 */
export function getProjectedTier(ladder, tier, amounts, sale) {
    const after = amounts.map((have, index) => toMicro(have) + toMicro(sale[index]));
    const above = getLevelsAbove(ladder, tier).reverse();
    return (above.find((level) => reaches(ladder, after, level)) || { tier }).tier;
}
