"""PostgreSQL in a namespace of its own in the cluster, from the programs of this machine, which its pod mounts."""

import pwd

from harness.postgres import PROGRAMS

NAMESPACE = "databases"
ADDRESS = f"postgres.{NAMESPACE}"
LABELS = {"app": "postgres"}
START = f"""
echo {{password}} > /data/password
{PROGRAMS}/initdb --pgdata=/data/cluster --username=clustr --pwfile=/data/password --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync
echo "host all all all scram-sha-256" >> /data/cluster/pg_hba.conf
exec {PROGRAMS}/postgres -D /data/cluster -k /data -c listen_addresses='*' -c max_connections=200
"""


def of_machine(path):
    return {"name": path.strip("/").replace("/", "-"), "hostPath": {"path": path}}


def documents(password):
    """The namespace, the Service and the pod; the superuser is `clustr`."""
    paths = ["/usr", "/etc/passwd"]
    mounts = [{"name": of_machine(path)["name"], "mountPath": path, "readOnly": True} for path in paths]
    # /bin, /lib and /lib64 are links into /usr on this machine, and must be there under these names.
    mounts += [{"name": "usr", "mountPath": f"/{name}", "subPath": name, "readOnly": True} for name in ("bin", "lib", "lib64")]
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"clustr.io/database": "true"}}},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "postgres", "namespace": NAMESPACE},
            "spec": {"selector": LABELS, "ports": [{"port": 5432}]},
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "postgres", "namespace": NAMESPACE, "labels": LABELS},
            "spec": {
                "securityContext": {"runAsUser": pwd.getpwnam("postgres").pw_uid, "fsGroup": pwd.getpwnam("postgres").pw_gid},
                "containers": [{
                    "name": "postgres",
                    "image": "localhost/pause:lab",
                    "command": ["/usr/bin/bash", "-euc", START.format(password=password)],
                    "env": [{"name": "PGPASSWORD", "value": password}],
                    "readinessProbe": {"exec": {"command": [f"{PROGRAMS}/pg_isready", "--host=127.0.0.1", "--username=clustr"]}, "periodSeconds": 1},
                    "volumeMounts": [*mounts, *({"name": name, "mountPath": f"/{name}"} for name in ("data", "tmp"))],
                }],
                "volumes": [*map(of_machine, paths), *({"name": name, "emptyDir": {}} for name in ("data", "tmp"))],
            },
        },
    ]


class Postgres:
    def __init__(self, cluster, password):
        self.cluster = cluster
        cluster.apply(documents(password))
        cluster.kubectl(f"--namespace={NAMESPACE}", "wait", "pod/postgres", "--for=condition=Ready", "--timeout=240s")

    def sql(self, text, database="postgres"):
        """Runs statements as the superuser, and returns their rows as text."""
        psql = [f"{PROGRAMS}/psql", "--host=127.0.0.1", "--username=clustr", f"--dbname={database}", "--no-align", "--tuples-only", "--quiet",
                "--set=ON_ERROR_STOP=1", "--file=-"]
        return self.cluster.kubectl(f"--namespace={NAMESPACE}", "exec", "--stdin", "pod/postgres", "--", *psql, given=text).strip()
