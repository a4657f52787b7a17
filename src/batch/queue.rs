//! The queue between finding and making, and the turn that brings results back into order.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::discover::{Discovery, Input};
use super::{BatchOptions, Stop, lock};

/// Inputs that wait for each worker: enough that none ever waits, few enough that records of a
/// stream take no room.
const WAITING: usize = 2;
/// Results that may wait for a slow one before them: some 500 bytes each, so that a book of an hour
/// holds nothing up and memory stays flat.
const WINDOW: u64 = 8192;
/// How often a worker that waits looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);

/// Where workers take inputs from.
pub(super) struct Jobs(Mutex<Receiver<Input>>);

/// Tells the finder how far the results have come.
pub(super) struct Feed(Arc<(Mutex<u64>, Condvar)>);

/// Starts finding inputs in a thread of its own, never further ahead than the queue is long.
///
/// The thread is not waited for: it may hang in a read of standard input when the run is stopped.
pub(super) fn feed(options: Arc<BatchOptions>, workers: usize, stop: Stop) -> (Jobs, Feed) {
    let (send, receive) = sync_channel(workers * WAITING);
    let reached = Arc::new((Mutex::new(0), Condvar::new()));
    let seen = Arc::clone(&reached);
    std::thread::spawn(move || find(&options, &send, &seen, &stop));
    (Jobs(Mutex::new(receive)), Feed(reached))
}

fn find(
    options: &BatchOptions,
    send: &SyncSender<Input>,
    reached: &(Mutex<u64>, Condvar),
    stop: &Stop,
) {
    for input in Discovery::new(options) {
        let mut done = lock(&reached.0);
        while input.index >= *done + WINDOW && !stop.asked() {
            done = match reached.1.wait_timeout(done, LOOK) {
                Ok((done, _)) => done,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        drop(done);
        if stop.asked() || send.send(input).is_err() {
            return;
        }
    }
}

impl Jobs {
    /// The next input; `None` when there are no more or the run should stop.
    pub(super) fn next(&self, stop: &Stop) -> Option<Input> {
        loop {
            // One worker at a time listens, so that inputs are taken in their order.
            let receiver = lock(&self.0);
            if stop.asked() {
                return None;
            }
            match receiver.recv_timeout(LOOK) {
                Ok(input) => return Some(input),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

impl Feed {
    /// All results before this one have been reported.
    pub(super) fn reported(&self, index: u64) {
        let mut reached = lock(&self.0.0);
        // Workers report in any order.
        *reached = index.max(*reached);
        drop(reached);
        self.0.1.notify_all();
    }
}

/// Brings results into the order of inputs: they may come in any order and are handed on in theirs.
pub(super) struct Turn<A, R> {
    inner: Mutex<Waiting<A, R>>,
}

struct Waiting<A, R> {
    accounts: A,
    next: u64,
    early: BTreeMap<u64, Option<R>>,
}

impl<A, R> Turn<A, R> {
    pub(super) fn new(accounts: A) -> Self {
        Self { inner: Mutex::new(Waiting { accounts, next: 0, early: BTreeMap::new() }) }
    }

    /// Takes the result of an input (`None`: it was another shard's) and hands on all whose turn
    /// it is.
    pub(super) fn deliver(&self, index: u64, result: Option<R>, mut enter: impl FnMut(&mut A, R)) {
        let mut waiting = lock(&self.inner);
        let waiting = &mut *waiting;
        waiting.early.insert(index, result);
        while let Some(result) = waiting.early.remove(&waiting.next) {
            waiting.next += 1;
            if let Some(result) = result {
                enter(&mut waiting.accounts, result);
            }
        }
    }

    /// The first input whose result has not been handed on.
    pub(super) fn reached(&self) -> u64 {
        lock(&self.inner).next
    }

    pub(super) fn into_inner(self) -> A {
        self.inner.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).accounts
    }
}

/// Lets the inputs do something strictly one after the other, in their order, from any thread.
///
/// Every input must take its place exactly once; inputs are taken from the queue in order, so the
/// one whose place it is, is always in the hands of a worker that does not wait.
pub(super) struct Line<T> {
    inner: Mutex<(u64, T)>,
    moved: Condvar,
}

impl<T> Line<T> {
    pub(super) fn new(shared: T) -> Self {
        Self { inner: Mutex::new((0, shared)), moved: Condvar::new() }
    }

    /// Waits for the place of an input, and moves the line on.
    pub(super) fn take<R>(&self, index: u64, act: impl FnOnce(&mut T) -> R) -> R {
        let mut inner = lock(&self.inner);
        while inner.0 != index {
            inner = self.moved.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let result = act(&mut inner.1);
        inner.0 += 1;
        self.moved.notify_all();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_handed_on_in_the_order_of_inputs() {
        let turn = Turn::new(Vec::new());
        for index in [3, 1, 0, 4, 2] {
            let result = (index != 2).then_some(index);
            turn.deliver(index, result, |seen, result| seen.push(result));
        }
        assert_eq!(turn.reached(), 5);
        assert_eq!(turn.into_inner(), [0, 1, 3, 4]);
    }

    #[test]
    fn the_line_moves_in_the_order_of_inputs_whatever_thread_comes_first() {
        let line = Line::new(Vec::new());
        std::thread::scope(|scope| {
            for index in (0..50).rev() {
                let line = &line;
                scope.spawn(move || line.take(index, |seen| seen.push(index)));
            }
        });
        assert_eq!(line.inner.into_inner().unwrap().1, (0..50).collect::<Vec<_>>());
    }
}
