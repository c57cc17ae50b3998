"""Prints the crates that are linked into the program, as a CycloneDX 1.5 list of parts."""

import json
import subprocess
import sys


def main(version: str) -> None:
    metadata = json.loads(
        subprocess.check_output(
            ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"]
        )
    )
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(key for key, package in packages.items() if package["name"] == "evenhand")
    # What is built for tests or by build scripts alone is no part of the program.
    waiting, linked = [root], set()
    while waiting:
        current = waiting.pop()
        if current in linked:
            continue
        linked.add(current)
        for dependency in nodes[current]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])

    def part(key: str) -> dict:
        package = packages[key]
        name = package["name"]
        licence = (package["license"] or "").replace("/", " OR ").replace("MPL-2.0+", "MPL-2.0")
        return {
            "type": "application" if key == root else "library",
            "bom-ref": f"{name}@{package['version']}",
            "name": name,
            "version": package["version"],
            "purl": f"pkg:cargo/{name}@{package['version']}",
            "licenses": [{"expression": licence}],
        }

    parts = sorted((part(key) for key in linked if key != root), key=lambda part: part["bom-ref"])
    edges = [
        {
            "ref": part(key)["bom-ref"],
            "dependsOn": sorted(
                part(dependency["pkg"])["bom-ref"]
                for dependency in nodes[key]["deps"]
                if any(kind["kind"] is None for kind in dependency["dep_kinds"])
            ),
        }
        for key in linked
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": part(root) | {"version": version}},
        "components": parts,
        "dependencies": sorted(edges, key=lambda edge: edge["ref"]),
    }
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()


main(sys.argv[1])
