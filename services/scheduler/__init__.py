"""scheduler owns time: events, tasks, and the notices that follow from them.

`Apply` turns what one utterance asks for into one transaction, with its confirmation in it. One
worker hands whatever falls due, confirmations and reminders alike, to notifier.
"""
