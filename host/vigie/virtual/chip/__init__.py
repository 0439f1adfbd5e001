"""The chip around the VM: what its peripherals do, one a file."""
