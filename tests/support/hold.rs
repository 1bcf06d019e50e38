//! Holds a tool run in its middle without a hook in the product: see `hold_fsync.c`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use tempfile::TempDir;

use super::{eventually, root, target};

/// While it holds, no file of a workspace gets synced, so a `write_file` stands still before its rename.
pub struct Hold {
    directory: TempDir,
}

impl Hold {
    /// Begins to hold.
    pub fn new() -> Self {
        let hold = Self { directory: TempDir::new().unwrap() };
        hold.close();
        hold
    }

    /// Holds from now on.
    pub fn close(&self) {
        fs::write(self.flag(), "").unwrap();
    }

    /// Lets everything go on.
    pub fn open(&self) {
        if let Err(fault) = fs::remove_file(self.flag()) {
            assert_eq!(fault.kind(), std::io::ErrorKind::NotFound, "{fault}");
        }
    }

    /// From now on the system says this error instead of syncing a file; without one it syncs again.
    pub fn fail(&self, error: Option<i32>) {
        let place = self.flag().with_extension("fail");
        match error {
            Some(error) => fs::write(place, error.to_string()).unwrap(),
            None => fs::remove_file(place).unwrap(),
        }
    }

    /// Waits until a tool stands still.
    pub async fn reached(&self) {
        eventually("a tool run reaches the sync of its file", async || (self.runs() > 0).then_some(())).await;
    }

    /// How often a file of a workspace was about to be synced: once for each run of `write_file`.
    pub fn runs(&self) -> usize {
        fs::read_to_string(self.flag().with_extension("reached")).unwrap_or_default().lines().count()
    }

    /// What the product's environment needs.
    pub fn environment(&self) -> [(String, String); 2] {
        let shim = shim().to_string_lossy().into_owned();
        [("LD_PRELOAD".into(), shim), ("HOLD_FILE".into(), self.flag().to_string_lossy().into_owned())]
    }

    fn flag(&self) -> PathBuf {
        self.directory.path().join("hold")
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.open();
    }
}

fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let built = target().join(format!("hold_fsync.{}.so", std::process::id()));
        let source = root().join("tests/support/hold_fsync.c");
        let cc = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .args([&built, &source])
            .arg("-ldl")
            .output()
            .unwrap();
        assert!(cc.status.success(), "{}", String::from_utf8_lossy(&cc.stderr));
        // Renamed into place, so that a binary that runs beside this one never loads half a file.
        let shim = target().join("hold_fsync.so");
        fs::rename(&built, &shim).unwrap();
        shim
    })
}
