//! The direction of lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The direction of lines
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WritingMode {
    /// Lines run from left to right, one below the other
    #[default]
    Horizontal,
    /// Lines run down, one to the left of the other; pages turn from right to left
    Vertical,
}

impl WritingMode {
    /// The other direction.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Horizontal => Self::Vertical,
            Self::Vertical => Self::Horizontal,
        }
    }
}
