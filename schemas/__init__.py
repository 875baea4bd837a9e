"""What every table promises. Plain Python: jobs, pipelines, dags, tests and notebooks import it."""
