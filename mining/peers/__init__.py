"""Who should meet whom: peer groups and pairs of organisations that share a challenge and bring different views."""
