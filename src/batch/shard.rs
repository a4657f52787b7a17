//! Shards: the part of the inputs that one of several machines makes.
//!
//! An input belongs to a shard by a hash of its name, never by its position, so that every machine
//! comes to the same division by itself and new inputs do not move old ones.

use std::str::FromStr;

use sha2::{Digest, Sha256};

/// One part of `of` equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1 to `of`.
    index: u32,
    /// How many parts there are, at least 1.
    of: u32,
}

/// Why a shard is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// Not one of the forms there are.
    #[error("'{0}' is not a shard: write I/N with 1 <= I <= N, auto, or auto/N")]
    Form(String),
    /// No scheduler has said which part this is.
    #[error("no scheduler says which shard this is: {0} are not set")]
    NoScheduler(String),
    /// The scheduler does not say how many parts there are.
    #[error("{0} says which shard this is, but nothing says of how many: write auto/N")]
    NoCount(&'static str),
    /// The scheduler's numbers make no sense.
    #[error("{name}={value} is not a shard of {of}")]
    Range {
        /// Name of the variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// Number of parts.
        of: u32,
    },
}

/// How a scheduler tells a task its number.
struct Scheduler {
    /// Variable with the number.
    index: &'static str,
    /// Variable with the lowest number; without it numbers begin at 0.
    first: Option<&'static str>,
    /// Variable with the highest number, where gaps are possible.
    last: Option<&'static str>,
    /// Variable with the distance of numbers.
    step: Option<&'static str>,
    /// Variable with the number of tasks.
    count: Option<&'static str>,
}

/// Kubernetes: "Indexed Job", Job API `completionMode`. Slurm: sbatch(1), "Output environment
/// variables". AWS Batch: "Array jobs".
const SCHEDULERS: [Scheduler; 3] = [
    Scheduler {
        index: "JOB_COMPLETION_INDEX",
        first: None,
        last: None,
        step: None,
        count: None, // a Job's `completions` is not passed on to its pods
    },
    Scheduler {
        index: "SLURM_ARRAY_TASK_ID",
        first: Some("SLURM_ARRAY_TASK_MIN"),
        last: Some("SLURM_ARRAY_TASK_MAX"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
    },
    Scheduler {
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: None,
        last: None,
        step: None,
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
    },
];

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Whether this is everything.
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// Whether the input of this name belongs here.
    ///
    /// The name's SHA-256 decides (first 8 bytes, big-endian, modulo the number of parts): the same
    /// on every machine and in every version.
    pub fn holds(self, name: &str) -> bool {
        if self.of == 1 {
            return true;
        }
        let digest = Sha256::digest(name.as_bytes());
        let number = digest.iter().take(8).fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        number % u64::from(self.of) == u64::from(self.index - 1)
    }

    /// Reads `I/N`, `auto` or `auto/N`.
    ///
    /// - `variable`: looks a variable of the environment up.
    ///
    /// # Errors
    /// See [`ShardError`].
    pub fn read(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ShardError> {
        match text.split_once('/') {
            None if text == "auto" => Self::of_scheduler(None, variable),
            Some(("auto", of)) => {
                let of = of.parse().ok().filter(|n| *n > 0);
                let of: u32 = of.ok_or_else(|| ShardError::Form(text.to_owned()))?;
                Self::of_scheduler(Some(of), variable)
            }
            _ => text.parse(),
        }
    }

    fn of_scheduler(
        given: Option<u32>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ShardError> {
        let number = |name: Option<&str>| -> Option<u32> { variable(name?)?.trim().parse().ok() };
        for scheduler in &SCHEDULERS {
            let Some(value) = variable(scheduler.index) else { continue };
            let first = number(scheduler.first).unwrap_or(0);
            let step = number(scheduler.step).unwrap_or(1).max(1);
            // The highest number says more than the count: a part of an array may run again alone.
            let counted = number(scheduler.last).map(|last| last.saturating_sub(first) / step + 1);
            let of = given
                .or(counted)
                .or_else(|| number(scheduler.count))
                .ok_or(ShardError::NoCount(scheduler.index))?;
            let at = value.trim().parse::<u32>().ok().and_then(|n| n.checked_sub(first));
            return match at.map(|n| n / step) {
                Some(at) if at < of => Ok(Self { index: at + 1, of }),
                _ => Err(ShardError::Range { name: scheduler.index, value, of }),
            };
        }
        let names: Vec<&str> = SCHEDULERS.iter().map(|s| s.index).collect();
        Err(ShardError::NoScheduler(names.join(", ")))
    }

    /// `3-of-8`, for names of files.
    pub(super) fn label(self) -> String {
        format!("{}-of-{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    /// Reads `I/N`, `I` from 1.
    fn from_str(text: &str) -> Result<Self, ShardError> {
        let numbers = text.split_once('/').and_then(|(index, of)| {
            Some((index.trim().parse::<u32>().ok()?, of.trim().parse::<u32>().ok()?))
        });
        match numbers {
            Some((index, of)) if index >= 1 && index <= of => Ok(Self { index, of }),
            _ => Err(ShardError::Form(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(text: &str, set: &[(&str, &str)]) -> Result<Shard, ShardError> {
        let variable =
            |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Shard::read(text, &variable)
    }

    #[test]
    fn every_name_belongs_to_just_one_shard_and_shards_are_even() {
        let mut sizes = [0; 7];
        for n in 0..7000 {
            let name = format!("文集/{n}.md");
            let holders: Vec<u32> =
                (1..=7).filter(|i| Shard { index: *i, of: 7 }.holds(&name)).collect();
            assert_eq!(holders.len(), 1, "{name}");
            sizes[holders[0] as usize - 1] += 1;
        }
        assert!(sizes.iter().all(|size| (850..1150).contains(size)), "{sizes:?}");
    }

    #[test]
    fn the_division_never_changes() {
        // Fixed by hand: another value would make every machine of a running job disagree.
        let shards: Vec<u32> = ["a.md", "b/c.yaml", "文.json"]
            .iter()
            .map(|name| (1..=4).find(|i| Shard { index: *i, of: 4 }.holds(name)).unwrap())
            .collect();
        assert_eq!(shards, [2, 4, 3]);
    }

    #[test]
    fn schedulers_say_which_shard_this_is() {
        let shard = |index, of| Ok(Shard { index, of });
        assert_eq!(auto("auto/8", &[("JOB_COMPLETION_INDEX", "0")]), shard(1, 8));
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "15"),
            ("SLURM_ARRAY_TASK_MIN", "5"),
            ("SLURM_ARRAY_TASK_MAX", "20"),
            ("SLURM_ARRAY_TASK_STEP", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ];
        assert_eq!(auto("auto", &slurm), shard(3, 4));
        let aws = [("AWS_BATCH_JOB_ARRAY_INDEX", "9"), ("AWS_BATCH_JOB_ARRAY_SIZE", "10")];
        assert_eq!(auto("auto", &aws), shard(10, 10));
        assert_eq!(
            auto("auto", &[("JOB_COMPLETION_INDEX", "0")]),
            Err(ShardError::NoCount("JOB_COMPLETION_INDEX"))
        );
        assert!(matches!(auto("auto", &[]), Err(ShardError::NoScheduler(_))));
        assert!(auto("auto/8", &[("JOB_COMPLETION_INDEX", "8")]).is_err());
    }

    #[test]
    fn other_forms_are_refused() {
        for wrong in ["", "0/4", "5/4", "4", "1/0", "a/b", "auto/0", "auto/x", "-1/2"] {
            assert!(auto(wrong, &[]).is_err(), "{wrong}");
        }
        assert_eq!(auto("2/4", &[]), Ok(Shard { index: 2, of: 4 }));
    }
}
