#!/usr/bin/env python3
"""Runs Keben beside Typst, Pandoc and Calibre's ebook-convert on the same articles, in one go.

Usage: benches/peers.sh (which installs what is missing and calls this).

Every line is the best of several runs of a whole process, one after the other on this machine, with
the peak of its memory. Typst is its Python package: its start (the interpreter and the import) is
measured too and can be taken off.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEBEN = os.environ.get("KEBEN", str(ROOT / "target/release/keben"))
CORPUS = os.environ.get("CORPUS", str(ROOT / "target/release/examples/corpus"))
RUNS = int(os.environ.get("RUNS", "5"))
MANY = int(os.environ.get("MANY", "60"))

HEAD = """#set page(paper: "a4", margin: 2.5cm, numbering: "1")
#set text(font: ("Noto Serif CJK SC",), lang: "zh", region: "cn", size: 10.5pt)
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.9em)
#show heading: set text(font: "Noto Sans CJK SC")
#show quote: set text(font: "LXGW WenKai")
"""
COMPILE = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]])"
LOOP = """import sys, typst
compiler = typst.Compiler(sys.argv[1], font_paths=[sys.argv[2]])
for path in sys.argv[3:]:
    compiler.compile(input=path, output=path + ".pdf")
"""


def run(command, env=None):
    """Time in seconds, user time, and peak of memory in MB of a whole process."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed: {message.decode(errors='replace')[-400:]}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(name, command, runs=RUNS, each=1):
    results = [run(command) for _ in range(runs)]
    took, cpu = min(r[0] for r in results), min(r[1] for r in results)
    memory = max(r[2] for r in results)
    rate = f"{each / took:8.1f} a second" if each > 1 else ""
    print(f"{name:<44} {took * 1000:9.1f} ms  cpu {cpu * 1000:9.1f} ms  {memory:7.0f} MB {rate}")
    sys.stdout.flush()
    return took


def blocks(article):
    for block in article["body"]:
        if isinstance(block, str):
            yield "p", block
        else:
            yield next(iter(block.items()))


def to_typst(article):
    out = [HEAD, f"= {article['title']}\n"]
    for kind, text in blocks(article):
        out.append({"p": f"{text}\n", "heading": f"== {text}\n"}.get(kind, f"#quote(block: true)[{text}]\n"))
    return "\n".join(out)


def to_markdown(article):
    out = [f"---\ntitle: {article['title']}\nlang: zh-Hans\n---\n"]
    for kind, text in blocks(article):
        out.append({"p": f"{text}\n", "heading": f"## {text}\n"}.get(kind, f"> {text}\n"))
    return "\n".join(out)


def main():
    fonts = str(ROOT / "fonts")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        subprocess.run([CORPUS, folder / "in", str(MANY), "even"], check=True, stdout=subprocess.DEVNULL)
        sources = sorted((folder / "in").rglob("*.json"))
        typst, markdown = [], []
        for path in sources:
            article = json.loads(path.read_text())
            for made, ending, text in [(typst, ".typ", to_typst(article)), (markdown, ".md", to_markdown(article))]:
                made.append(folder / (path.stem + ending))
                made[-1].write_text(text)
        out = folder / "out"
        out.mkdir()
        print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; best of {RUNS}")

        print("\nOne article of 4,000 characters, whole process")
        one = str(sources[0])
        ours = best("keben, PDF", [KEBEN, "export", one, "--to", "pdf", "-o", str(out)])
        best("keben, EPUB", [KEBEN, "export", one, "--to", "epub", "-o", str(out)])
        best("keben, PDF and EPUB", [KEBEN, "export", one, "-o", str(out)])
        start = best("python, import typst (start only)", [sys.executable, "-c", "import typst"])
        theirs = best("typst, PDF", [sys.executable, "-c", COMPILE, str(typst[0]), str(out / "t.pdf"), fonts])
        best("pandoc, EPUB", ["pandoc", str(markdown[0]), "-o", str(out / "p.epub")])
        best("ebook-convert, EPUB", ["ebook-convert", str(markdown[0]), str(out / "c.epub")], runs=2)
        print(f"keben : typst = 1 : {theirs / ours:.1f}, without the interpreter's start 1 : {(theirs - start) / ours:.1f}")

        print(f"\n{MANY} such articles")
        batch = [KEBEN, "batch", str(folder / "in"), "-o", str(folder / "many"), "--force"]
        best("keben batch, PDF and EPUB", batch, runs=3, each=MANY)
        single = best("keben batch, one worker", batch + ["--jobs", "1"], runs=3, each=MANY)
        double = best("keben batch, two workers", batch + ["--jobs", "2"], runs=3, each=MANY)
        print(f"two workers are {single / double:.2f} times as fast as one")
        best("keben batch, PDF", batch + ["--to", "pdf"], runs=3, each=MANY)
        loop = [sys.executable, "-c", LOOP, str(typst[0]), fonts] + [str(p) for p in typst]
        best("typst, PDF, one process for all", loop, runs=1, each=MANY)
        shell = 'for f in "$@"; do pandoc "$f" -o "$f.epub"; done'
        best("pandoc, EPUB", ["sh", "-c", shell, "sh"] + [str(p) for p in markdown], runs=1, each=MANY)


main()
