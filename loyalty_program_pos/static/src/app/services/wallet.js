/** eWallets in the till: money that came in elsewhere, by cashback above all. */

/** @returns {Array} programmes whose cards are wallets, as far as the till has any */
export function getWalletPrograms(models) {
    return models["loyalty.program"].filter(
        (program) => program.program_type === "ewallet"
    );
}

/** Let made-up cards, which stand for a first wallet, give way to the true ones. */
export function dropMadeUpWallets(models, partner) {
    for (const program of getWalletPrograms(models)) {
        const own = models["loyalty.card"].filter(
            (card) =>
                card.program_id?.id === program.id && card.partner_id?.id === partner.id
        );
        if (!own.some((card) => card.id > 0)) {
            continue;
        }
        for (const card of own.filter((card) => card.id < 0)) {
            models["pos.order"].forEach(
                (order) => delete order.uiState?.couponPointChanges?.[card.id]
            );
            card.delete();
        }
    }
}

/**
 * Load a customer's wallet anew, after money was paid out on it.
 *
 * @param {Object} pos the till's store
 * @param {Object} partner the customer
 * @param {number} cardId the wallet
 */
export async function reloadWallet(pos, partner, cardId) {
    if (getWalletPrograms(pos.models).length) {
        await pos.fetchCoupons([["id", "=", cardId]], null);
        dropMadeUpWallets(pos.models, partner);
    }
}
