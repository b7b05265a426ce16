"""The dependency rule, held by reading #include lines: folders depend downward, and nothing depends on tests."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("common", "services", "tools", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
#: Everything an include of ours can begin with. clustr/ is the code generated from proto/.
OURS = ("common/", "services/", "tools/", "tests/", "clustr/")

SCHEMA = ["common/base/", "common/schema/", "clustr/options/"]
STORAGE = SCHEMA + ["common/storage/", "clustr/common/"]
RPC = STORAGE + ["common/rpc/", "clustr/ops/"]
BUNDLES = "services/bundles/"
MINING = BUNDLES + "mining/"
#: The libraries below the handlers of bundles.
LIBRARIES = ["common/", "clustr/", BUNDLES + "index/", MINING]
#: What a handler of bundles may include: never another handler's room.
HANDLER = LIBRARIES + [BUNDLES + room for room in ("state/", "answers/", "models/", "program/", "request/", "rules/", "scoring/")]
#: What the files below a folder may include of ours besides their own folder; the longest folder that fits decides.
#: The folders of common/ stand on one another in this order, and streaming, resource and importing side by side on top.
ALLOWED = {
    "common/base": [],
    "common/schema": SCHEMA,
    "common/importing": SCHEMA + ["clustr/common/"],
    "common/storage": STORAGE,
    "common/rpc": RPC,
    "common/streaming": RPC,
    "common/resource": RPC,
    "services/catalog": ["common/", "clustr/"],
    "services/sales": ["common/", "clustr/"],
    "services/bundles": ["common/", "clustr/"],
    "services/bundles/program": ["common/", "clustr/"],
    "services/bundles/state": LIBRARIES,
    "services/bundles/rules": LIBRARIES,
    "services/bundles/answers": LIBRARIES + [BUNDLES + room for room in ("state/", "program/", "rules/", "scoring/")],
    "services/bundles/models": LIBRARIES + [BUNDLES + "program/", BUNDLES + "scoring/"],
    "services/bundles/request": LIBRARIES + [BUNDLES + room for room in ("state/", "answers/", "models/", "program/", "rules/")],
    "services/bundles/rule_service": HANDLER,
    "services/bundles/recommend": HANDLER,
    "services/bundles/verify": HANDLER,
    "services/bundles/mining": [],
    "services/bundles/mining/base": [],
    "services/bundles/mining/measures": [],
    "services/bundles/mining/isa": [MINING + "base/"],
    "services/bundles/mining/layout": [MINING + "base/", MINING + "isa/"],
    "services/bundles/mining/delivery": [MINING + "base/"],
    "services/bundles/mining/search": [MINING + "base/", MINING + "isa/", MINING + "layout/", MINING + "delivery/"],
    "services/bundles/mining/rules": [MINING + "base/", MINING + "measures/", MINING + "layout/", MINING + "search/", MINING + "itemsets.h"],
    "services/bundles/mining/reference": [MINING + "base/", MINING + "measures/"],
    "services/bundles/index": ["services/bundles/mining/"],
    "services/bundles/scoring": ["services/bundles/mining/", "services/bundles/index/"],
    "tools": ["common/", "clustr/"],
    "tools/clustr_mine": ["services/bundles/mining/"],
    "tests": list(OURS),
}
#: Folders whose only foreign includes are the standard library and absl: sanitizers and benchmarks build them alone.
PLAIN = ("services/bundles/mining", "services/bundles/index", "services/bundles/scoring")
#: Beside those: in files that are compiled for one instruction set the compiler's own header of its intrinsics, and where the
#: system is asked for large pages, its header.
EXCEPTIONS = {"immintrin.h": "services/bundles/mining/isa/", "sys/mman.h": "services/bundles/mining/base/large_memory.cc"}


def files(*suffixes):
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in suffixes:
                yield path.relative_to(ROOT)


def folder_of(path, folders):
    """The longest of `folders` that holds `path`."""
    held = [folder for folder in folders if path.is_relative_to(folder)]
    return max(held, key=len) if held else None


class IncludesTest(unittest.TestCase):
    def report(self, wrong):
        if wrong:
            self.fail("\n" + "\n".join(wrong))

    def includes(self):
        for path in files(".h", ".cc"):
            for quoted, angled in INCLUDE.findall((ROOT / path).read_text()):
                yield path, quoted, angled

    def test_folders_depend_downward(self):
        wrong = []
        for path, quoted, _ in self.includes():
            if quoted.startswith(OURS):
                folder = folder_of(path, ALLOWED)
                if folder is None:
                    wrong.append(f"{path}: ALLOWED does not say what its folder may include")
                elif not quoted.startswith(tuple(ALLOWED[folder] + [folder + "/"])):
                    wrong.append(f'{path}: "{quoted}" ({folder} may include {ALLOWED[folder] or "nothing of ours"})')
        self.report(wrong)

    def test_kernel_includes_only_std_and_absl(self):
        wrong = []
        for path, quoted, angled in self.includes():
            exception = EXCEPTIONS.get(angled)
            if folder_of(path, PLAIN) and not (exception and str(path).startswith(exception)):
                plain = re.fullmatch(r"[a-z_0-9]+", angled) if angled else quoted.startswith(OURS + ("absl/",))
                if not plain:
                    wrong.append(f"{path}: {quoted or angled}")
        self.report(wrong)

    def test_one_service_never_includes_another(self):
        wrong = [
            f"{path}: {quoted}"
            for path, quoted, _ in self.includes()
            if path.parts[0] == "services" and quoted.startswith("services/") and quoted.split("/")[1] != path.parts[1]
        ]
        self.report(wrong)

    def test_nothing_includes_tests(self):
        wrong = [
            f"{path}: {quoted}"
            for path, quoted, _ in self.includes()
            if path.parts[0] != "tests" and quoted.startswith("tests/")
        ]
        self.report(wrong)

    def test_generated_grpc_code_stays_out_of_common_headers(self):
        wrong = [
            f"{path}: {quoted}"
            for path, quoted, _ in self.includes()
            if path.parts[0] == "common" and path.suffix == ".h" and quoted.endswith(".grpc.pb.h")
        ]
        self.report(wrong)

    def test_includes_of_ours_are_written_from_the_root(self):
        wrong = []
        for path, quoted, _ in self.includes():
            if (
                quoted
                and quoted.startswith(OURS)
                and not quoted.startswith("clustr/")
                and not (ROOT / quoted).is_file()
            ):
                wrong.append(f"{path}: no file {quoted}")
            if quoted and "/" not in quoted:
                wrong.append(f"{path}: {quoted} is not written from the root")
        self.report(wrong)

    def test_every_header_has_its_guard(self):
        wrong = []
        for path in files(".h"):
            guard = "CLUSTR_" + re.sub(r"[/.]", "_", str(path)).upper() + "_"
            text = (ROOT / path).read_text()
            if f"#ifndef {guard}\n#define {guard}\n" not in text:
                wrong.append(f"{path}: expected {guard}")
        self.report(wrong)

    def test_every_source_is_named_in_a_cmake_file(self):
        wrong = []
        for path in files(".cc"):
            named = False
            for folder in path.parents:
                listing = ROOT / folder / "CMakeLists.txt"
                if listing.is_file() and re.search(
                    rf"(?<![\w/.-]){re.escape(str(path.relative_to(folder)))}(?![\w.-])", listing.read_text()
                ):
                    named = True
                    break
            if not named:
                wrong.append(str(path))
        self.report(wrong)

    def test_no_cmake_file_finds_sources_by_glob(self):
        wrong = [
            str(path.relative_to(ROOT))
            for top in (*SOURCES, "proto", "cmake")
            for path in (ROOT / top).rglob("CMakeLists.txt")
            if re.search(r"file\s*\(\s*GLOB", path.read_text(), re.IGNORECASE)
        ]
        self.report(wrong)
