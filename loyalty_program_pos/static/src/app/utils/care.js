/** Care plans in an order: each unit of a plan needs a unit of an item. */

/**
 * Give every plan an item that it may cover, as many as go.
 *
 * The twin of ``assign`` of the server's ``engine.care``.
 *
 * @param {Array[]} wants for each plan the items that it may cover
 * @param {Object} free units by item
 * @returns {Array} items, null for a plan without one
 */
export function assign(wants, free) {
    const found = wants.map(() => null);
    const holders = Object.fromEntries(Object.keys(free).map((item) => [item, []]));
    const place = (plan, seen) => {
        for (const item of wants[plan]) {
            if (seen.has(item)) {
                continue;
            }
            seen.add(item);
            if (holders[item].length >= free[item]) {
                const moved = holders[item].find((holder) => place(holder, seen));
                if (moved === undefined) {
                    continue;
                }
                holders[item].splice(holders[item].indexOf(moved), 1);
            }
            holders[item].push(plan);
            found[plan] = item;
            return true;
        }
        return false;
    };
    wants.forEach((_wanted, plan) => place(plan, new Set()));
    return found;
}

/** Tell whether a care plan covers a product; both are ``product.template``. */
export function isCareFor(plan, template) {
    if (!plan.is_care_plan || template.is_care_plan) {
        return false;
    }
    const { templates = [], categories = [] } = plan.care_terms || {};
    return (
        templates.includes(template.id) ||
        (template.type !== "service" && categories.includes(template.categ_id?.id))
    );
}

/** Tell whether a line sells something that no quotation answers for. */
function isSold(line) {
    return (
        line.getQuantity() > 0 &&
        !line.is_reward_line &&
        !line.refunded_orderline_id &&
        !line.sale_order_line_id
    );
}

function getTemplate(line) {
    return line.product_id.product_tmpl_id;
}

/** @returns {Object[]} the lines that sell care plans */
export function getCareLines(lines) {
    return lines.filter((line) => isSold(line) && getTemplate(line).is_care_plan);
}

/** Tell whether the line covers something that the customer bought before. */
export function isBound(line) {
    return Boolean(line.care_item_line_id);
}

/** @returns {Object} what a line says that covers an earlier purchase on offer */
export function getCareValues(offer) {
    return {
        care_item_model: offer.item_model,
        care_item_line_id: offer.item_line_id,
        care_item_name: `${offer.item} (${offer.document})`,
    };
}

/** What a line says that covers nothing in particular: an item of the same sale. */
export const NO_CARE_ITEM = {
    care_item_model: false,
    care_item_line_id: 0,
    care_item_name: false,
};

function isSame(line, offer) {
    return (
        line.product_id.id === offer.product_id &&
        line.care_item_model === offer.item_model &&
        line.care_item_line_id === offer.item_line_id
    );
}

/** @returns {number} units that neither a plan nor this sale covers yet */
export function countFree(offer, lines) {
    const item = (line) =>
        line.care_item_model === offer.item_model &&
        line.care_item_line_id === offer.item_line_id;
    const units = getCareLines(lines)
        .filter(item)
        .reduce((total, line) => total + line.getQuantity(), 0);
    return offer.free - units;
}

/** @returns {Object[]} the lines for earlier purchases that are not on offer any more */
export function getOutdated(lines, offers) {
    return getCareLines(lines)
        .filter(isBound)
        .filter((line) => {
            const offer = offers.find((own) => isSame(line, own));
            return !offer || countFree(offer, lines) < 0;
        });
}

/** @returns {Object|undefined} a line of this plan that has no item yet */
export function findUnbound(lines, productId) {
    const [uncovered] = getUncovered(lines).filter((plan) =>
        plan.product_variant_ids.some((variant) => variant.id === productId)
    );
    return (
        uncovered &&
        getCareLines(lines).find(
            (line) => line.product_id.id === productId && !isBound(line)
        )
    );
}

/** @returns {Object[]} the care plans, products, for which no item is left here */
export function getUncovered(lines) {
    const items = lines.filter(
        (line) => isSold(line) && !getTemplate(line).is_care_plan
    );
    const unbound = getCareLines(lines).filter((line) => !isBound(line));
    const units = unbound.flatMap((line) =>
        Array(Math.ceil(line.getQuantity())).fill(getTemplate(line))
    );
    const wants = units.map((plan) =>
        items
            .filter((line) => isCareFor(plan, getTemplate(line)))
            .map((line) => items.indexOf(line))
    );
    const free = Object.fromEntries(
        items.map((line, index) => [index, Math.floor(line.getQuantity())])
    );
    const found = assign(wants, free);
    return [...new Set(units.filter((_plan, index) => found[index] === null))];
}
