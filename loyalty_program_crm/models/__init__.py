from . import (
    crm_lead,
    crm_lead_seller,
    loyalty_campaign,
    loyalty_campaign_audience,
    loyalty_campaign_buttons,
    loyalty_campaign_run,
    loyalty_card,
    loyalty_ledger_entry,
    loyalty_participation,
    loyalty_participation_lead,
    loyalty_win_back,
    mailing_mailing,
)
