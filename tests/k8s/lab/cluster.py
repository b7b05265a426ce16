"""A real Kubernetes with one node on this machine: `with Cluster() as cluster:` has it for as long as the block lasts."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

import manifests
import yaml
from lab import daemons, identities, namespaces, pause_image, program, volumes

HERE = pathlib.Path(__file__).resolve().parent


class Refused(Exception):
    """kubectl failed; the message is what it said."""


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="clustr-lab-"))
        self.keys, self.settings, self.logs = (self.folder / name for name in ("keys", "settings", "logs"))
        self.namespaces = namespaces.Namespaces(self.folder, HERE / "init.sh")
        self.running = {}

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        try:
            self._write_settings()
            self.namespaces.start()
            self._start_control_plane()
            self._start_node()
            self.apply([*volumes.make(self.folder / "volumes", identities.NODE), *self._names()])
            self._await(lambda: self.kubectl("get", "node", identities.NODE), 180, "the node to register")
            self._run("policies", daemons.policies(program.folder() / "cluster", self.keys))  # It would end if there were no node yet.
            self.kubectl("wait", f"node/{identities.NODE}", "--for=condition=Ready", "--timeout=240s")
            self.kubectl("--namespace=kube-system", "rollout", "status", "deployment/names", "--timeout=240s")
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} of the lab has ended with {process.returncode}:\n{self.log_of(name)}")
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        self.namespaces.stop()
        for process in self.running.values():
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kubectl(self, *arguments, given=None, timeout=400):
        """Runs kubectl as the administrator and returns what it printed."""
        command = [manifests.programs() / "kubectl", f"--kubeconfig={self.keys}/admin.kubeconfig", *arguments]
        done = subprocess.run(self.namespaces.on_the_network(*command), input=given, stdin=None if given else subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode != 0:
            raise Refused(f"kubectl {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    def get(self, *arguments):
        return json.loads(self.kubectl("get", "--output=json", *arguments))

    def apply(self, objects, *flags):
        return self.kubectl("apply", "--server-side", "--validate=strict", *flags, "--filename=-", given=yaml.safe_dump_all(objects))

    def load_image(self, archive):
        done = self.inside("ctr", "--namespace=k8s.io", "images", "import", archive)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    def inside(self, *command, **options):
        """Runs a command in the namespaces of the node and returns the completed process."""
        return subprocess.run(self.namespaces.command(*command), capture_output=True, text=True, check=False, **options)

    def network_of(self, address):
        """The file of the network namespace of the pod with this address."""
        search = 'for file in /run/netns/*; do nsenter --net="$file" ip -4 -brief address | grep -qwF "$1" && echo "$file"; done'
        done = self.inside("bash", "-c", search, "search", address)
        if not done.stdout.strip():
            raise RuntimeError(f"no pod has the address {address}: {done.stderr}")
        return done.stdout.split()[0]

    def log_of(self, daemon, lines=20):
        return "\n".join((self.logs / f"{daemon}.log").read_text(errors="replace").splitlines()[-lines:])

    def _write_settings(self):
        self.logs.mkdir()
        self.folder.chmod(0o755)  # Volumes are below it.
        self.settings.mkdir()
        for file in (HERE / "settings").iterdir():
            text = file.read_text().replace("FOLDER", str(self.folder)).replace("PROGRAM", str(program.folder()))
            (self.settings / file.name).write_text(text)
        identities.write(self.keys)

    def _names(self):
        return yaml.safe_load_all((self.settings / "names.yaml").read_text())

    def _run(self, name, command):
        with open(self.logs / f"{name}.log", "wb") as log:
            self.running[name] = subprocess.Popen(self.namespaces.command(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _start_control_plane(self):
        everything = program.folder() / "cluster"
        self._run("etcd", daemons.etcd())
        self._run("api", daemons.api(everything, self.keys))
        self._await(lambda: self.kubectl("get", "--raw=/readyz"), 240, "the API to be ready", "api")
        self._run("controllers", daemons.controllers(everything, self.keys))
        self._run("scheduler", daemons.scheduler(everything, self.keys))

    def _start_node(self):
        everything = program.folder() / "cluster"
        self._run("containerd", ["containerd", f"--config={self.settings}/containerd.toml"])
        self._await(lambda: self.inside("ctr", "version").check_returncode(), 30, "containerd to answer", "containerd")
        pause_image.write(self.folder / "pause.tar", program.folder() / "pause")
        self.load_image(self.folder / "pause.tar")
        self._run("kubelet", daemons.kubelet(everything, self.keys, self.settings))
        self._run("proxy", daemons.proxy(everything, self.settings))

    def _await(self, attempt, seconds, what, daemon=None):
        end = time.monotonic() + seconds
        while True:
            try:
                return attempt()
            except (Refused, subprocess.CalledProcessError) as error:
                ended = daemon and self.running[daemon].poll() is not None
                if ended or time.monotonic() > end:
                    raise RuntimeError(f"waited for {what}: {error}\n{self.log_of(daemon) if daemon else ''}") from error
                time.sleep(0.2)
