"""What a button is made of: parts, wires, power and case, from data to pages and models."""
