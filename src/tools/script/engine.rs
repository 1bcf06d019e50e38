//! QuickJS under limits of time, memory and stack. What is here runs in the sandbox's own process.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use rquickjs::{
    CatchResultExt as _, CaughtError, Context, Ctx, Function, Object, Promise, Runtime, Value, context::EvalOptions,
};
use serde::{Deserialize, Serialize};

/// The stack that scripts may use. The thread that runs them has [`THREAD_STACK`]: QuickJS looks only at its own
/// functions whether there is room left.
const STACK: usize = 1 << 20;

/// The stack of the thread that runs a script.
pub const THREAD_STACK: usize = 16 << 20;

/// Bytes that are kept back, so that what a script without memory threw can still be shown.
const KEPT_BACK: usize = 1 << 20;

/// The most bytes that a script may write to the console in all.
const MAX_OUTPUT: usize = 60 * 1024;

/// The most characters of a value that is shown.
const MAX_VALUE: usize = 64 * 1024;

/// Output is gathered for as long, and until there is so much.
const GATHER: Duration = Duration::from_millis(50);
const GATHER_BYTES: usize = 4 * 1024;

const PRELUDE: &str = include_str!("prelude.js");
const NAME: &str = "script.js";

/// What a script may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may hold.
    pub memory: usize,
}

/// Why a script gave no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// It took longer than it may.
    Time,
    /// It threw, or could not be run; in words.
    Threw(String),
}

/// Runs a script to its end, promises too; gives its last value, shown as text. `print` gets what it writes to the
/// console, some lines at a time.
pub fn evaluate(code: &str, limits: Limits, print: impl FnMut(String) + 'static) -> Result<String, Fault> {
    let output = Rc::new(RefCell::new(Output::new(print)));
    let ended = run(code, limits, &output);
    output.borrow_mut().flush();
    ended
}

fn run(code: &str, limits: Limits, output: &Rc<RefCell<Output>>) -> Result<String, Fault> {
    let broken = |error: rquickjs::Error| Fault::Threw(format!("The script could not be started: {error}."));
    let until = Instant::now() + limits.time;
    let expired = Rc::new(Cell::new(false));
    let runtime = Runtime::new().map_err(broken)?;
    runtime.set_memory_limit(limits.memory.saturating_add(KEPT_BACK));
    runtime.set_max_stack_size(STACK);
    let (late, gathered) = (expired.clone(), output.clone());
    runtime.set_interrupt_handler(Some(Box::new(move || {
        // While it prints, the output is taken.
        if let Ok(mut output) = gathered.try_borrow_mut() {
            output.flush_if_due();
        }
        late.set(late.get() || Instant::now() >= until);
        late.get()
    })));
    let context = Context::full(&runtime).map_err(broken)?;
    let ended = context.with(|ctx| {
        let tools = prelude(&ctx, output.clone()).map_err(broken)?;
        let mut settled = settle(&ctx, &tools, code, false);
        // `return` stands only in functions; people and models write it at the end of a script all the same.
        if let Err(Unsettled::Unreadable(why)) = settled {
            settled = match settle(&ctx, &tools, &format!("await (async () => {{{code}\n}})()"), true) {
                Err(Unsettled::Unreadable(_)) => Err(Unsettled::Threw(why)),
                settled => settled,
            };
        }
        // What was begun and is not waited for is brought to its end, too.
        while !expired.get() && ctx.execute_pending_job() {
            // Short jobs may follow one another for ever without the engine ever looking at the time.
            expired.set(expired.get() || Instant::now() >= until);
        }
        settled
    });
    match ended {
        _ if expired.get() => Err(Fault::Time),
        Ok(text) => Ok(text),
        Err(Unsettled::Threw(words) | Unsettled::Unreadable(words)) => Err(Fault::Threw(words)),
    }
}

/// Why there is no value.
enum Unsettled {
    /// It is no JavaScript; nothing ran.
    Unreadable(String),
    /// It threw.
    Threw(String),
}

impl From<Fault> for Unsettled {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Time => Self::Threw(String::new()),
            Fault::Threw(words) => Self::Threw(words),
        }
    }
}

fn prelude<'js>(ctx: &Ctx<'js>, output: Rc<RefCell<Output>>) -> rquickjs::Result<Object<'js>> {
    let print = Function::new(ctx.clone(), move |text: String| output.borrow_mut().add(&text))?;
    ctx.eval::<Function<'js>, _>(PRELUDE)?.call((print, MAX_VALUE, KEPT_BACK))
}

/// The value of a script, shown.
fn settle<'js>(ctx: &Ctx<'js>, tools: &Object<'js>, code: &str, wrapped: bool) -> Result<String, Unsettled> {
    let words = |caught: CaughtError<'js>| words(ctx, tools, caught);
    let mut options = EvalOptions::default();
    (options.promise, options.strict, options.filename) = (true, false, Some(NAME.to_owned()));
    // A script that can be read throws only through its promise.
    let promise: Promise<'js> = ctx.eval_with_options(code, options).catch(ctx).map_err(|caught| {
        let words = words(caught);
        if wrapped || words.starts_with("SyntaxError") { Unsettled::Unreadable(words) } else { Unsettled::Threw(words) }
    })?;
    let settled = || -> rquickjs::Result<String> {
        let result: Value<'js> = promise.finish()?;
        let value: Promise<'js> = tools.get::<_, Function<'js>>("settle")?.call((result,))?;
        let value: Value<'js> = value.finish()?;
        tools.get::<_, Function<'js>>("shown")?.call((value,))
    };
    settled().catch(ctx).map_err(|caught| Unsettled::Threw(words(caught)))
}

/// What was thrown, in words.
fn words<'js>(ctx: &Ctx<'js>, tools: &Object<'js>, caught: CaughtError<'js>) -> String {
    // Showing needs memory, of which there may be none left.
    let _ = tools.remove("kept_back");
    let thrown = match caught {
        CaughtError::Error(rquickjs::Error::WouldBlock) => {
            return "It waits for a promise that nothing will ever resolve: there are no timers and no network here."
                .to_owned();
        }
        CaughtError::Error(error) => return error.to_string(),
        CaughtError::Exception(exception) => exception.into_object().into_value(),
        // The engine's last resort where there is no memory for an error.
        CaughtError::Value(value) if value.is_null() => return "It threw null, or took too much memory.".to_owned(),
        CaughtError::Value(value) => value,
    };
    let shown = || -> rquickjs::Result<String> { tools.get::<_, Function<'js>>("shown")?.call((thrown,)) };
    shown().catch(ctx).unwrap_or_else(|_| "It threw something that cannot be shown.".to_owned())
}

/// The console.
struct Output {
    print: Box<dyn FnMut(String)>,
    gathered: String,
    since: Instant,
    left: usize,
}

impl Output {
    fn new(print: impl FnMut(String) + 'static) -> Self {
        Self { print: Box::new(print), gathered: String::new(), since: Instant::now(), left: MAX_OUTPUT }
    }

    fn add(&mut self, text: &str) {
        if self.left == 0 {
            return;
        }
        let (kept, dropped) = text.split_at(text.floor_char_boundary(self.left.min(text.len())));
        self.gathered.push_str(kept);
        self.left -= kept.len();
        if !dropped.is_empty() {
            self.left = 0;
            self.gathered.push_str("\n[The rest of the output is left out.]\n");
        }
        self.flush_if_due();
    }

    fn flush_if_due(&mut self) {
        if self.gathered.len() >= GATHER_BYTES || self.since.elapsed() >= GATHER {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.since = Instant::now();
        if !self.gathered.is_empty() {
            (self.print)(std::mem::take(&mut self.gathered));
        }
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
