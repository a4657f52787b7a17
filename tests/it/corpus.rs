//! Generated articles for tests and measurements: the same ones on every machine.
//!
//! Their sentences are the sample packet's, drawn in an order that a simple generator of numbers
//! decides, so that characters are as frequent as in real text and no two articles are alike.

use std::fmt::Write as _;
use std::path::Path;

/// Sources of sentences.
const TEXTS: [&str; 7] = [
    include_str!("../../input/article.md"),
    include_str!("../../input/study-packet/articles/01-consensus.json"),
    include_str!("../../input/study-packet/articles/02-connection.yaml"),
    include_str!("../../input/study-packet/articles/12-mixed.md"),
    include_str!("../../input/study-packet/articles/21-peach-blossom-spring.md"),
    include_str!("../../input/study-packet/articles/22-letters.toml"),
    include_str!("../../input/study-packet/articles/24-neighbours.yaml"),
];

/// What a corpus is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Articles of 4,000 characters in three faces, without pictures: for comparing speeds.
    Even,
    /// Lengths from 300 to 9,000 characters, several formats, pictures in every fifth.
    Varied,
    /// As `Varied`, but short: 60 to 300 characters.
    Tiny,
}

/// Numbers that look random and are the same everywhere (a linear congruential generator with
/// Knuth's MMIX constants).
pub struct Numbers(pub u64);

impl Numbers {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// Sentences of running Chinese text, without markup.
pub fn sentences() -> Vec<String> {
    let is_plain = |c: char| {
        ('\u{4E00}'..='\u{9FFF}').contains(&c) || "，。；：、？！“”‘’《》（）—…".contains(c)
    };
    let mut found = Vec::new();
    for text in TEXTS {
        for stretch in text.split(|c: char| !is_plain(c)) {
            let whole = stretch.split_inclusive(['。', '？', '！']);
            let long = |s: &&str| s.chars().count() >= 12 && s.ends_with(['。', '？', '！']);
            let opened = |s: &&str| !s.starts_with(['，', '。', '”', '’', '》', '）', '、', '；']);
            let paired = |s: &&str| s.matches('“').count() == s.matches('”').count();
            found.extend(whole.filter(long).filter(opened).filter(paired).map(str::to_owned));
        }
    }
    found
}

/// One article.
pub struct Generated {
    pub title: String,
    pub date: String,
    pub author: &'static str,
    pub paragraphs: Vec<String>,
    pub note: String,
    pub picture: bool,
}

/// The article of a number.
pub fn article(number: usize, kind: Kind, sentences: &[String]) -> Generated {
    let mut numbers = Numbers(number as u64 + 1);
    let length = match kind {
        Kind::Even => 4000,
        Kind::Varied => 300 + numbers.below(3000) * (1 + numbers.below(3)),
        Kind::Tiny => 60 + numbers.below(240),
    };
    let mut paragraphs = Vec::new();
    let mut written = 0;
    while written < length {
        let mut paragraph = String::new();
        for _ in 0..2 + numbers.below(5) {
            if written < length {
                let sentence = &sentences[numbers.below(sentences.len())];
                written += sentence.chars().count();
                paragraph.push_str(sentence);
            }
        }
        paragraphs.push(paragraph);
    }
    let word: String = sentences[numbers.below(sentences.len())].chars().take(8).collect();
    let word = word.trim_end_matches(['，', '、', '；', '：', '“', '‘', '《', '（', '—']);
    let day = numbers.below(28) + 1;
    Generated {
        title: format!("第{number}篇　{word}"),
        date: format!("{}-{:02}-{day:02}", 2000 + numbers.below(25), numbers.below(12) + 1),
        author: ["任贤良", "顾言", "王维", "Ada Lovelace"][numbers.below(4)],
        note: sentences[numbers.below(sentences.len())].clone(),
        picture: kind != Kind::Even && number.is_multiple_of(5),
        paragraphs,
    }
}

impl Generated {
    /// As JSON on one line.
    pub fn to_json(&self) -> String {
        let mut body = Vec::new();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            if index % 6 == 3 {
                body.push(serde_json::json!({ "heading": format!("小标题{}", index / 6 + 1) }));
            }
            body.push(serde_json::json!(paragraph));
        }
        body.push(serde_json::json!({ "quote": self.note }));
        if self.picture {
            let figure =
                serde_json::json!({ "src": "images/a.png", "alt": "渐变", "caption": "图" });
            body.push(serde_json::json!({ "figure": figure }));
        }
        serde_json::json!({
            "title": self.title, "date": self.date, "authors": [self.author],
            "editor_note": self.note, "body": body,
        })
        .to_string()
    }

    /// As Markdown with front matter.
    pub fn to_markdown(&self) -> String {
        let mut out = format!(
            "---\ntitle: {}\ndate: {}\nauthors: [{}]\n---\n\n",
            self.title, self.date, self.author
        );
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            if index % 6 == 3 {
                let _ = write!(out, "## 小标题{}\n\n", index / 6 + 1);
            }
            let _ = write!(out, "{paragraph}\n\n");
        }
        let _ = writeln!(out, "> {}", self.note);
        if self.picture {
            out.push_str("\n![渐变](images/a.png)\n");
        }
        out
    }
}

/// Ways in which an article is broken.
const BREAKS: usize = 7;

/// Writes a corpus: article `n` is `DIR/NN/NNNNN.json` or `.md`, a hundred in each folder.
///
/// - `broken`: every how many articles one is broken, in a different way each time; 0 for none.
///
/// Returns how many are broken.
pub fn write(dir: &Path, count: usize, kind: Kind, broken: usize) -> usize {
    let sentences = sentences();
    let mut bad = 0;
    for number in 0..count {
        let folder = dir.join(format!("{:02}", number / 100));
        std::fs::create_dir_all(folder.join("images")).unwrap();
        if number % 100 == 0 {
            picture(&folder.join("images/a.png"), number);
        }
        let article = article(number, kind, &sentences);
        let markdown = kind != Kind::Even && number % 3 == 1;
        let ending = if markdown { "md" } else { "json" };
        let path = folder.join(format!("{number:05}.{ending}"));
        let text = if markdown { article.to_markdown() } else { article.to_json() };
        let is_broken = broken > 0 && number % broken == broken - 1;
        if is_broken {
            let (name, bytes) = damage(bad % BREAKS);
            std::fs::write(folder.join(format!("{number:05}.{name}")), bytes).unwrap();
            bad += 1;
        } else {
            std::fs::write(path, text).unwrap();
        }
    }
    bad
}

/// A file that can't be made, by the way it is broken.
fn damage(way: usize) -> (&'static str, Vec<u8>) {
    match way {
        0 => ("json", r#"{"title": "断了", "body": ["半"#.into()),
        1 => ("json", r#"{"titel": "错了", "body": ["文"]}"#.into()),
        2 => ("md", "---\ntitle: 缺图\n---\n\n![图](images/none.png)\n".into()),
        3 => ("md", vec![b'#', b' ', 0xD6, 0xD0, 0xCE, 0xC4]), // GB 18030
        4 => ("json", Vec::new()),
        5 => ("json", r#"{"title": "错日", "date": "2023-02-30", "body": ["文"]}"#.into()),
        _ => (
            "json",
            r#"{"title": "出走", "body": [{"figure": {"src": "../../../etc/passwd"}}]}"#.into(),
        ),
    }
}

/// A picture of 640 × 400 pixels.
fn picture(path: &Path, seed: usize) {
    let shade = (seed % 200) as u8;
    let pixels = image::RgbImage::from_fn(640, 400, |x, y| {
        image::Rgb([(x * 255 / 640) as u8, (y * 255 / 400) as u8, shade])
    });
    pixels.save(path).unwrap();
}
