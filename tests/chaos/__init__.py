"""The storm: Hark as many processes, a world that misbehaves, and checkers of what was promised."""
