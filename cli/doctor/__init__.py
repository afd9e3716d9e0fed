"""`hark doctor`: the deployment checklist as a command.

Each module looks at one part of a deployment and answers with findings; `examine` runs them all and
`report` shows what was found. A check never raises: what it cannot find out is a finding too.
"""
