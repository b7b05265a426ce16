"""kill -9 of one server under load."""

import time


def kill(name):
    """Returns a fault: the server is killed and started again at once."""

    def strike(episode):
        episode.let_pass(0.05, 0.4)
        server = episode.server(name)
        server.kill()
        ended = time.monotonic()
        server.launch()
        return ended, name

    return strike
