"""Click timing: what hands and switches do, as data."""
