"""Real servers, real stubs and the dumb twins that the end-to-end tests compare them with."""
