#!/usr/bin/env python3
"""Checks that no text is lost: every CJK character of a packet's sources stands in its PDF and EPUB.

usage: text_check.py PACKET.yaml FILE.pdf|FILE.epub ...

It reads the sources with a small reader of its own, not Keben's, so that a fault in Keben's input
can't hide itself. Of each paragraph (heading, cell, note, poem, code ...) only the Han, kana and
hangul characters are kept, which sets markup, spaces and punctuation aside. That sequence must
stand in the output, where it may be cut (by a page's end, with running heads and notes between):
pieces shorter than 12 characters count only at the beginning or the end of a longer paragraph. Body
paragraphs must also follow one another as in the sources.

Exit status: 0 if all is there and in order, 1 if not, 2 for wrong usage.
"""

import glob
import html
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

import yaml

CJK = re.compile(
    "[\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
PIECE = 12  # a shorter piece in the middle of a paragraph proves nothing
ORDERED = 24  # paragraphs at least this long are told apart well enough to check their order


@dataclass
class Unit:
    """One paragraph of the sources, reduced to its CJK characters."""

    where: str
    text: str
    in_flow: bool  # stands in the run of the body: not a note, not metadata


def cjk(text):
    return "".join(CJK.findall(text))


def strip_inline(text):
    """Takes away the characters of inline markup that a reader doesn't see."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)  # picture in the line: alt is not shown
    text = re.sub(r"\[\^[^\]]+\]", "", text)
    text = re.sub(r'\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^\s)]*(?:\s+"[^"]*")?\)', r"\1", text)
    text = re.sub(r"\{([^{}|]+)\|[^{}]*\}", r"\1", text)  # {base|reading}
    text = re.sub(r"\{#[^}]*\}", "", text)
    return re.sub(r"</?[A-Za-z][^<>]*>", "", text)


class Reader:
    """Collects the units of one packet."""

    def __init__(self):
        self.units = []

    def add(self, where, text, in_flow=False):
        text = cjk(text)
        if text:
            self.units.append(Unit(where, text, in_flow))

    def inline(self, where, value, in_flow=False):
        if value is not None:
            self.add(where, strip_inline(str(value)), in_flow)

    # --- packet and articles

    def packet(self, path):
        data = load(path)
        root = os.path.dirname(path)
        for key in ("title", "subtitle", "compiler"):
            self.inline(f"packet {key}", data.get(key))
        self.markdown("foreword", data.get("foreword", ""))
        for entry in data["contents"]:
            if isinstance(entry, dict) and "part" in entry:
                self.inline("part", entry["part"])
                self.markdown(f"intro of {entry['part']}", entry.get("intro", ""))
                for article in entry["articles"]:
                    self.entry(root, article)
            else:
                self.entry(root, entry)
        for article in data.get("appendices", []):
            self.entry(root, article)
        colophon = data.get("colophon")
        if isinstance(colophon, dict):
            self.inline("colophon", colophon.get("notice"))
            self.inline("colophon", colophon.get("version"))
        for term in data.get("index_terms", []):
            self.inline("index", term)
        self.markdown("afterword", data.get("afterword", ""))

    def entry(self, root, entry):
        if isinstance(entry, dict):
            self.article(entry.get("title", "inline article"), entry)
            return
        paths = sorted(glob.glob(os.path.join(root, entry)))
        if not paths:
            sys.exit(f"text_check: no article matches {entry}")
        for path in paths:
            name = os.path.basename(path)
            if path.endswith(".md"):
                with open(path, encoding="utf-8") as file:
                    _, front, body = re.split(r"^---\n", file.read(), maxsplit=2, flags=re.M)
                self.article(name, {**yaml.safe_load(front), "markdown": body})
            else:
                self.article(name, load(path))

    def article(self, name, data):
        for key in ("title", "subtitle", "summary", "editor_note"):
            self.inline(f"{name}: {key}", data.get(key))
        for author in data.get("authors", []):
            author = author if isinstance(author, dict) else {"name": author}
            self.inline(f"{name}: author", author["name"])
            self.inline(f"{name}: affiliation", author.get("affiliation"))
        source = data.get("source") or {}
        for key in ("name", "issue"):
            self.inline(f"{name}: source", source.get(key))
        self.blocks(name, data.get("body", []))
        self.markdown(name, data.get("markdown", ""))
        for paragraph in re.split(r"\n\s*\n", data.get("text", "")):
            self.add(name, paragraph, in_flow=True)
        for question in data.get("questions", []):
            self.inline(f"{name}: question", question)
        for entry in data.get("glossary", []):
            self.inline(f"{name}: glossary", entry["term"])
            self.inline(f"{name}: glossary", entry["definition"])

    # --- structured blocks

    def blocks(self, name, blocks, in_flow=True):
        for block in blocks:
            if isinstance(block, str):
                self.inline(name, block, in_flow)
                continue
            for kind, value in block.items():
                self.block(name, kind, value, in_flow)

    def body(self, name, value, in_flow):
        """What a quote, a callout, an item or a note holds: `text` or `body`, or a bare string."""
        if isinstance(value, dict):
            value = value.get("body", value.get("text", []))
        self.blocks(name, [value] if isinstance(value, str) else value, in_flow)

    def block(self, name, kind, value, in_flow):
        is_map = isinstance(value, dict)
        if kind in ("heading", "paragraph"):
            self.inline(name, value["text"] if is_map else value, in_flow)
        elif kind in ("quote", "callout"):
            if is_map:
                self.inline(f"{name}: title", value.get("title"))
            self.body(name, value, in_flow)
            if is_map:
                self.inline(f"{name}: attribution", value.get("attribution"))
        elif kind == "poem":
            lines = value["lines"] if is_map else value
            for key in ("title", "author"):
                self.inline(f"{name}: poem {key}", value.get(key) if is_map else None)
            self.inline(name, lines if isinstance(lines, str) else "\n".join(lines), in_flow)
        elif kind == "list":
            for item in value["items"] if is_map else value:
                if isinstance(item, list):
                    self.blocks(name, item, in_flow)
                else:
                    self.body(name, item, in_flow)
        elif kind == "definitions":
            for entry in value:
                self.inline(name, entry["term"], in_flow)
                self.inline(name, entry["definition"], in_flow)
        elif kind == "table":
            self.inline(f"{name}: caption", value.get("caption"))
            for row in value.get("head", []) + value["rows"]:
                for cell in row:
                    text = cell["text"] if isinstance(cell, dict) else cell
                    self.inline(f"{name}: cell", text)
        elif kind == "figure":
            self.inline(f"{name}: caption", value.get("caption"))
            self.inline(f"{name}: credit", value.get("credit"))
        elif kind == "code":
            self.inline(f"{name}: caption", value.get("caption"))
            self.add(f"{name}: code", value["text"])
        elif kind == "footnotes":
            for label, note in value.items():
                self.body(f"{name}: note {label}", note, in_flow=False)
        elif kind not in ("divider", "page_break"):
            sys.exit(f"text_check: {name}: unknown block '{kind}'")

    # --- Markdown, as far as the sample uses it

    def markdown(self, name, text):
        paragraph = []
        where, in_flow = name, True

        def flush():
            if paragraph:
                self.inline(where, " ".join(paragraph), in_flow)
                paragraph.clear()

        lines = iter(text.splitlines())
        for line in lines:
            if fence := re.match(r"\s*```(.*)", line):
                flush()
                info = fence[1]
                for value in re.findall(r'"([^"]*)"', info):
                    self.inline(f"{name}: fence", value)
                kept = []
                for inner in lines:
                    if inner.strip() == "```":
                        break
                    kept.append(inner)
                if info.startswith("poem"):
                    self.inline(name, "\n".join(kept), in_flow=True)
                else:
                    self.add(f"{name}: code", "\n".join(kept))
                continue
            indented = line.startswith("    ")
            line = re.sub(r"^\s*(>\s?)+", "", line).strip()
            if not line:
                flush()
                continue
            if not indented and where != name and not paragraph:
                where, in_flow = name, True  # the note is over
            if note := re.match(r"\[\^([^\]]+)\]:\s*(.*)", line):
                flush()
                where, in_flow = f"{name}: note {note[1]}", False
                paragraph.append(note[2])
            elif figure := re.fullmatch(r'!\[[^\]]*\]\(\S+(?:\s+"(.*)")?\)', line):
                flush()
                self.inline(f"{name}: caption", figure[1])
            elif line.startswith("|"):
                flush()
                for cell in line.strip("|").split("|"):
                    self.inline(f"{name}: cell", cell)
            elif start := re.match(r"(#{1,6}|[-*+]|\d+[.)]|:)\s+(?:\[[ xX]\]\s+)?", line):
                flush()
                paragraph.append(line[start.end() :])
                if start[1].startswith("#"):
                    flush()
            else:
                line = re.sub(r"^\[![A-Z-]+\]", "", line)
                paragraph.append(line)
        flush()


def load(path):
    with open(path, "rb") as file:
        if path.endswith(".json"):
            return json.load(file)
        if path.endswith(".toml"):
            return tomllib.load(file)
        return yaml.safe_load(file)


# --- outputs


def pdf_texts(path):
    """The PDF's text in poppler's reading order, and in the order in which it was drawn."""
    texts = []
    for options in ([], ["-raw"]):
        run = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", *options, path, "-"], check=True, capture_output=True
        )
        texts.append(cjk(run.stdout.decode("utf-8")))
    return texts


def epub_texts(path):
    """The text of the spine's documents in reading order, readings left out."""
    with zipfile.ZipFile(path) as book:
        container = ElementTree.fromstring(book.read("META-INF/container.xml"))
        opf = next(e.get("full-path") for e in container.iter() if e.tag.endswith("rootfile"))
        package = ElementTree.fromstring(book.read(opf))
        items = {e.get("id"): e.get("href") for e in package.iter() if e.tag.endswith("}item")}
        out = []
        for ref in (e for e in package.iter() if e.tag.endswith("}itemref")):
            href = posixpath.join(posixpath.dirname(opf), unquote(items[ref.get("idref")]))
            page = book.read(posixpath.normpath(href)).decode("utf-8")
            page = re.sub(r"<head\b.*?</head>|<rt\b.*?</rt>|<rp\b.*?</rp>", "", page, flags=re.S)
            # What a picture shows (the drawn cover's title lines) stands in its alternative text.
            page = re.sub(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>', r"\1", page)
            out.append(html.unescape(re.sub(r"<[^>]*>", "", page)))
    return [cjk("\n".join(out))]


# --- the check


def prefix(text, start, haystack):
    """Length of the longest piece of `text` from `start` that stands in `haystack`."""
    low, high = 0, len(text) - start
    while low < high:
        middle = (low + high + 1) // 2
        if text[start : start + middle] in haystack:
            low = middle
        else:
            high = middle - 1
    return low


def missing(text, haystack):
    """How many characters of a unit are not in the output."""
    if len(text) < PIECE:
        return 0 if text in haystack else len(text)  # a line or less is never cut
    lost = at = 0
    while at < len(text):
        length = prefix(text, at, haystack)
        at_edge = at == 0 or at + length == len(text)
        if length >= PIECE or (length >= 2 and at_edge):
            at += length
        else:
            lost += 1
            at += 1
    return lost


def out_of_order(units, haystack):
    """Body paragraphs that stand before one that the sources have earlier."""
    faults, last = [], -1
    for unit in units:
        head = unit.text[:ORDERED]
        if not unit.in_flow or len(head) < ORDERED or haystack.count(head) != 1:
            continue
        at = haystack.find(head)
        if at < last:
            faults.append(unit)
        else:
            last = at
    return faults


def mupdf_texts(path):
    """The PDF's text as MuPDF finds it, where its tool is installed."""
    if not shutil.which("mutool"):
        return []
    run = subprocess.run(
        ["mutool", "draw", "-q", "-F", "txt", path], check=True, capture_output=True
    )
    return [cjk(run.stdout.decode("utf-8"))]


def check(path, units):
    if path.endswith(".epub"):
        return compare(path, units, epub_texts(path))
    results = [compare(path, units, pdf_texts(path))]
    if texts := mupdf_texts(path):
        results.append(compare(f"{path} (MuPDF)", units, texts))
    return all(results)


def compare(path, units, texts):
    lost_units, lost = [], 0
    for unit in units:
        lacks = min(missing(unit.text, text) for text in texts)
        if lacks:
            lost += lacks
            lost_units.append((unit, lacks))
    # The order in which pages were drawn is the reading order of a tagged file.
    disorder = out_of_order(units, texts[-1])
    total = sum(len(unit.text) for unit in units)
    print(
        f"{os.path.basename(path)}: {total - lost} of {total} CJK characters found "
        f"({100 * (total - lost) / total:.2f} %) in {len(units)} paragraphs"
    )
    for unit, lacks in lost_units:
        print(f"  {lacks} missing in {unit.where}: {unit.text[:40]}")
    for unit in disorder:
        print(f"  out of order in {unit.where}: {unit.text[:40]}")
    return not lost_units and not disorder


def main():
    if len(sys.argv) < 3:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        sys.exit(2)
    reader = Reader()
    reader.packet(sys.argv[1])
    results = [check(path, reader.units) for path in sys.argv[2:]]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
