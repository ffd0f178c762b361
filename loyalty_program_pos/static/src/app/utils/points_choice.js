/**
 * How many points a member may spend where a reward is worth money per point: the twin
 * of `engine/choice.py`. Both answer the cases of
 * `static/tests/unit/cases/points_choice.json` alike.
 */

/** Below is the noise of sums of floats, in points and in money. */
const NOISE = 1e-6;

function clean(number, scale) {
    return Number(number.toFixed(scale));
}

function floorTo(amount, step) {
    return Math.floor(amount / step + NOISE) * step;
}

/**
 * @param {Object} terms value, minimum, step, maximum (0 or none: no limit), scale
 * @param {number} balance points that may be spent
 * @param {number} worth money that the reward may take off the order
 * @returns {{lowest, highest, step, limit}} highest below lowest: nothing to choose
 */
export function getRange({ value, minimum, step, maximum, scale = 0 }, balance, worth) {
    const unit = 10 ** -scale;
    const paying = Math.ceil(Math.max(worth, 0) / value / unit - NOISE) * unit;
    const ends = [
        [balance, "balance"],
        [paying, "worth"],
    ];
    if (maximum) {
        ends.push([maximum, "maximum"]);
    }
    const [end, limit] = ends.reduce((best, pair) => (pair[0] < best[0] ? pair : best));
    let highest = 0;
    if (end >= minimum - NOISE) {
        highest = clean(minimum + floorTo(end - minimum, step), scale);
    }
    return { lowest: minimum, highest, step, limit, scale };
}

/** @returns {number|undefined} the choice next below `points` */
export function fitChoice({ lowest, highest, step, scale }, points) {
    if (highest < lowest || points < lowest - NOISE) {
        return undefined;
    }
    const capped = Math.min(points, highest);
    return clean(lowest + floorTo(capped - lowest, step), scale);
}

/** @returns {boolean} whether exactly so many points may be spent */
export function isChoice(range, points) {
    const fitting = fitChoice(range, points);
    return fitting !== undefined && Math.abs(fitting - points) < NOISE;
}

/** What a reward of the till says about the choice. */
export function getChoiceTerms(reward) {
    return {
        value: reward.discount,
        minimum: reward.choice_minimum || reward.required_points,
        step: reward.choice_step || reward.required_points,
        maximum: reward.choice_maximum,
        scale: reward.program_id.points_scale,
    };
}
