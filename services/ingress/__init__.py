"""ingress: WhatsApp's webhooks come in here. Owns the inbox and hands each part on, once."""
