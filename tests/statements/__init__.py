"""Statements: their content, their pages and PDFs, and how a close makes them."""
