import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CheckInDialog } from "@loyalty_program_pos/app/components/check_in_dialog/check_in_dialog";
import { setupMembership } from "../utils";

definePosModels();

const CODE = {
    image: "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
    seconds: 60,
};

async function showDialog(fetchCode) {
    await setupMembership();
    await mountWithCleanup(CheckInDialog, {
        props: { fetchCode, close: () => expect.step("close") },
    });
}

test("a code that has lived its minute gives way to a new one", async () => {
    await showDialog(async () => {
        expect.step("fetch");
        return CODE;
    });
    expect.verifySteps(["fetch"]);
    expect(".loyalty-check-in-seconds").toHaveText(/60/);
    await advanceTime(10000);
    await animationFrame();
    expect(".loyalty-check-in-seconds").toHaveText(/50/);
    await advanceTime(50000);
    await animationFrame();
    expect.verifySteps(["fetch"]);
    expect(".loyalty-check-in-seconds").toHaveText(/60/);
    await click(".loyalty-check-in-renew");
    await animationFrame();
    expect.verifySteps(["fetch"]);
});

test("without a connection no dead code stays on the screen", async () => {
    let isOnline = true;
    await showDialog(async () => {
        if (!isOnline) {
            throw new ConnectionLostError("/");
        }
        return CODE;
    });
    isOnline = false;
    await advanceTime(60000);
    await animationFrame();
    expect(".loyalty-check-in-code").toHaveCount(0);
    expect(".loyalty-check-in-refusal").toHaveText(/no connection/);
    isOnline = true;
    await click(".loyalty-check-in-renew");
    await animationFrame();
    expect(".loyalty-check-in-code").toHaveCount(1);
    expect(".loyalty-check-in-refusal").toHaveCount(0);
    expect.verifySteps([]);
});
