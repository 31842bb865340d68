"""What is known beside the seismograms: catalogues of events, tables, inventories of stations."""
