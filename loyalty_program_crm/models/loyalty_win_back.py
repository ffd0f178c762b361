from odoo import fields, models
from odoo.tools import SQL


class LoyaltyWinBack(models.AbstractModel):
    """The trigger "win-back": who has not bought for a while.

    Everything is answered by one statement for all members. A *lapse* begins with
    the day of a member's last purchase, so that the same silence has one name however
    often it is looked at. Days are those of the programme's time zone.
    """

    _name = "loyalty.win.back"
    _description = "Win-back Trigger"

    def _query_last_purchase(self, card, campaign, today):
        """Return the SQL of the last purchase that stands, seen from a day.

        A purchase is an earning entry; one that was taken back as a whole does not
        count.

        :param SQL card: expression of the member card's id
        :param date today: later purchases are not seen
        :return: a query of one row at most: occurred_at, base_amount
        """
        return SQL(
            """
            SELECT entry.occurred_at, entry.base_amount
              FROM loyalty_ledger_entry entry
             WHERE entry.member_card_id = %(card)s
               AND entry.entry_type = 'earn'
               AND entry.occurred_at < %(end)s
               AND entry.points + %(reversed)s > 0
          ORDER BY entry.occurred_at DESC
             LIMIT 1
            """,
            card=card,
            end=campaign._get_day_end(today),
            reversed=self._query_reversed(SQL("points")),
        )

    def _query_reversed(self, column):
        """Return the SQL of what reversals took from the row called ``entry``."""
        return SQL(
            """
            COALESCE((
                SELECT SUM(reversal.%s)
                  FROM loyalty_ledger_entry reversal
                 WHERE reversal.reverses_id = entry.id
            ), 0)
            """,
            column,
        )

    def _query_day(self, moment, campaign):
        """Return the SQL of the day, in the programme's time zone, of a UTC time."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            campaign._get_timezone().zone,
        )

    def _query_due(self, campaign, today):
        """Return the SQL of the members whom a campaign would take up.

        The same lapse is never taken up twice: neither by its first day nor, where a
        purchase that ended it was taken back, by a contact that came after it.

        :param loyalty.campaign campaign: singleton
        :param date today: the day to look from, in the programme's time zone
        :return: a query of card_id, partner_id, tier_id, lapse_date, drawn (0..99: a
            number by chance that is the same whenever it is asked for)
        """
        return SQL(
            """
            SELECT card.id AS card_id, card.partner_id, card.tier_id,
                   lapse.began_on AS lapse_date,
                   MOD(('x' || LEFT(MD5(CONCAT_WS(
                       '/', %(campaign)s, card.id,
                       TO_CHAR(lapse.began_on, 'YYYY-MM-DD')
                   )), 8))::bit(32)::bigint, 100) AS drawn
              FROM loyalty_card card
              JOIN res_partner partner
                ON partner.id = card.partner_id AND partner.active
              JOIN LATERAL (%(last_purchase)s) purchase ON TRUE
        CROSS JOIN LATERAL (SELECT %(day)s AS began_on) lapse
             WHERE card.program_id = %(program)s
               AND card.member_state = 'joined'
               AND card.active
               AND (partner.company_id IS NULL OR partner.company_id = %(company)s)
               AND lapse.began_on <= %(today)s::date - %(days)s
               AND %(audience)s
               AND NOT EXISTS (
                   SELECT FROM loyalty_participation known
                    WHERE known.campaign_id = %(campaign)s
                      AND known.card_id = card.id
                      AND (known.lapse_date >= lapse.began_on
                           OR known.started_on > lapse.began_on)
               )
            """,
            audience=campaign._query_audience(SQL("card.partner_id")),
            campaign=campaign.id,
            company=campaign.company_id.id,
            day=self._query_day(SQL("purchase.occurred_at"), campaign),
            days=campaign.inactivity_days,
            last_purchase=self._query_last_purchase(SQL("card.id"), campaign, today),
            program=campaign.program_id.id,
            today=today,
        )

    def _claim_due(self, campaign, today, limit=None):
        """Plan a participation for the members who are due.

        Locks: the row of the campaign, without waiting: while somebody else claims,
        this claims nothing. The unique key of the participation is the net below.

        :param int limit: most members to take up, those who lapsed last first
        :return: how many participations are new
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM loyalty_campaign WHERE id = %s"
                " FOR NO KEY UPDATE SKIP LOCKED",
                campaign.id,
            )
        )
        if not self.env.cr.fetchone():
            return 0
        campaign.last_run_at = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO loyalty_participation (
                    campaign_id, company_id, card_id, tier_id, lapse_date,
                    member_group, state, outcome, started_on, measured_until,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(campaign)s, %(company)s, due.card_id, due.tier_id,
                       due.lapse_date,
                       CASE WHEN due.drawn < %(hold_out)s
                            THEN 'hold_out' ELSE 'treated' END,
                       CASE WHEN due.drawn < %(hold_out)s
                            THEN 'done' ELSE 'planned' END,
                       'open', %(today)s, %(today)s::date + %(measure_days)s,
                       %(user)s, NOW() AT TIME ZONE 'UTC',
                       %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM (%(due)s) due
              ORDER BY due.lapse_date DESC, due.card_id
                 LIMIT %(limit)s
           ON CONFLICT (campaign_id, card_id, lapse_date) DO NOTHING
             RETURNING id
                """,
                campaign=campaign.id,
                company=campaign.company_id.id,
                due=self._query_due(campaign, today),
                hold_out=campaign.hold_out_percent,
                limit=limit,
                measure_days=campaign.measure_days,
                today=today,
                user=self.env.uid,
            )
        )
        new = self.env.cr.rowcount
        self.env["loyalty.participation"].invalidate_model()
        campaign.invalidate_recordset()
        return new

    def _preview(self, campaign, today, limit=None):
        """Count what a run would do.

        :return: dict of counts: due, treated, hold_out, mailed, no_email,
            blacklisted, opportunities
        """
        self.env.flush_all()
        threshold = campaign.opportunity_tier_id.threshold
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(*) AS due,
                       COUNT(*) FILTER (WHERE NOT kept) AS treated,
                       COUNT(*) FILTER (WHERE kept) AS hold_out,
                       COUNT(*) FILTER (
                           WHERE NOT kept AND email IS NOT NULL AND NOT refused
                       ) AS mailed,
                       COUNT(*) FILTER (WHERE NOT kept AND email IS NULL) AS no_email,
                       COUNT(*) FILTER (WHERE NOT kept AND refused) AS blacklisted,
                       COUNT(*) FILTER (
                           WHERE NOT kept AND threshold >= %(threshold)s
                       ) AS opportunities
                  FROM (
                    SELECT due.drawn < %(hold_out)s AS kept,
                           tier.threshold,
                           partner.email_normalized AS email,
                           EXISTS (
                               SELECT FROM mail_blacklist refusal
                                WHERE refusal.active
                                  AND refusal.email = partner.email_normalized
                           ) AS refused
                      FROM (%(due)s) due
                      JOIN res_partner partner ON partner.id = due.partner_id
                 LEFT JOIN loyalty_tier tier ON tier.id = due.tier_id
                  ORDER BY due.lapse_date DESC, due.card_id
                     LIMIT %(limit)s
                  ) member
                """,
                due=self._query_due(campaign, today),
                hold_out=campaign.hold_out_percent,
                limit=limit,
                # Without a tier in the campaign no member reaches it.
                threshold=threshold if campaign.opportunity_tier_id else None,
            )
        )
        return self.env.cr.dictfetchone()

    def _measure(self, campaign):
        """Write down who bought again within the time each one is measured.

        Only rows whose facts changed are written, so that it may run every night
        over every participation: a purchase that is taken back later counts no more.
        """
        today = campaign._get_today()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE loyalty_participation participation
                   SET outcome = fact.outcome,
                       bought_on = fact.first_on,
                       purchase_count = fact.purchases,
                       revenue = fact.revenue,
                       write_date = NOW() AT TIME ZONE 'UTC',
                       write_uid = %(user)s
                  FROM loyalty_participation measured
            CROSS JOIN LATERAL (
                SELECT CASE WHEN COUNT(*) > 0 THEN 'returned'
                            WHEN measured.measured_until >= %(today)s THEN 'open'
                            ELSE 'away'
                       END AS outcome,
                       COUNT(*) AS purchases,
                       MIN(purchase.occurred_at) AS first_on,
                       COALESCE(SUM(purchase.amount), 0) AS revenue
                  FROM (
                    SELECT entry.occurred_at,
                           entry.base_amount + %(reversed_amount)s AS amount
                      FROM loyalty_ledger_entry entry
                     WHERE entry.member_card_id = measured.card_id
                       AND entry.entry_type = 'earn'
                       AND %(day)s BETWEEN measured.started_on
                                       AND measured.measured_until
                       AND entry.points + %(reversed_points)s > 0
                  ) purchase
            ) fact
                 WHERE participation.id = measured.id
                   AND measured.campaign_id = %(campaign)s
                   AND measured.state != 'planned'
                   AND (participation.outcome,
                        COALESCE(participation.purchase_count, 0),
                        COALESCE(participation.revenue, 0))
                       IS DISTINCT FROM
                       (fact.outcome, fact.purchases, fact.revenue)
                """,
                campaign=campaign.id,
                day=self._query_day(SQL("entry.occurred_at"), campaign),
                reversed_amount=self._query_reversed(SQL("base_amount")),
                reversed_points=self._query_reversed(SQL("points")),
                today=today,
                user=self.env.uid,
            )
        )
        self.env["loyalty.participation"].invalidate_model()
        campaign.invalidate_recordset()
