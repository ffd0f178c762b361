/**
 * Who may: tiers, segments, or both. The twin of ``engine/audience.py``, which answers
 * the same cases.
 *
 * @param {Object} audience {tiers: ids, segments: ids, both: boolean}
 * @param {number[]} tierIds the tiers that the customer holds
 * @param {number[]} segmentIds the segments that the customer is in
 * @returns {boolean} true for everybody, guests too, where the audience names nobody
 */
export function admits(
    { tiers = [], segments = [], both = false },
    tierIds,
    segmentIds
) {
    const asked = [
        [tiers, tierIds],
        [segments, segmentIds],
    ]
        .filter(([named]) => named.length)
        .map(([named, held]) => named.some((id) => held.includes(id)));
    if (!asked.length) {
        return true;
    }
    return both ? asked.every(Boolean) : asked.some(Boolean);
}

/**
 * Tell whether a record is for this customer.
 *
 * What the till knows of a customer's standing is what the server said when the
 * customer was chosen, or when the till was opened where there is no connection.
 *
 * @param {Object} record whatever has an audience; it carries ``audience_terms``
 * @param {Object|undefined} partner the customer; none is a guest
 */
export function isFor(record, partner) {
    const audience = record?.audience_terms;
    if (!audience) {
        return true;
    }
    const standing = partner?.loyalty_standing || {};
    return admits(audience, standing.tiers || [], standing.segments || []);
}

/**
 * A programme as one of its customers sees it: without the rules for others.
 *
 * @returns {Object} the programme itself where all its rules are for this customer
 */
export function openRulesOf(program, partner) {
    const open = program.rule_ids.filter((rule) => isFor(rule, partner));
    if (open.length === program.rule_ids.length) {
        return program;
    }
    const get = (target, name) =>
        name === "rule_ids" ? open : Reflect.get(target, name, target);
    return new Proxy(program, { get });
}

/** Models of the till whose records may have an audience. */
const MODELS = [
    "loyalty.program",
    "loyalty.reward",
    "loyalty.rule",
    "product.template",
];

/** @returns {boolean} whether anything at this till is not for everybody */
export function hasAudiences(models) {
    return MODELS.some((name) => models[name].some((record) => record.audience_terms));
}
