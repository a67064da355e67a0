"""What CDT compiles and links of a project: read from .cproject and .project by other means than ours. Prints JSON."""
import fnmatch, json, os, sys
import xml.etree.ElementTree as ET

folder, wanted = sys.argv[1:]
configuration = next(c for c in ET.parse(f"{folder}/.cproject").iter("configuration") if c.get("name") == wanted)


def values(super_class):
    return [v.get("value") for o in configuration.iter("option") if o.get("superClass") == super_class for v in o]


files = {}
for root, _, names in os.walk(folder):
    for name in names:
        files[os.path.relpath(f"{root}/{name}", folder)] = f"{root}/{name}"
for link in ET.parse(f"{folder}/.project").iter("link"):
    uri = link.findtext("locationURI").replace("PARENT-1-PROJECT_LOC", os.path.dirname(folder))
    if link.findtext("type") == "1":
        files[link.findtext("name")] = uri
    for root, _, names in os.walk(uri):
        for name in names:
            files[link.findtext("name") + "/" + os.path.relpath(f"{root}/{name}", uri)] = f"{root}/{name}"

entries = [(e.get("name"), (e.get("excluding") or "").split("|")) for e in configuration.iter("entry")]


def is_built(file):
    for name, excluding in sorted(entries, key=lambda e: -len(e[0])):
        if name and not file.startswith(name + "/"):
            continue
        parts = file[len(name) + 1 if name else 0 :].split("/")
        above = ["/".join(parts[: i + 1]) for i in range(len(parts))]
        return not any(fnmatch.fnmatchcase(a, e) for a in above for e in excluding if e)
    return False


print(json.dumps({
    "sources": sorted(f for name, f in files.items() if name.endswith((".c", ".cpp")) and is_built(name)),
    "folders": sorted({os.path.dirname(f) for f in files.values()}),
    "defines": values("gnu.c.compiler.option.preprocessor.def.symbols"),
    "objects": values("gnu.c.link.option.userobjs") + values("gnu.cpp.link.option.userobjs"),
}))
