"""Where seismograms come from in numbers: folders, SDS archives, data sets of SeisBench, data centres."""
