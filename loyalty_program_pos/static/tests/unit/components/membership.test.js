import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { markup } from "@odoo/owl";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { JoinDialog } from "@loyalty_program_pos/app/components/join_dialog/join_dialog";
import { MemberPanel } from "@loyalty_program_pos/app/components/member_panel/member_panel";
import { MemberReceipt } from "@loyalty_program_pos/app/components/member_receipt/member_receipt";
import { figuresOf, setupMembership } from "../utils";

definePosModels();

test("the panel shows tier, balance, pending points and what the order earns", async () => {
    const { order, partner } = await setupMembership();
    order.setPartner(partner);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".loyalty-member-tier").toHaveText("Bronze");
    expect(".loyalty-member-balance").toHaveText("40");
    expect(".loyalty-member-pending").toHaveText("7 pending");
    expect(".loyalty-member-earned").toHaveCount(1);
    expect(".loyalty-invitation").toHaveCount(0);
});

test("somebody who is known to be no member is invited, quietly", async () => {
    const { store, order, partner } = await setupMembership(
        {},
        { member_state: "none" }
    );
    order.setPartner(partner);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".loyalty-invitation").toHaveCount(0);
    store.loadedMembershipIds.add(partner.id);
    await animationFrame();
    expect(".loyalty-invitation").toHaveText(/Club/);
    expect(".loyalty-member").toHaveCount(0);
});

test("without a customer the panel is empty", async () => {
    const { order } = await setupMembership();
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".loyalty-member, .loyalty-invitation").toHaveCount(0);
});

test("nobody joins without the tick", async () => {
    await setupMembership();
    await mountWithCleanup(JoinDialog, {
        props: {
            programName: "Club",
            partnerName: "Ada",
            terms: markup("<p>Be nice.</p>"),
            version: "1",
            onJoin: () => expect.step("join"),
            close: () => expect.step("close"),
        },
    });
    expect(".loyalty-join-confirm").not.toBeEnabled();
    await click(".loyalty-consent");
    await animationFrame();
    expect(".loyalty-join-confirm").toBeEnabled();
    await click(".loyalty-join-confirm");
    await animationFrame();
    expect.verifySteps(["join", "close"]);
});

test("who could not join is told, and may try again", async () => {
    await setupMembership();
    let refusal = "There is no connection.";
    await mountWithCleanup(JoinDialog, {
        props: {
            programName: "Club",
            partnerName: "Ada",
            terms: markup("<p>Be nice.</p>"),
            version: "1",
            onJoin: async () => refusal,
            close: () => expect.step("close"),
        },
    });
    await click(".loyalty-consent");
    await animationFrame();
    await click(".loyalty-join-confirm");
    await animationFrame();
    expect(".loyalty-join-refusal").toHaveText("There is no connection.");
    expect.verifySteps([]);
    refusal = undefined;
    await click(".loyalty-join-confirm");
    await animationFrame();
    expect.verifySteps(["close"]);
});

test("the receipt shows what the server booked", async () => {
    const { order, card } = await setupMembership();
    order.update({ loyalty_result: [figuresOf(card)] });
    await mountWithCleanup(MemberReceipt, { props: { order } });
    expect(".loyalty-receipt-tier").toHaveText("Silver");
    expect(".loyalty-receipt-earned").toHaveText("30");
    expect(".loyalty-receipt").toHaveText(/Earned, to spend from .*2030/);
    expect(".loyalty-receipt-spent").toHaveText("10");
    expect(".loyalty-receipt-pending").toHaveText("5");
    expect(".loyalty-receipt-balance").toHaveText("60 points");
});

test("the receipt of a refund says what was taken and given back", async () => {
    const { order, card } = await setupMembership();
    const figures = { earned: 0, spent: 0, takenBack: 30, givenBack: 100 };
    order.update({ loyalty_result: [figuresOf(card, figures)] });
    await mountWithCleanup(MemberReceipt, { props: { order } });
    expect(".loyalty-receipt-taken").toHaveText("-30");
    expect(".loyalty-receipt-given").toHaveText("100");
    expect(".loyalty-receipt-earned").toHaveCount(0);
});

test("points that wait are said once", async () => {
    const { order, card } = await setupMembership();
    order.update({ loyalty_result: [figuresOf(card, { earned: 30, pending: 30 })] });
    await mountWithCleanup(MemberReceipt, { props: { order } });
    expect(".loyalty-receipt").toHaveText(/Earned, to spend from .*2030/);
    expect(".loyalty-receipt-pending").toHaveCount(0);
});

test("the panel of a refund looks the customer up", async () => {
    const { store, order, partner } = await setupMembership();
    store.fetchCoupons = async (domain) => expect.step(domain[0]);
    order.is_refund = true;
    order.setPartner(partner);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect.verifySteps([["partner_id", "=", partner.id]]);
    expect(".loyalty-member-tier").toHaveText("Bronze");
});

test("the receipt of an order made offline promises the points", async () => {
    const { order, partner } = await setupMembership();
    order.setPartner(partner);
    order.state = "paid";
    await mountWithCleanup(MemberReceipt, { props: { order } });
    expect(".loyalty-receipt").toHaveText(/online again/);
    expect(".loyalty-receipt-balance").toHaveCount(0);
});

test("the list of customers names the tier", async () => {
    const { card, partner } = await setupMembership();
    const line = await mountWithCleanup(PartnerLine, {
        props: {
            partner,
            close: () => {},
            isSelected: false,
            isBalanceDisplayed: true,
            onClickEdit: () => {},
            onClickUnselect: () => {},
            onClickPartner: () => {},
            onClickOrders: () => {},
        },
    });
    expect(line._getLoyaltyPointsRepr(card)).toBe("Bronze: 40 Points");
});
