//! MCP servers that people run, from npm and PyPI; kept by `tests/support/mcp.sh`. Used by several test binaries.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

/// How long one may take to listen: Python loads for many seconds on a busy machine.
const START: Duration = Duration::from_secs(90);

/// Where they are; `None`, with a word about what is left out, where they cannot be got.
pub fn installed() -> Option<&'static Path> {
    static PLACE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let install = || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/mcp.sh");
        let done = Command::new(script).arg("install").output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "the servers cannot be installed:\n{told}");
        let place = String::from_utf8_lossy(&done.stdout).trim().to_owned();
        if place.is_empty() {
            // Past the capture of test output: everyone shall see it.
            let _ = writeln!(std::io::stderr(), "\n{told}");
            return None;
        }
        Some(PathBuf::from(place))
    };
    PLACE.get_or_init(install).as_deref()
}

/// A server from npm: its program.
pub fn of_npm(name: &str) -> Option<String> {
    Some(installed()?.join("node_modules/.bin").join(name).to_str().unwrap().to_owned())
}

/// A server from PyPI: its program.
pub fn of_pypi(name: &str) -> Option<String> {
    Some(installed()?.join("venv/bin").join(name).to_str().unwrap().to_owned())
}

/// A server at an address of its own; ended with this.
pub struct Listening {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Listening {
    /// Starts what `command` makes for a free port, and waits until it listens.
    pub fn start(command: impl FnOnce(u16) -> Command) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = command(port);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut listening = Self { child, port };
        let end = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "it does not listen: {command:?}");
            assert!(listening.child.try_wait().unwrap().is_none(), "it ended: {command:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        listening
    }

    /// `server-everything` over streamable HTTP.
    pub fn everything() -> Option<Self> {
        let program = of_npm("mcp-server-everything")?;
        Some(Self::start(|port| {
            let mut command = Command::new(program);
            command.arg("streamableHttp").env("PORT", port.to_string());
            command
        }))
    }

    /// A server of ours made with FastMCP.
    pub fn fastmcp() -> Option<Self> {
        let program = installed()?.join("fastmcp/bin/python");
        Some(Self::start(|port| {
            let mut command = Command::new(program);
            command
                .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/fastmcp_server.py"))
                .arg(port.to_string());
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            command
        }))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
