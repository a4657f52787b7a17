//! What an import did: recognised, removed, repaired, listed. As text and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::evidence::furniture::Reason;
use crate::clean::Repair;
use crate::diagnostic::{Diagnostic, Locale};

/// The account of one import.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What kind of input it was: `text`, `html`, ….
    pub kind: &'static str,
    /// The encoding and how it was found out.
    pub encoding: Option<(String, &'static str)>,
    /// What was recognised.
    pub findings: Vec<Finding>,
    /// What was left out.
    pub removals: Vec<Removed>,
    /// What the clean step changed.
    pub repairs: Vec<Repair>,
    /// Pictures and what became of them.
    pub pictures: Vec<PictureNote>,
    /// Warnings: broken bytes, parts that could not be read.
    pub warnings: Vec<Diagnostic>,
}

/// Something that was recognised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Field or kind of block: `title`, `authors`, `heading`, `figure`, ….
    pub field: &'static str,
    /// Its value, or its beginning.
    pub value: String,
    /// How sure it is, 0 to 1, to two places.
    pub confidence: f32,
    /// The evidence.
    pub evidence: &'static str,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Removed {
    /// Line in the source, or number of the block where lines mean nothing; from 1.
    pub line: u32,
    /// What it said.
    pub text: String,
    reason: Reason,
}

/// What became of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PictureNote {
    /// Its address in the source, shortened if it is data.
    pub src: String,
    /// What became of it.
    pub fate: PictureFate,
    /// Why it is not there, or what it was saved as.
    pub note: String,
}

/// What became of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFate {
    /// Taken from a file or from the input itself.
    Copied,
    /// Fetched from the web.
    Fetched,
    /// On the web, not fetched.
    Listed,
    /// Not there, or not usable.
    Missing,
    /// A tracker, an icon or a decoration: left out.
    Dropped,
}

impl Report {
    /// An account of an import of this kind.
    pub(crate) fn new(kind: &'static str) -> Self {
        Self { kind, ..Self::default() }
    }

    pub(crate) fn found(
        &mut self,
        field: &'static str,
        value: impl Into<String>,
        confidence: f32,
        evidence: &'static str,
    ) {
        let confidence = (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0;
        self.findings.push(Finding { field, value: value.into(), confidence, evidence });
    }

    pub(crate) fn removed(&mut self, line: u32, text: &str, reason: Reason) {
        self.removals.push(Removed { line, text: text.to_owned(), reason });
    }

    pub(crate) fn picture(&mut self, src: &str, fate: PictureFate, note: impl Into<String>) {
        let src = if src.starts_with("data:") {
            src.chars().take(24).chain(['…']).collect()
        } else {
            src.to_owned()
        };
        self.pictures.push(PictureNote { src, fate, note: note.into() });
    }

    /// How sure a field is; 0 where it was not found.
    pub fn confidence(&self, field: &str) -> f32 {
        self.findings.iter().filter(|f| f.field == field).map(|f| f.confidence).fold(0.0, f32::max)
    }

    /// Number of repairs.
    pub fn repair_count(&self) -> usize {
        self.repairs.iter().map(|r| r.count).sum()
    }

    /// Lines for people.
    pub fn to_text(&self, locale: Locale) -> String {
        let zh = locale == Locale::Zh;
        let mut out = String::new();
        let mut line = |text: String| {
            let _ = writeln!(out, "{text}"); // writing to a String can't fail
        };
        let head = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
        let encoding = self
            .encoding
            .as_ref()
            .map(|(name, how)| format!(", {name} ({how})"))
            .unwrap_or_default();
        line(format!("{}: {}{encoding}", head("kind", "类型"), self.kind));
        line(head("recognised", "识别"));
        for f in &self.findings {
            line(format!(
                "  {:<12} {:>3.0}%  {}  [{}]",
                f.field,
                f.confidence * 100.0,
                f.value,
                f.evidence
            ));
        }
        if !self.removals.is_empty() {
            line(format!("{} ({})", head("removed", "移除"), self.removals.len()));
        }
        for r in &self.removals {
            let (en, cn) = r.reason.words();
            line(format!(
                "  {:>4}  [{}] {}",
                r.line,
                if zh { cn } else { en },
                super::recognise::shorten(&r.text)
            ));
        }
        if !self.repairs.is_empty() {
            line(format!("{} ({})", head("repaired", "修复"), self.repair_count()));
        }
        for r in &self.repairs {
            line(format!(
                "  {:<12} {:>4}  {}",
                r.rule.name(),
                r.count,
                r.samples.iter().map(|(a, b)| format!("{a} → {b}")).collect::<Vec<_>>().join("; ")
            ));
        }
        if !self.pictures.is_empty() {
            line(format!("{} ({})", head("pictures", "图片"), self.pictures.len()));
        }
        for p in &self.pictures {
            let fate = match (p.fate, zh) {
                (PictureFate::Copied, false) => "copied",
                (PictureFate::Copied, true) => "已复制",
                (PictureFate::Fetched, false) => "fetched",
                (PictureFate::Fetched, true) => "已下载",
                (PictureFate::Listed, false) => "on the web, not fetched",
                (PictureFate::Listed, true) => "网络图片，未下载",
                (PictureFate::Missing, false) => "missing",
                (PictureFate::Missing, true) => "缺失",
                (PictureFate::Dropped, false) => "left out",
                (PictureFate::Dropped, true) => "略去",
            };
            line(format!("  {fate}: {} {}", p.src, p.note));
        }
        out
    }

    /// One JSON object for programs.
    pub fn to_json(&self, input: &str, outputs: &[String]) -> serde_json::Value {
        serde_json::json!({
            "version": 1,
            "input": input,
            "outputs": outputs,
            "kind": self.kind,
            "encoding": self.encoding.as_ref().map(|(name, how)| serde_json::json!({"name": name, "found_by": how})),
            "recognised": self.findings.iter().map(|f| serde_json::json!({
                "field": f.field, "value": f.value, "evidence": f.evidence,
                "confidence": (f64::from(f.confidence) * 100.0).round() / 100.0,
            })).collect::<Vec<_>>(),
            "removed": self.removals.iter().map(|r| serde_json::json!({
                "line": r.line, "text": r.text, "reason": r.reason.words().0,
            })).collect::<Vec<_>>(),
            "repaired": self.repairs.iter().map(|r| serde_json::json!({
                "rule": r.rule.name(), "count": r.count, "samples": r.samples,
            })).collect::<Vec<_>>(),
            "pictures": self.pictures,
            "warnings": self.warnings.iter().map(|w| w.message.en.clone()).collect::<Vec<_>>(),
        })
    }
}
