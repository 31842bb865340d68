"""Files of seismograms: which formats there are, what is looked at before they are read, and what comes out."""
