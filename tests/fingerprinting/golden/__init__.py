"""Fingerprints that must never change by accident, and the script that made them."""
