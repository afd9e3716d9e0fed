"""The HTTP edge: WhatsApp's handshake and its webhooks."""
