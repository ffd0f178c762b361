import { expect, test } from "@odoo/hoot";
import {
    discountMoney,
    staysBest,
} from "@loyalty_program_pos/app/utils/global_discount";

const compare = (a, b) => a - b;
const percent = (discount, id = 1) => ({ id, discount, discount_mode: "percent" });
const money = (discount, id = 2) => ({ id, discount, discount_mode: "per_order" });

test("a discount is money, up to its own limit", () => {
    expect(discountMoney(percent(5), 200)).toBe(10);
    expect(discountMoney(money(8), 200)).toBe(8);
    expect(discountMoney({ ...percent(50), discount_max_amount: 7 }, 200)).toBe(7);
});

test("8 off beats 5 % of 100, and loses against 5 % of 200", () => {
    expect(staysBest(money(8), percent(5), 100, compare)).toBe(true);
    expect(staysBest(percent(5), money(8), 100, compare)).toBe(false);
    expect(staysBest(money(8), percent(5), 200, compare)).toBe(false);
    expect(staysBest(percent(5), money(8), 200, compare)).toBe(true);
});

test("who is there stays where both are worth the same", () => {
    expect(staysBest(money(8), percent(8), 100, compare)).toBe(true);
    expect(staysBest(percent(8), money(8), 100, compare)).toBe(true);
    expect(staysBest(percent(5), percent(5), 0, compare)).toBe(true);
});

test("of two that are worth more than the order, the smaller is the better", () => {
    expect(staysBest(money(30), money(20, 3), 10, compare)).toBe(false);
    expect(staysBest(money(20), money(30, 3), 10, compare)).toBe(true);
});
