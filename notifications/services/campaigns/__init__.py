"""Campaigns: one message to everybody of an audience, at a pace, approved by a second person."""

from notifications.services.campaigns.drafts import create_campaign, get_campaign, list_campaigns, update_campaign
from notifications.services.campaigns.dto import (
    AudienceCount,
    CampaignDTO,
    CampaignPlan,
    CampaignPreview,
    CampaignReport,
    CampaignText,
    ReportLine,
    VariantCount,
)
from notifications.services.campaigns.preview import preview_campaign, try_campaign
from notifications.services.campaigns.report import campaign_report
from notifications.services.campaigns.steps import (
    approve_campaign,
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    start_campaign,
    submit_campaign,
)

__all__ = [
    "AudienceCount",
    "CampaignDTO",
    "CampaignPlan",
    "CampaignPreview",
    "CampaignReport",
    "CampaignText",
    "ReportLine",
    "VariantCount",
    "approve_campaign",
    "campaign_report",
    "cancel_campaign",
    "create_campaign",
    "get_campaign",
    "list_campaigns",
    "pause_campaign",
    "preview_campaign",
    "resume_campaign",
    "start_campaign",
    "submit_campaign",
    "try_campaign",
    "update_campaign",
]
