"""What every service stands on; nothing in here knows what Hark is for."""
