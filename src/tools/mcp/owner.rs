//! The one task that owns a connection: it is opened when needed, later after each fault, and closed when nobody
//! uses it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rand::RngExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    ConnectionKey, Fault, Limits, Listing, ServerSpec, State, Status, Tokens,
    connection::{self, Held, Lease, Making},
    http::Net,
    process::Tail,
};
use crate::types::Digest;

/// Wishes that may wait for the owner.
pub(super) const WISHES: usize = 64;
/// A wait after a fault that is waited for; a longer one is told at once.
const SHORT: Duration = Duration::from_secs(2);
/// How long a connection may take to show that it still answers.
const PROBE: Duration = Duration::from_secs(5);
/// How long a server that asks for an authorisation is left alone.
const UNAUTHORISED: Duration = Duration::from_secs(5);

/// What is asked of an owner.
pub(super) enum Wish {
    /// A connection, made if need be.
    Open(Arc<ServerSpec>, oneshot::Sender<Result<Lease, Fault>>),
    /// A new connection, whatever was before.
    Reconnect(Arc<ServerSpec>, oneshot::Sender<()>),
    /// The connection of that number did not answer somebody in time.
    Suspect(u64, Fault),
    /// The connection of that number answered somebody.
    Worked(u64),
}

/// What everybody knows of a connection.
#[derive(Default)]
pub(super) struct Shared {
    status: Mutex<Status>,
    last: Mutex<Option<Arc<Listing>>>,
    /// The last list does not hold any more.
    pub stale: Arc<AtomicBool>,
    pub tail: Arc<Tail>,
    /// One list at a time.
    pub listing: tokio::sync::Mutex<()>,
}

impl Shared {
    pub fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn last(&self) -> Option<Arc<Listing>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn keep(&self, listing: Arc<Listing>) {
        self.status().tools = Some(listing.tools.len());
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(listing);
    }
}

/// The owner.
pub(super) struct Owner {
    pub key: ConnectionKey,
    pub shared: Arc<Shared>,
    pub net: Net,
    pub tokens: Arc<dyn Tokens>,
    pub stop: CancellationToken,
    pub held: Option<Held>,
    /// What the held connection, or the last one, was made of.
    pub made_of: Option<(Digest, Limits)>,
    pub number: u64,
    pub retry_at: Option<Instant>,
}

impl Owner {
    /// Runs until it is stopped; then nothing is left.
    pub async fn run(mut self, mut wishes: mpsc::Receiver<Wish>) {
        loop {
            let closed = self.held.as_ref().map(|held| held.live.wire.closed.clone());
            let idle = self.held.as_ref().zip(self.made_of.as_ref()).map(|(held, (_, limits))| {
                // While it is used the time is looked at again after as long.
                held.live.idle_at(limits.idle).unwrap_or_else(|| Instant::now() + limits.idle)
            });
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                () = at_close(closed) => self.broke().await,
                wish = wishes.recv() => match wish {
                    Some(wish) => self.grant(wish).await,
                    None => break,
                },
                () = at(idle) => self.close_if_idle().await,
            }
        }
        self.close().await;
        self.shared.status().enter(State::Idle);
    }

    async fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Open(spec, reply) => {
                // Whoever went away meanwhile needs none.
                if !reply.is_closed() {
                    let opened = self.open(&spec).await;
                    let _ = reply.send(opened);
                }
            }
            Wish::Reconnect(spec, reply) => {
                self.close().await;
                self.retry_at = None;
                {
                    let mut status = self.shared.status();
                    status.faults = 0;
                    status.fault = None;
                    status.era = None;
                }
                let _ = self.open(&spec).await;
                let _ = reply.send(());
            }
            Wish::Suspect(number, fault) => self.probe(number, fault).await,
            Wish::Worked(number) => {
                if self.held.as_ref().is_some_and(|held| held.live.number == number) {
                    self.retry_at = None;
                    let mut status = self.shared.status();
                    status.faults = 0;
                    status.fault = None;
                    status.enter(State::Ready);
                }
            }
        }
    }

    async fn open(&mut self, spec: &ServerSpec) -> Result<Lease, Fault> {
        let made_of = (spec.launch.digest(), spec.limits.clone());
        if self.made_of.as_ref() != Some(&made_of) {
            self.close().await;
            self.retry_at = None;
            let mut status = self.shared.status();
            *status = Status { tools: status.tools, ..Status::default() };
        }
        self.made_of = Some(made_of);
        if let Some(held) = &self.held {
            if !held.live.wire.closed.is_cancelled() {
                return Ok(Lease::new(Arc::clone(&held.live)));
            }
            self.broke().await;
        }
        self.wait(&spec.limits).await?;
        self.shared.status().enter(State::Connecting);
        self.number += 1;
        let era = self.shared.status().era;
        let making = Making {
            key: &self.key,
            spec,
            era,
            number: self.number,
            net: &self.net,
            tokens: &self.tokens,
            stale: &self.shared.stale,
            tail: &self.shared.tail,
        };
        let opened = tokio::select! {
            opened = connection::open(making) => opened,
            () = self.stop.cancelled() => return Err(stopped()),
        };
        match opened {
            Ok(held) => {
                // What it offers may be something else than before.
                self.shared.stale.store(true, Ordering::Release);
                let mut status = self.shared.status();
                status.era = Some(held.live.era);
                status.protocol = Some(held.live.protocol.clone());
                status.server.clone_from(&held.live.server);
                status.enter(State::Ready);
                drop(status);
                let lease = Lease::new(Arc::clone(&held.live));
                self.held = Some(held);
                Ok(lease)
            }
            Err(fault) => {
                self.failed(fault.clone(), &spec.limits);
                Err(fault)
            }
        }
    }

    /// Waits as long as the last faults ask for, if that is short.
    async fn wait(&mut self, limits: &Limits) -> Result<(), Fault> {
        let Some(at) = self.retry_at else { return Ok(()) };
        let left = at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        let (faults, fault) = {
            let status = self.shared.status();
            (status.faults, status.fault.clone())
        };
        if let Some(fault @ Fault::NeedsAuthorisation { .. }) = fault {
            return Err(fault);
        }
        if left > SHORT || faults >= limits.faults {
            let seconds = left.as_secs() + 1;
            let why = fault.map(|fault| fault.to_string()).unwrap_or_default();
            return Err(Fault::NotSent(format!("{why} It is tried again in {seconds} s.").trim_start().to_owned()));
        }
        tokio::select! {
            () = tokio::time::sleep(left) => Ok(()),
            () = self.stop.cancelled() => Err(stopped()),
        }
    }

    /// Notes a fault and how long the server is left alone after it.
    fn failed(&mut self, fault: Fault, limits: &Limits) {
        let mut status = self.shared.status();
        if matches!(fault, Fault::NeedsAuthorisation { .. }) {
            self.retry_at = Some(Instant::now() + UNAUTHORISED);
            status.enter(State::NeedsAuthorisation);
        } else {
            status.faults = status.faults.saturating_add(1);
            // A server that was upgraded may go another way now.
            status.era = None;
            self.retry_at = Some(Instant::now() + pause(status.faults, limits));
            status.enter(State::Failed);
        }
        status.fault = Some(fault);
    }

    /// The connection closed by itself.
    async fn broke(&mut self) {
        let Some(held) = self.held.take() else { return };
        let era = held.live.era;
        let why = held.close().await.unwrap_or_else(|| "The connection to the server broke.".to_owned());
        self.fault_of_connection(Fault::NotSent(why), era);
    }

    /// A fault of a connection that was good: the way the server goes is still known.
    fn fault_of_connection(&mut self, fault: Fault, era: super::Era) {
        if let Some((_, limits)) = self.made_of.clone() {
            self.failed(fault, &limits);
            self.shared.status().era = Some(era);
        }
    }

    /// Somebody got no answer: if the connection does not answer now either, it is closed, and made anew when needed.
    async fn probe(&mut self, number: u64, fault: Fault) {
        let Some(live) = self.held.as_ref().map(|held| Arc::clone(&held.live)) else { return };
        if live.number != number {
            return;
        }
        if matches!(fault, Fault::NeedsAuthorisation { .. }) {
            self.close().await;
            self.fault_of_connection(fault, live.era);
            return;
        }
        self.shared.status().fault = Some(fault.clone());
        self.shared.status().enter(State::Degraded);
        let asked = super::listing::ask(&self.key.server, &live.peer);
        let answered = tokio::select! {
            // A refusal is an answer too: some servers have no tools.
            answered = tokio::time::timeout(PROBE, asked) => matches!(answered, Ok(Ok(_) | Err(Fault::Refused(_)))),
            () = self.stop.cancelled() => return,
        };
        if !answered {
            self.close().await;
            self.fault_of_connection(fault, live.era);
        }
    }

    async fn close_if_idle(&mut self) {
        let Some((_, limits)) = &self.made_of else { return };
        let idle_at = self.held.as_ref().and_then(|held| held.live.idle_at(limits.idle));
        if idle_at.is_some_and(|at| at <= Instant::now()) {
            self.close().await;
            self.shared.status().enter(State::Idle);
        }
    }

    async fn close(&mut self) {
        if let Some(held) = self.held.take() {
            held.close().await;
        }
    }
}

fn stopped() -> Fault {
    Fault::NotSent("The connection was closed.".to_owned())
}

/// How long a server is left alone after so many faults: twice as long each time, by chance up to a quarter more, so
/// that not all come back at once.
fn pause(faults: u32, limits: &Limits) -> Duration {
    let doubled = limits.first_wait.saturating_mul(1 << faults.saturating_sub(1).min(16));
    let pause = if faults >= limits.faults { limits.longest_wait } else { doubled.min(limits.longest_wait) };
    pause.mul_f64(rand::rng().random_range(1.0..1.25))
}

async fn at_close(closed: Option<CancellationToken>) {
    match closed {
        Some(closed) => closed.cancelled().await,
        None => std::future::pending().await,
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest() {
        let limits = Limits::default();
        for (faults, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 60), (40, 60)] {
            let pause = pause(faults, &limits);
            let least = Duration::from_secs(seconds);
            assert!(pause >= least && pause < least.mul_f64(1.25), "{faults}: {pause:?}");
        }
    }
}
