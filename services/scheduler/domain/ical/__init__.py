"""Calendars in other people's form: iCalendar, RFC 5545, out and in."""
