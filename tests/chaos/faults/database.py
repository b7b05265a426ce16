"""A real PostgreSQL below catalog and sales that crashes, hangs, cannot be reached, or ends sessions."""

import time

from network import proxy

#: Ends sessions that are in a COMMIT, up to five, as an administrator would. It looks every millisecond for a second.
END_COMMITS = """
DO $$
DECLARE ended integer := 0;
BEGIN
  FOR look IN 1..1000 LOOP
    PERFORM pg_stat_clear_snapshot();
    ended := ended + (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                      WHERE state = 'active' AND query = 'COMMIT' AND pid <> pg_backend_pid());
    EXIT WHEN ended >= 5;
    PERFORM pg_sleep(0.001);
  END LOOP;
END $$"""
#: Ends each tenth session within the COMMIT of a purchase, before it takes effect.
HANG_UP = """
CREATE FUNCTION hang_up() RETURNS trigger AS $$ BEGIN
  IF random() < 0.1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON transactions DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION hang_up()"""


def crash(episode):
    """The database server ends without a chance to write anything, and is started again at once."""
    episode.let_pass(0.05, 0.4)
    episode.postgres.crash()
    episode.postgres.start()
    return time.monotonic(), "sales"


def pause(seconds):
    """Returns a fault: SIGSTOP of every process of the database server, and SIGCONT some seconds later."""

    def strike(episode):
        episode.let_pass(0.05, 0.4)
        with episode.postgres.stopped():
            time.sleep(seconds)
        return time.monotonic(), "sales"

    return strike


def link(mode, seconds):
    """Returns a fault: the connections of sales to its database are in a mode of the proxy for some seconds."""

    def strike(episode):
        episode.let_pass(0.1, 0.3)
        episode.proxies["sales-database"].set(mode)
        time.sleep(seconds)
        episode.proxies["sales-database"].set(proxy.PASS)
        return time.monotonic(), "sales"

    return strike


def cut(episode):
    """Connections of sales to its database are cut within a message, ten times, also behind a COMMIT."""
    for _ in range(10):
        episode.proxies["sales-database"].cut_after(episode.chance.randint(1, 20000))
        episode.let_pass(0.02, 0.2)
    episode.proxies["sales-database"].cut_after(0)
    return time.monotonic(), "sales"


def end_commits(episode):
    """Sessions end in a COMMIT: an administrator ends them, whenever that is, and some before it takes effect."""
    database = episode.databases["sales"]
    episode.postgres.sql(END_COMMITS)
    episode.postgres.sql(HANG_UP, database)
    episode.let_pass(0.2, 0.5)
    # The session that drops the trigger may have to wait for its turn, as all others do.
    episode.postgres.sql("DROP TRIGGER hang_up ON transactions; DROP FUNCTION hang_up", database)
    return time.monotonic(), "sales"
