"""The air: Bluetooth Low Energy without hardware. The only importer of bumble."""
