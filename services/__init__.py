"""The four services of Hark: ingress, ai, scheduler, notifier."""
