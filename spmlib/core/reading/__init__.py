"""Reading a company's own files and databases: what `spmlib.core.sources` is made of."""
