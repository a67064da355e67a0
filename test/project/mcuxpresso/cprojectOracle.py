"""Reads {"before", "after"}, two texts of .cproject, from standard input with Python's own XML parser (expat), which knows
nothing of ours. Prints {"rest": [before, after], "options": {configuration: {superClass: [values]}}}: both documents without
the settings that a port may change, written out node by node, and what these settings are afterwards."""

import json
import re
import sys
from xml.dom import minidom

INTENDED = re.compile(
    r"gnu\.(c|cpp)\.link\.option\.userobjs"
    r"|com\.crt\.advproject\.link\.(gcc|cpp)\.hdrlib"
    r"|com\.crt\.advproject\.(gcc|cpp|gas)\.(hdrlib|specs)"
    r"|com\.crt\.advproject\.link\.(gcc|cpp)\.specs"
    r"|gnu\.c\.compiler\.option\.preprocessor\.def\.symbols"
    r"|gnu\.cpp\.compiler\.option\.preprocessor\.def"
    r"|gnu\.both\.asm\.option\.flags\.crt"
)


def intended(node):
    if node.nodeName == "option":
        return INTENDED.fullmatch(node.getAttribute("superClass")) is not None
    return node.nodeName == "sourceEntries"


def rest(node, lines, depth=0):
    """One line a node: its kind, name, attributes in their order, and text; layout between elements left out."""
    if node.nodeType == node.ELEMENT_NODE:
        if intended(node):
            return
        lines.append([depth, node.nodeName, list(node.attributes.items())])
    elif node.nodeType in (node.TEXT_NODE, node.COMMENT_NODE, node.CDATA_SECTION_NODE):
        if node.data.strip():
            lines.append([depth, node.nodeName, node.data])
    elif node.nodeType == node.PROCESSING_INSTRUCTION_NODE:
        lines.append([depth, node.target, node.data])
    for child in node.childNodes:
        rest(child, lines, depth + 1)


def options(document):
    found = {}
    for configuration in document.getElementsByTagName("configuration"):
        values = found.setdefault(configuration.getAttribute("name"), {})
        for option in filter(intended, configuration.getElementsByTagName("option")):
            listed = [v.getAttribute("value") for v in option.getElementsByTagName("listOptionValue")]
            if option.hasAttribute("value"):
                listed.append(option.getAttribute("value"))
            values.setdefault(option.getAttribute("superClass"), []).extend(listed)
        values["entries"] = [
            [e.getAttribute("name"), e.getAttribute("excluding")]
            for e in configuration.getElementsByTagName("entry")
        ]
    return found


texts = json.load(sys.stdin)
documents = [minidom.parseString(texts[name].encode()) for name in ("before", "after")]
both = []
for document in documents:
    lines = []
    rest(document, lines)
    both.append(lines)
json.dump({"rest": both, "options": options(documents[1])}, sys.stdout)
