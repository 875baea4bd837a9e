"""Models: trained on past days, stored beside what they were trained on, read by the jobs that judge."""
