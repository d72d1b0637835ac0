"""Sending what was queued: windows of messages, what was answered about them, the jobs of each channel."""
