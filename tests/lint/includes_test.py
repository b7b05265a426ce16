"""Enforces the dependency rule by reading #include lines: folders depend downward, and nothing depends on tests."""

import collections
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("common", "services", "tools", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
#: Every prefix that an include of our own files can have. clustr/ is the code generated from proto/.
OURS = ("common/", "services/", "tools/", "tests/", "clustr/")


def modules(component, names):
    """Prefixes of some modules of a component, given as a list of names separated by spaces."""
    return [f"{component}/{name}/" for name in names.split()]


SCHEMA = ["common/base/", "common/schema/", "clustr/common/", "clustr/options/"]
STORAGE = SCHEMA + ["common/backup/", "common/storage/", "clustr/ops/"]
RPC = STORAGE + ["common/rpc/"]
SERVICE = ["common/", "clustr/"]
BUNDLES = "services/bundles"
MINING = "services/bundles/mining"
#: The libraries of bundles that know no messages, and what every service may include.
LIBRARIES = SERVICE + modules(BUNDLES, "index mining")
#: What a handler module of bundles may include: everything but the modules of other handlers.
HANDLER = LIBRARIES + modules(BUNDLES, "answers bundle_model models products program request rule_sets rules scoring state training")
FLAT_PARTS = [f"tools/clustrctl/{header}" for header in ("command.h", "retried_write.h", "services.h")]
#: For each folder of sources, the files of ours that it may include in addition to its own files and the folders below it.
#: A folder without a row fails a test. In common/, schema stands on base, storage on schema, and rpc on storage; streaming and
#: resource stand on rpc, and importing on schema. ARCHITECTURE.md says the same in words.
ALLOWED = {
    "common/base": ["clustr/common/", "clustr/options/"],
    "common/backup": ["common/base/", "clustr/ops/"],
    "common/schema": SCHEMA,
    "common/schema/lists": SCHEMA,
    "common/schema/wire": SCHEMA,
    "common/importing": SCHEMA,
    "common/storage": STORAGE,
    "common/storage/backup": STORAGE,
    "common/storage/file": STORAGE,
    "common/storage/system": STORAGE,
    "common/storage/server": STORAGE,
    "common/storage/sql": STORAGE,
    "common/rpc": RPC,
    "common/rpc/access": STORAGE + ["common/rpc/arrival.h", "common/rpc/flags.h"],
    "common/rpc/admin": RPC,
    "common/rpc/connections": ["common/base/"],
    "common/rpc/database": STORAGE + ["common/rpc/flags.h"],
    "common/rpc/decoding": ["common/schema/"],
    "common/rpc/otlp": ["common/base/", "common/rpc/", "clustr/options/"],
    "common/rpc/records": STORAGE + ["common/rpc/access/", "common/rpc/tracing/"],
    "common/rpc/security": ["common/base/", "common/rpc/flags.h"],
    "common/rpc/tracing": ["common/base/", "common/rpc/access/method.h"],
    "common/streaming": RPC,
    "common/streaming/inspection": ["common/base/", "common/schema/", "clustr/"],
    "common/resource": RPC,
    "services/catalog": SERVICE,
    "services/sales": SERVICE,
    "services/sales/analytics": SERVICE + modules("services/sales", "catalog"),
    "services/sales/catalog": SERVICE,
    "services/sales/sums": SERVICE + modules("services/sales", "analytics catalog"),
    "services/sales/write": SERVICE + modules("services/sales", "catalog"),
    "services/bundles": SERVICE,
    "services/bundles/answers": LIBRARIES + modules(BUNDLES, "bundle_model program rules scoring state"),
    "services/bundles/bundle_model": modules(BUNDLES, "index mining scoring"),
    "services/bundles/models": LIBRARIES + modules(BUNDLES, "bundle_model products program scoring"),
    "services/bundles/products": modules(BUNDLES, "index mining scoring"),
    "services/bundles/products/ranker": modules(BUNDLES, "products"),
    "services/bundles/program": SERVICE,
    "services/bundles/recommend": HANDLER,
    "services/bundles/recommend/bounds": ["clustr/", "common/schema/"] + modules(BUNDLES, "index mining scoring"),
    "services/bundles/recommend/products": HANDLER + modules(BUNDLES, "recommend"),
    "services/bundles/request": LIBRARIES + modules(BUNDLES, "answers models program rules state"),
    "services/bundles/rule_service": HANDLER,
    "services/bundles/rule_sets": LIBRARIES + modules(BUNDLES, "program rules"),
    "services/bundles/rules": LIBRARIES,
    "services/bundles/state": LIBRARIES,
    "services/bundles/train": HANDLER,
    "services/bundles/training": modules(BUNDLES, "index mining products"),
    "services/bundles/training/bundles": modules(BUNDLES, "bundle_model index mining products scoring training"),
    "services/bundles/training/data": modules(BUNDLES, "index mining products"),
    "services/bundles/training/links": modules(BUNDLES, "index mining products training"),
    "services/bundles/training/ranker": modules(BUNDLES, "index mining products training"),
    "services/bundles/verify": HANDLER,
    "services/bundles/index": modules(BUNDLES, "mining"),
    "services/bundles/index/pairs": modules(BUNDLES, "index mining"),
    "services/bundles/scoring": modules(BUNDLES, "index mining"),
    "services/bundles/scoring/intents": modules(BUNDLES, "index mining")
    + [f"services/bundles/scoring/{header}.h" for header in ("product_offers", "product_search")],
    "services/bundles/scoring/walk": modules(BUNDLES, "index mining")
    + [f"services/bundles/scoring/{header}.h" for header in ("bundle_query", "pair_strengths", "scored_bundle")],
    "services/bundles/mining": [],
    "services/bundles/mining/base": [],
    "services/bundles/mining/delivery": modules(MINING, "base"),
    "services/bundles/mining/isa": modules(MINING, "base"),
    "services/bundles/mining/layout": modules(MINING, "base isa"),
    "services/bundles/mining/measures": [],
    "services/bundles/mining/reference": modules(MINING, "base measures"),
    "services/bundles/mining/rules": modules(MINING, "base measures layout search") + [MINING + "/itemsets.h"],
    "services/bundles/mining/search": modules(MINING, "base delivery isa layout"),
    "tools/clustr_mine": modules(BUNDLES, "mining"),
    "tools/clustrctl": SERVICE,
    "tools/clustrctl/baskets": SERVICE + modules("tools/clustrctl", "print") + ["tools/clustrctl/services.h"],
    "tools/clustrctl/commands": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/backup": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/figures": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/models": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/products": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/rows": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/commands/rule_sets": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/files": SERVICE + modules("tools/clustrctl", "print") + ["tools/clustrctl/services.h"],
    "tools/clustrctl/flat": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/flat/columns": SERVICE + modules("tools/clustrctl", "flat/input flat/values flat/words"),
    "tools/clustrctl/flat/book": SERVICE + modules("tools/clustrctl", "flat/columns flat/kinds flat/values print"),
    "tools/clustrctl/flat/file": SERVICE + modules("tools/clustrctl", "flat/book flat/columns flat/input flat/kinds flat/rows flat/values flat/words print"),
    "tools/clustrctl/flat/input": SERVICE,
    "tools/clustrctl/flat/kinds": SERVICE + ["tools/clustrctl/nearest_name.h"] + modules("tools/clustrctl", "flat/columns flat/values flat/words print"),
    "tools/clustrctl/flat/rows": SERVICE + modules("tools/clustrctl", "flat/book flat/columns flat/kinds flat/values print"),
    "tools/clustrctl/flat/values": SERVICE,
    "tools/clustrctl/flat/values/days": SERVICE,
    "tools/clustrctl/flat/words": SERVICE + modules("tools/clustrctl", "flat/values"),
    "tools/clustrctl/flat/returns": SERVICE + modules("tools/clustrctl", "files flat/book flat/columns flat/send print") + FLAT_PARTS,
    "tools/clustrctl/flat/send": SERVICE + modules("tools/clustrctl", "files flat/book flat/columns print") + FLAT_PARTS,
    "tools/clustrctl/generator": SERVICE + ["tools/clustrctl/"],
    "tools/clustrctl/print": SERVICE,
    "tools/schema_dump": SERVICE,
}
#: Tests may include everything.
TESTS = list(OURS)
#: A folder with more sources than this should be divided into modules.
MAX_SOURCES = 25
#: Folders that may include only the standard library and Abseil besides our own files, so that sanitizers and benchmarks can
#: build them alone.
PLAIN = tuple(f"services/bundles/{name}" for name in ("bundle_model", "index", "mining", "products", "scoring", "training"))
#: Exceptions to that, as a header and the files that may include it: the compiler's intrinsics in files that are compiled for
#: one instruction set, the system header by which large pages are requested, and the library that boosts trees.
EXCEPTIONS = {
    "immintrin.h": "services/bundles/mining/isa/",
    "sys/mman.h": "services/bundles/mining/base/large_memory.cc",
    "xgboost/c_api.h": "services/bundles/training/ranker/fit_trees.cc",
}


def files(*suffixes):
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in suffixes:
                yield path.relative_to(ROOT)


def allowed(path):
    """Prefixes of our own files that the file `path` may include; None if its folder has no row."""
    if path.parts[0] == "tests":
        return TESTS
    folder = str(path.parent)
    return None if folder not in ALLOWED else ALLOWED[folder] + [folder + "/"]


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
                prefixes = allowed(path)
                if prefixes is not None and not quoted.startswith(tuple(prefixes)):
                    wrong.append(f'{path}: "{quoted}" (its folder may include {", ".join(prefixes)})')
        self.report(wrong)

    def test_every_folder_of_sources_has_a_row(self):
        wrong = sorted({str(path.parent) for path in files(".h", ".cc") if allowed(path) is None})
        self.report([f"{folder}: add a row to ALLOWED that says what it may include" for folder in wrong])

    def test_every_row_has_its_folder(self):
        self.report([f"{folder}: no such folder" for folder in ALLOWED if not (ROOT / folder).is_dir()])

    def test_no_folder_holds_too_many_sources(self):
        counts = collections.Counter(path.parent for path in files(".h", ".cc", ".py"))
        wrong = {folder: count for folder, count in counts.items() if count > MAX_SOURCES}
        self.report([f"{folder}: {count} sources, at most {MAX_SOURCES}" for folder, count in sorted(wrong.items())])

    def test_kernel_includes_only_std_and_absl(self):
        wrong = []
        for path, quoted, angled in self.includes():
            exception = EXCEPTIONS.get(angled)
            if any(path.is_relative_to(folder) for folder in PLAIN) and not (exception and str(path).startswith(exception)):
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
