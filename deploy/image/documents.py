"""The documents beside the image: its bill of materials and its provenance. Both are the same for the same image."""

import hashlib


def bill_of_materials(name, version, digest, packages):
    """SPDX 2.3 (ISO/IEC 5962), with a package URL for each Debian package."""
    image = {
        "SPDXID": "SPDXRef-image",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    inside = [
        {
            "SPDXID": f"SPDXRef-{package.replace('+', '-plus')}",
            "name": package,
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": f"pkg:deb/debian/{package}@{version}?arch={architecture}",
            }],
        }
        for package, version, architecture in packages
    ]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"urn:clustr:image:{digest}",
        "creationInfo": {"created": "1970-01-01T00:00:00Z", "creators": ["Tool: clustr deploy/image/build"]},
        "packages": [image, *inside],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-image"},
            *({"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS", "relatedSpdxElement": package["SPDXID"]}
              for package in inside),
        ],
    }


def provenance(name, digest, revision, programs, packages):
    """An in-toto statement with SLSA provenance 1.0: the commit, the programs and the packages that the image was built from."""
    materials = [{"uri": f"clustr@{revision}", "name": "source"}]
    materials += [{"name": program.name, "digest": {"sha256": hashlib.sha256(program.read_bytes()).hexdigest()}} for program in programs]
    materials += [{"uri": f"pkg:deb/debian/{package}@{version}?arch={architecture}"} for package, version, architecture in packages]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": digest}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:clustr:deploy/image/build",
                "externalParameters": {"name": name},
                "resolvedDependencies": materials,
            },
            "runDetails": {"builder": {"id": "urn:clustr:deploy/image/build"}},
        },
    }
