/**
 * The twin of `loyalty_program/engine/earning.py`: what a basket earns under the rules
 * of a programme. Both answer the cases in `tests/cases/earning.json` alike.
 *
 * Amounts are whole millionths (BigInt), so that no float decides about a point.
 *
 * @typedef {Object} BasketLine
 * @property {number} [product] id
 * @property {number|string} quantity
 * @property {number|string} total with tax
 * @property {number|string} untaxed
 * @property {string} [kind] "discount" or "gift"; goods without it
 */

const MICRO = 1000000n;

/** Points are counted in billionths of a billionth: rate, quantity and a share. */
const POINT = MICRO * MICRO * MICRO;

/** Shares are cut after twelve decimals: what is whole but for that is whole. */
const NOISE = POINT / 1000000000n;

const ZERO = 0n;

/** @returns {BigInt} millionths of a number, read the way it is written */
export function toMicro(number) {
    return BigInt(Math.round(Number(number) * 1e6));
}

function sum(values) {
    return values.reduce((total, value) => total + value, ZERO);
}

function max(value, least) {
    return value > least ? value : least;
}

function isGoods(line) {
    // A gift that costs nothing is not bought.
    return line.kind !== "discount" && !(line.kind === "gift" && line.total >= ZERO);
}

function readLine(line) {
    return {
        ...line,
        quantity: toMicro(line.quantity ?? 1),
        total: toMicro(line.total),
        untaxed: toMicro(line.untaxed ?? line.total),
    };
}

function totalOf(lines, amount) {
    return sum(lines.map((line) => line[amount]));
}

/** What the lines cost after their share of the discounts, as a fraction. */
function getNet(lines, basket, amount) {
    const part = totalOf(lines, amount);
    const gross = totalOf(basket.goods, amount);
    const cut = totalOf(basket.discounts, amount);
    return gross > ZERO && cut
        ? { over: part * max(gross + cut, ZERO), under: gross }
        : { over: part, under: 1n };
}

/** What is paid for the lines by other means than vouchers, cut to a millionth. */
function getPaid(lines, basket, amount) {
    const { over, under } = getNet(lines, basket, amount);
    if (basket.due <= ZERO || !basket.vouchers) {
        return over / under;
    }
    return (over * max(basket.due - basket.vouchers, ZERO)) / (under * basket.due);
}

function reachesMinimum(rule, lines, basket) {
    const { over, under } = getNet(
        lines,
        basket,
        rule.minimum_untaxed ? "untaxed" : "total"
    );
    const quantity = toMicro(rule.minimum_quantity || 0);
    return (
        over >= toMicro(rule.minimum_amount || 0) * under &&
        (!quantity || totalOf(lines, "quantity") >= quantity)
    );
}

function getQuantity(rule, lines, basket, amount) {
    if (rule.mode === "order") {
        return MICRO;
    }
    return rule.mode === "unit"
        ? totalOf(lines, "quantity")
        : getPaid(lines, basket, amount);
}

/** Parts in proportion to the weights that sum to the whole, in units of a point. */
function split(whole, weights) {
    const total = sum(weights);
    const finest = MICRO;
    let reached = ZERO;
    let given = ZERO;
    return weights.map((weight) => {
        reached += weight;
        const until =
            reached === total ? whole : ((whole * reached) / total / finest) * finest;
        const part = until - given;
        given = until;
        return part;
    });
}

/** What each line of the goods earns by one rule. */
function applyRule(rule, basket, amount) {
    const matches = (line) => !rule.products || rule.products.includes(line.product);
    const lines = basket.goods.filter(matches);
    const isOpen = !rule.code || basket.codes.includes(rule.id);
    if (!isOpen || !lines.length || !reachesMinimum(rule, lines, basket)) {
        return [];
    }
    const quantity = getQuantity(rule, lines, basket, amount);
    const gained = toMicro(rule.rate) * quantity * MICRO;
    if (gained <= ZERO) {
        return [];
    }
    const measure = rule.mode === "unit" ? "quantity" : amount;
    let weights = basket.goods.map((line) => (matches(line) ? line[measure] : ZERO));
    if (sum(weights) <= ZERO) {
        weights = basket.goods.map((line) => (matches(line) ? 1n : ZERO));
    }
    return split(gained, weights);
}

function roundTo(points, unit, rounding) {
    const rest = points % unit;
    const away = points < ZERO ? -unit : unit;
    const size = rest < ZERO ? -rest : rest;
    const goesUp =
        (rounding === "up" && size) || (rounding === "half_up" && size * 2n >= unit);
    return points - rest + (goesUp ? away : ZERO);
}

function readBasket(basket) {
    const lines = basket.lines.map(readLine);
    return {
        goods: lines.filter(isGoods),
        discounts: lines.filter((line) => line.kind === "discount"),
        codes: basket.codes || [],
        due: toMicro(basket.due || 0),
        vouchers: toMicro(basket.vouchers || 0),
    };
}

/** The least of the points and of the limits there are, cut to the scale. */
function applyLimits(points, limits, unit) {
    const most = limits
        .filter((limit) => limit !== undefined && limit !== null)
        .map((limit) => roundTo(toMicro(limit) * MICRO * MICRO, unit, "down"));
    return [points, ...most].reduce((least, next) => (next < least ? next : least));
}

/**
 * @param {Object} basket
 * @param {BasketLine[]} basket.lines
 * @param {number[]} [basket.codes] ids of the rules whose code was entered
 * @param {number|string} [basket.due] money to pay for the whole order
 * @param {number|string} [basket.vouchers] part of it that gift cards pay
 * @param {Object[]} rules {id, mode, rate, products, minimum_amount, ...}
 * @param {Object} terms {scale, rounding, per_line, untaxed, order_cap, multiplier}
 * @param {number|string} [room] what the member's limit leaves
 * @returns {number} points, in the programme's scale
 */
export function evaluate(basket, rules, terms, room) {
    const facts = readBasket(basket);
    const amount = terms.untaxed ? "untaxed" : "total";
    const shares = facts.goods.map(() => ZERO);
    for (const rule of rules) {
        applyRule(rule, facts, amount).forEach(
            (part, index) => (shares[index] += part)
        );
    }
    const factor = toMicro(terms.multiplier || 1);
    const wholes = shares.map((share) => (share * factor) / MICRO);
    const scale = terms.scale || 0;
    const unit = POINT / 10n ** BigInt(scale);
    const parts = terms.per_line ? wholes : [sum(wholes)];
    const snapped = parts.map((part) => roundTo(part, NOISE, "half_up"));
    const rounded = sum(snapped.map((part) => roundTo(part, unit, terms.rounding)));
    const points = applyLimits(max(rounded, ZERO), [terms.order_cap, room], unit);
    return Number(points / unit) / 10 ** scale;
}
