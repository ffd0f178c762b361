import { isFor } from "./audience";

const { DateTime } = luxon;

/**
 * Tell whether only some may buy the product at this moment.
 *
 * @param {Object} template a ``product.template``
 */
export function isLimited(template) {
    const opened = template?.open_to_all_from;
    return Boolean(template?.audience_terms) && !(opened && opened <= DateTime.now());
}

/**
 * Tell whether the customer may buy the product.
 *
 * @param {Object} template a ``product.template``
 * @param {Object|undefined} partner the customer; none is a guest
 */
export function isSoldTo(template, partner) {
    return !isLimited(template) || isFor(template, partner);
}

/** Tell whether a line sells something that no quotation answers for. */
function isAsked(line) {
    return (
        line.getQuantity() > 0 &&
        !line.is_reward_line &&
        !line.refunded_orderline_id &&
        !line.sale_order_line_id
    );
}

function getTemplates(lines) {
    const sold = lines.filter(isAsked);
    return [...new Set(sold.map((line) => line.product_id.product_tmpl_id))];
}

/** @returns {Object[]} the products of these lines that are not for everybody now */
export function getLimited(lines) {
    return getTemplates(lines).filter(isLimited);
}

/** @returns {Object[]} the products of these lines that are not for the customer */
export function getRefused(lines, partner) {
    return getTemplates(lines).filter((template) => !isSoldTo(template, partner));
}

/** @returns {string} for each product the sentence that says for whom it is */
export function explain(templates) {
    return templates.map((template) => template.audience_words).join("\n");
}
