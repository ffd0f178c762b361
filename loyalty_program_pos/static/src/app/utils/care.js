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

/** @returns {Object[]} the care plans, products, for which no item is left here */
export function getUncovered(lines) {
    const items = lines.filter(
        (line) => isSold(line) && !getTemplate(line).is_care_plan
    );
    const units = getCareLines(lines).flatMap((line) =>
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
