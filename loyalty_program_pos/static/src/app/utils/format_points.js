import { formatFloat } from "@web/core/utils/numbers";

/**
 * @param {number} points
 * @param {number} scale decimals of a point
 * @returns {string} in the user's number format
 */
export function formatPoints(points, scale) {
    return formatFloat(points || 0, { digits: [16, scale || 0] });
}
