"""Three PostgreSQL servers under Patroni below catalog and sales, whose leader dies, hands over, or is cut off."""

import contextlib
import itertools
import subprocess
import time

from harness.servers import eventually

TAKEOVER_SECONDS = 60


def await_successor(cluster, former, meanwhile=lambda: None):
    """Waits until another node than the former leader leads, and does something again and again until then."""
    eventually(
        lambda: meanwhile() or cluster.leader() not in (None, former),
        TAKEOVER_SECONDS,
        lambda: f"no node took over from {former.name}: {cluster.members()}\n{cluster.logs()}",
    )


def outage(episode, struck):
    """Returns the longest time without an acknowledged write of sales, from shortly before the fault until writes are
    acknowledged again; None if they are not. The cluster is whole by then, so that the check is about this fault."""
    if episode.recovery(time.monotonic(), "sales") is None:
        return None
    episode.postgres.settle()
    ends = sorted(each.end for each in episode.history.writes("sales") if each.acknowledged and each.end > struck - 0.5)
    return max(later - earlier for earlier, later in itertools.pairwise([struck - 0.5, *ends]))


def begin(episode):
    """Returns the cluster, whole, and its leader, after some load."""
    episode.postgres.settle()
    episode.let_pass(0.5, 1.5)
    return episode.postgres, episode.postgres.leader()


def machine(episode):
    """The machine of the leader fails: PostgreSQL and Patroni end at once. It comes back once another node leads."""
    cluster, leader = begin(episode)
    moment = time.monotonic()
    leader.crash()
    await_successor(cluster, leader)
    leader.start()
    return moment, outage(episode, moment)


def crash(episode):
    """PostgreSQL of the leader ends at once; Patroni, which goes on, decides which node leads then."""
    _, leader = begin(episode)
    moment = time.monotonic()
    leader.crash_postgres()
    return moment, outage(episode, moment)


def hand_over(episode):
    """An administrator lets the standby lead."""
    cluster, leader = begin(episode)
    moment = time.monotonic()
    eventually(lambda: leader.ask("/switchover", {"leader": leader.name}), TAKEOVER_SECONDS, "a switchover")
    await_successor(cluster, leader)
    return moment, outage(episode, moment)


def restart(episode):
    """An administrator restarts PostgreSQL on the leader."""
    _, leader = begin(episode)
    moment = time.monotonic()
    eventually(lambda: leader.ask("/restart", {}), TAKEOVER_SECONDS, "a restart of PostgreSQL")
    return moment, outage(episode, moment)


def isolate(episode):
    """The leader is cut off from etcd, the other nodes, and the servers; then it comes back to a cluster that another
    node leads."""
    cluster, leader = begin(episode)
    moment = time.monotonic()
    leader.isolate()
    try:
        await_successor(cluster, leader)
        episode.let_pass(0, 3)
    finally:
        leader.rejoin()
    return moment, outage(episode, moment)


def isolate_from_cluster(episode):
    """The leader is cut off from etcd and the other nodes, but the servers still reach it."""
    cluster, leader = begin(episode)
    moment = time.monotonic()
    leader.isolate(from_clients=False)
    try:
        await_successor(cluster, leader)
        episode.let_pass(0, 3)
    finally:
        leader.rejoin()
    return moment, outage(episode, moment)


def disk_full(episode):
    """The disk of the leader is full, and has room again once another node leads."""
    cluster, leader = begin(episode)
    moment = time.monotonic()
    with leader.full_disk():
        episode.let_pass(1, 4)  # Rows that need a new page are refused.
        # PostgreSQL ends when its log needs a new file.
        await_successor(cluster, leader, lambda: switch_log(cluster))
    return moment, outage(episode, moment)


def switch_log(cluster):
    """Makes PostgreSQL go on in another file of its log, if it still can."""
    with contextlib.suppress(subprocess.CalledProcessError):
        cluster.sql("SELECT pg_switch_wal()")
