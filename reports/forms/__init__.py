"""Forms of figures and papers; one module per topic."""
