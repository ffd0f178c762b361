from . import loyalty_campaign_run
