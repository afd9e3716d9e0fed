"""Meta's Graph API, as far as a business on WhatsApp needs it."""
