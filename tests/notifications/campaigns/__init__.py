"""Campaigns: from the plan to the last recipient."""
