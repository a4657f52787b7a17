#!/usr/bin/env python3
"""Writes one text in the forms that Keben, Typst and LaTeX read, for comparing their pages.

usage: make.py OUT_DIR

600 paragraphs of one to seven sentences are drawn from sentences.txt by a fixed linear
congruential generator: the same text every time. All three are asked for the same page: A4, Noto
Serif CJK SC 10.5 pt, 40 characters in a line, 17 pt from line to line, 42 lines, indents of two ems.
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
PARAGRAPHS = 600
TITLE = "市集、铅笔与图书馆"

MM = 72 / 25.4
SIZE, CHARS, PITCH, LINES = 10.5, 40, 17, 42
WIDTH, HEIGHT = 210 * MM, 297 * MM
SIDE = (WIDTH - CHARS * SIZE) / 2
TOP = (HEIGHT - (LINES - 1) * PITCH - SIZE) / 2


def paragraphs():
    sentences = HERE.joinpath("sentences.txt").read_text(encoding="utf-8").split("\n")
    sentences = [s for s in sentences if s]
    state = 20260630
    def draw(n):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % n
    out = []
    for _ in range(PARAGRAPHS):
        at = draw(len(sentences))
        count = 1 + draw(7)
        # Mostly in the order of the file, so that it reads as prose, with a leap now and then.
        chosen = []
        for _ in range(count):
            chosen.append(sentences[at % len(sentences)])
            at += 1 if draw(4) else draw(len(sentences))
        out.append("".join(chosen))
    return out


def keben(text):
    lines = [f'title: {TITLE}', 'language: zh-Hans', 'body:']
    lines += ['  - "' + p.replace('\\', '\\\\').replace('"', '\\"') + '"' for p in text]
    return "\n".join(lines) + "\n"


def typst(text):
    escaped = [
        "".join("\\" + c if c in "\\#$*_`<>@[]=-+/~" else c for c in p) for p in text
    ]
    head = f"""#set page(width: {WIDTH}pt, height: {HEIGHT}pt, margin: (x: {SIDE}pt, y: {TOP}pt))
#set text(font: "Noto Serif CJK SC", size: {SIZE}pt, lang: "zh", region: "cn",
  top-edge: 0.88em, bottom-edge: -0.12em)
#set par(justify: true, first-line-indent: (amount: 2em, all: true),
  leading: {PITCH - SIZE}pt, spacing: {PITCH - SIZE}pt)
"""
    return head + "\n\n".join(escaped) + "\n"


def latex(text):
    special = {"%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_", "²": r"$^2$"}
    escaped = ["".join(special.get(c, c) for c in p) for p in text]
    fonts = HERE.parent.parent.joinpath("fonts").resolve()
    head = rf"""\documentclass[a4paper]{{article}}
\usepackage[fontset=none,zihao=false,heading=false,linespread=1]{{ctex}}
\usepackage[papersize={{{WIDTH}bp,{HEIGHT}bp}},textwidth={CHARS * SIZE}bp,
  textheight={(LINES - 1) * PITCH + SIZE}bp,left={SIDE}bp,top={TOP}bp,headheight=0pt,headsep=0pt]{{geometry}}
\setCJKmainfont[Path={fonts}/,FontIndex=2]{{NotoSerifCJK-Regular.ttc}}
\setmainfont[Path={fonts}/,FontIndex=2]{{NotoSerifCJK-Regular.ttc}}
\pagestyle{{empty}}
\setlength{{\topskip}}{{{SIZE * 0.88}bp}}
\setlength{{\parskip}}{{0pt}}
\AtBeginDocument{{\fontsize{{{SIZE}bp}}{{{PITCH}bp}}\selectfont
  \setlength{{\parindent}}{{2\ccwd}}}}
\begin{{document}}
"""
    return head + "\n\n".join(escaped) + "\n\\end{document}\n"


THEME = f"""name = "comparison"
description = ["The page of docs/comparison.md", "对比用版面"]
small = 8.5
small-pitch = 13

[page]
paper = "A4"
size = {SIZE}
pitch = {PITCH}
chars = {CHARS}
lines = {LINES}

[title]
size = 18
face = "bold"
lines = 3
align = "center"

[[headings]]
size = 14
face = "bold"
lines = 3
"""


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    text = paragraphs()
    for name, content in [
        ("text.txt", "\n".join(text) + "\n"),
        ("keben.yaml", keben(text)),
        ("keben.toml", THEME),
        ("typst.typ", typst(text)),
        ("ctex.tex", latex(text)),
    ]:
        out.joinpath(name).write_text(content, encoding="utf-8")
    print(f"{len(text)} paragraphs, {sum(map(len, text))} characters")


main()
