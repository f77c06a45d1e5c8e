"""The endpoints, a module per noun; none imports another."""
