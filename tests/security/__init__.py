"""What must hold before real people talk to Hark: who may call, what is sealed, what is gone."""
