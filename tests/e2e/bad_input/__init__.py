"""The table of bad input: one module per theme, each with a TABLE of cases. bad_input_test runs every case."""
