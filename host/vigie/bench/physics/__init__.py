"""What a real button does in the air, at its contacts and to its cell: measured and judged."""
