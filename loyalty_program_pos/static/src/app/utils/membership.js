/**
 * What the till knows about membership. A strict programme is one whose points the
 * server computes and that only people who joined take part in.
 */

/** Who is a member now, see ``loyalty.card``: a frozen one still is. */
const CURRENT_STATES = ["joined", "frozen"];

export function isStrict(program) {
    return program?.ledger_policy === "strict";
}

/**
 * @param {Object} models the till's records
 * @returns {Array} the strict programmes of this till
 */
export function getStrictPrograms(models) {
    return models["loyalty.program"].filter(isStrict);
}

/**
 * @returns {Object|undefined} the card of a member, never one of somebody who did
 *      not join
 */
export function getMemberCard(models, program, partner) {
    if (!partner) {
        return undefined;
    }
    return models["loyalty.card"].find(
        (card) =>
            card.program_id?.id === program.id &&
            card.partner_id?.id === partner.id &&
            CURRENT_STATES.includes(card.member_state)
    );
}

/** @returns {boolean} false for a frozen member, or when the last day has passed */
export function maySpend(card) {
    return !isStrict(card?.program_id) || card.may_spend !== false;
}

/**
 * Points of a strict programme may be spent in the order that earns them only where
 * they need no waiting time.
 */
export function ownPointsSpendable(program) {
    return !isStrict(program) || !program.hold_days;
}

/** @returns {string} the programme's own word for its points */
export function getPointName(program, fallback) {
    return (program.portal_visible && program.portal_point_name) || fallback;
}
