"""All SQL that outlives a process: the engine, the tables, and what falls due."""
