"""What is claimed of the detector, each with the experiment that shows it."""
