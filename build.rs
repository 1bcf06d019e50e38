//! Packs the files of `static/`, and what the API tells of itself, once and for all, so that neither a server nor its start needs a packer.
//!
//! Tells the program from which commit it is built: `SAYSO_COMMIT` where it is set, as for a container or a packager
//! without the history; else, for a release, what git says. Without either it is not told, and `--version` names the
//! version alone. A debug build does not ask git: each commit would compile everything anew.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    pack_all(&out)?;
    println!("cargo::rerun-if-changed=src/api/openapi.json");
    fs::write(out.join("openapi.json.gz"), gzip(&fs::read("src/api/openapi.json")?)?)?;
    println!("cargo::rerun-if-env-changed=SAYSO_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    link_tightly();
    // What only one of both databases has is embedded as well; a new folder there is no change of any source file.
    println!("cargo::rerun-if-changed=migrations");
    let told = env::var("SAYSO_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = told.or_else(|| if is_release { of_git() } else { None });
    // It is shown on a page and in the text of `/metrics`.
    if let Some(commit) = commit.filter(|commit| commit.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')) {
        println!("cargo::rustc-env=SAYSO_COMMIT={commit}");
    }
    Ok(())
}

/// Writes `packed.rs`, a table of the packed forms of every file that are smaller than the file: its path followed by `.br`
/// or `.gz`, and the bytes.
fn pack_all(out: &Path) -> io::Result<()> {
    let mut packed = Vec::new();
    pack(Path::new("static"), "", &mut packed)?;
    let mut table = String::from("[");
    for (number, (path, bytes)) in packed.iter().enumerate() {
        let file = out.join(format!("{number}.packed"));
        fs::write(&file, bytes)?;
        table.push_str(&format!("({path:?}, include_bytes!({:?}).as_slice()),", file.display().to_string()));
    }
    table.push(']');
    fs::write(out.join("packed.rs"), table)
}

fn pack(folder: &Path, prefix: &str, packed: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            pack(&entry.path(), &format!("{path}/"), packed)?;
            continue;
        }
        let plain = fs::read(entry.path())?;
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 9, 20);
        brotli.write_all(&plain)?;
        let forms = [(format!("{path}.br"), brotli.into_inner()), (format!("{path}.gz"), gzip(&plain)?)];
        packed.extend(forms.into_iter().filter(|(_, bytes)| bytes.len() < plain.len()));
    }
    Ok(())
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(plain)?;
    gzip.finish()
}

/// A third of a release is code that is the same as other code, and addresses that the loader is to write: with Rust's own
/// linker, which is the default there, the one is kept once and the other packed. (The loader is that of glibc 2.36 or newer.)
fn link_tightly() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") {
        for argument in ["--icf=all", "-z,pack-relative-relocs"] {
            println!("cargo::rustc-link-arg-bins=-Wl,{argument}");
        }
    }
}

/// The commit that is checked out here. A folder that only lies inside of somebody else's repository is not asked for.
fn of_git() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let here = env::current_dir().ok()?;
    if Path::new(&top).canonicalize().ok()? != here.canonicalize().ok()? {
        return None;
    }
    // A commit or another branch changes one of them.
    for file in ["HEAD", "logs/HEAD"] {
        println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", file])?);
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}
