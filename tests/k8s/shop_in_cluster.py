"""A shop in a real cluster: an overlay of deploy/k8s, the image of this build, and a client pod from whose network tests call it."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import cert_manager
import custom_resources
import manifests
from harness import environment
from harness.servers import eventually
from lab import program, requirements
from lab.cluster import Cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMESPACE = "clustr"
SERVICES = ("catalog", "sales", "bundles")
WORKLOADS = ("statefulset/catalog", "statefulset/sales", "deployment/bundles")


def small(documents):
    """The documents with requests for CPU that the one small node of the lab can meet three times over. Nothing else differs."""
    for document in documents:
        if document["kind"] in ("StatefulSet", "Deployment"):
            for container in document["spec"]["template"]["spec"]["containers"]:
                container["resources"]["requests"]["cpu"] = "20m"
    return documents


def client_pod(name, labels, namespace=NAMESPACE):
    """A pod that does nothing; programs of the tests run on its network."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "wait",
                "image": "localhost/pause:lab",
                "resources": {"requests": {"cpu": "1m", "memory": "4Mi"}, "limits": {"memory": "32Mi"}},
                "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
            }],
        },
    }


class LabTest(unittest.TestCase):
    """A cluster that has the image of this build and nothing else."""

    @classmethod
    def setUpClass(cls):
        obstacle = requirements.obstacle()
        if not obstacle and not environment.LONG and "cluster" not in environment.REQUIRED:
            obstacle = "CLUSTR_LONG=1, or cluster in CLUSTR_REQUIRE; a cluster takes minutes"
        if obstacle:
            environment.missing(obstacle, "cluster")
        if not program.is_built() and "cluster" not in environment.REQUIRED:
            environment.missing("program of the cluster; tests/k8s/lab/run --build builds it in about 10 minutes of CPU time", "cluster")
        program.build()
        scratch = tempfile.TemporaryDirectory(prefix="clustr-cluster-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.cluster = Cluster().start()
        cls.addClassCleanup(cls.cluster.stop)
        build = [ROOT / "deploy/image/build", f"--bin={environment.BUILD / 'bin'}", f"--output={cls.folder / 'image'}"]
        subprocess.run(build, check=True, capture_output=True)
        cls.cluster.load_image(cls.folder / "image/clustr.tar")

    @classmethod
    def kubectl(cls, *arguments, **options):
        return cls.cluster.kubectl(f"--namespace={NAMESPACE}", *arguments, **options)

    def runs_lines(self, lines, timeout=400):
        """What lines of shell print on the network of the cluster, in a folder that has deploy/ of this repository."""
        folder = self.folder / "checkout"
        folder.mkdir(exist_ok=True)
        if not (folder / "deploy").exists():
            (folder / "deploy").symlink_to(ROOT / "deploy")
        path = f"{manifests.programs()}:{environment.BUILD / 'bin'}:{os.environ['PATH']}"
        environ = {**os.environ, "KUBECONFIG": f"{self.cluster.keys}/admin.kubeconfig", "PATH": path}
        command = self.cluster.namespaces.on_the_network("bash", "-euo", "pipefail", "-c", lines)
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=timeout, check=False)
        self.assertEqual(done.returncode, 0, f"{lines}\n{done.stdout}{done.stderr}")
        return done.stdout


class ClusterTest(LabTest):
    """A cluster with the overlay `overlay` in it, whose workloads are all ready, and a client pod."""

    overlay = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = small(cls.render())
        cls.apply_overlay()
        cls.wait_for_rollouts()
        cls.networks = {}
        cls.add_client("client", {"clustr.io/client": "true"})
        cls.prepare()

    @classmethod
    def render(cls):
        return manifests.render(cls.overlay)

    @classmethod
    def apply_overlay(cls):
        cls.cluster.apply(cls.documents)

    @classmethod
    def prepare(cls):
        """What a class does once its overlay runs."""

    @classmethod
    def get(cls, *arguments):
        return json.loads(cls.kubectl("get", "--output=json", *arguments))

    @classmethod
    def wait_for_rollouts(cls, workloads=WORKLOADS):
        for workload in workloads:
            cls.kubectl("rollout", "status", workload, "--timeout=300s")

    @classmethod
    def pods(cls, service):
        """The names of the pods of a service that are not about to end."""
        items = cls.get("pods", f"--selector=app.kubernetes.io/name={service}")["items"]
        return sorted(pod["metadata"]["name"] for pod in items if "deletionTimestamp" not in pod["metadata"])

    @classmethod
    def add_client(cls, name, labels, namespace=NAMESPACE):
        cls.cluster.apply([client_pod(name, labels, namespace)])
        cls.cluster.kubectl(f"--namespace={namespace}", "wait", f"pod/{name}", "--for=condition=Ready", "--timeout=180s")
        address = cls.cluster.get("pod", name, f"--namespace={namespace}")["status"]["podIP"]
        cls.networks[name] = cls.cluster.network_of(address)

    @classmethod
    def command_of(cls, client, *command):
        """A command line that runs `command` on the network of a client pod, with the names of the cluster."""
        return cls.cluster.namespaces.command("nsenter", f"--net={cls.networks[client]}", "--", "env", f"CLUSTR_BUILD={environment.BUILD}", *command)

    @classmethod
    def clustrctl(cls, *arguments, client="client", timeout=240):
        flags = [f"--{service}={service}.{NAMESPACE}:{port}" for service, port in zip(SERVICES, (50051, 50052, 50053))]
        command = cls.command_of(client, environment.binary("clustrctl"), *flags, *cls.credentials(), *arguments)
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL, check=False)

    @classmethod
    def credentials(cls):
        """The flags of clustrctl for the certificate of a client."""
        return []

    @classmethod
    def runs(cls, *arguments, **options):
        """What clustrctl prints; it must end with 0."""
        done = cls.clustrctl(*arguments, **options)
        if done.returncode != 0:
            raise AssertionError(f"clustrctl {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    @classmethod
    def import_shop(cls):
        cls.runs_here("generate", cls.folder / "shop", "--products=100", "--customers=300", "--baskets=3000")
        cls.runs("import", cls.folder / "shop")

    @staticmethod
    def runs_here(*arguments):
        subprocess.run([environment.binary("clustrctl"), *map(str, arguments)], check=True, capture_output=True)

    @classmethod
    def verdict(cls):
        """The verdict of `clustrctl verify`, once bundles has all that catalog and sales have."""
        lines = cls.runs("verify", "--output=json").splitlines()
        return json.loads(lines[-1])["verdict"]

    def steady_calls(self, *files):
        return SteadyCalls(self.command_of("client", sys.executable, ROOT / "tests/k8s/steady_calls.py", f"dns:///bundles.{NAMESPACE}:50053", *files))


class ProdClusterTest(ClusterTest):
    """The overlay prod and a small shop, with certificates that the tests issue as cert-manager would."""

    overlay = "prod"

    @classmethod
    def apply_overlay(cls):
        cls.certificates = cert_manager.Issuer(cls.folder / "authority")
        namespace = [d for d in cls.documents if d["kind"] == "Namespace"]
        cls.cluster.apply([*namespace, *cls.certificates.secrets(cls.documents)])
        cls.cluster.apply(custom_resources.without(cls.documents))

    @classmethod
    def credentials(cls):
        ca, certificate, key = cls.files()
        return [f"--ca={ca}", f"--cert={certificate}", f"--key={key}"]

    @classmethod
    def files(cls):
        folder = cls.certificates.authority.folder
        return [cls.certificates.authority.certificate, folder / "client.crt", folder / "client.key"]

    @classmethod
    def prepare(cls):
        eventually(lambda: cls.replicas() == 2, 240, "two ready replicas of bundles")
        cls.import_shop_by_a_job()
        cls.first = cls.verdict()

    @classmethod
    def import_shop_by_a_job(cls):
        cls.runs_here("generate", cls.folder / "shop", "--products=50", "--customers=100", "--baskets=500")
        cls.kubectl("create", "configmap", "shop-files", f"--from-file={cls.folder / 'shop'}")
        cls.cluster.apply(manifests.render_folder(manifests.K8S / "jobs/import-tls"))
        cls.kubectl("wait", "job/import", "--for=condition=Complete", "--timeout=300s")

    @classmethod
    def replicas(cls):
        return cls.get("deployment", "bundles")["status"].get("readyReplicas", 0)

    def setUp(self):
        eventually(lambda: self.replicas() == 2 and len(self.pods("bundles")) == 2, 240, "two replicas of bundles")

    def evict(self, pod):
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": NAMESPACE}}
        self.cluster.kubectl("create", f"--raw=/api/v1/namespaces/{NAMESPACE}/pods/{pod}/eviction", "--filename=-", given=json.dumps(eviction))


class SteadyCalls:
    """Calls to bundles for as long as the block lasts; `calls` and `failed` are known after it."""

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "calling\n":
            self.process.kill()
            raise AssertionError("the calls did not begin")
        return self

    def __exit__(self, *_):
        printed, _ = self.process.communicate(timeout=120)
        outcome = json.loads(printed)
        self.calls, self.failed = outcome["calls"], outcome["failed"]
