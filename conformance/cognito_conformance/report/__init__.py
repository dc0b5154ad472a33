"""What a run leaves behind: a terminal summary, ``report.json`` and a replay file per failure."""
