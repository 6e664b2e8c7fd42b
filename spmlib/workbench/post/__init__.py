"""Post: documents as messages and files, each to the person whose they are and to nobody else."""
