/** Codes as people type them: in lower case, with spaces, without hyphens. */

function getKey(code) {
    return (code || "").toUpperCase().replace(/[\s-]/g, "");
}

/**
 * @param {string} code as it was typed
 * @param {string} stored a code that is known
 * @returns {boolean} whether both look the same to a reader
 */
export function isSameCode(code, stored) {
    const key = getKey(code);
    return Boolean(key) && key === getKey(stored);
}

/**
 * @param {string} code as it was typed
 * @param {string[]} known codes
 * @returns {string} the known code that is meant, `code` itself where that is not
 *     certain
 */
export function readTypedCode(code, known) {
    if (known.includes(code)) {
        return code;
    }
    const same = [...new Set(known.filter((stored) => isSameCode(code, stored)))];
    return same.length === 1 ? same[0] : code;
}
