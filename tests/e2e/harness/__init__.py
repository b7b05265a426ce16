"""Real servers, real stubs, and the simple reference implementations that the end-to-end tests compare them with."""
