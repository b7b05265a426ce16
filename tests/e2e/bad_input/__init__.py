"""The table of bad input: one module a theme, each with its TABLE of rows. bad_input_test runs every row."""
