"""Sharing: who may see which page of a month, and a folder that holds these and no others."""
