"""Owns everything that leaves for WhatsApp: contacts, templates, notifications and receipts."""
