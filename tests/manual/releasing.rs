//! What a build knows of itself, and the script that makes a release.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::support::root;

/// `build.rs` as cargo has made it for this build: the newest of those that are kept.
fn build_script() -> PathBuf {
    let kept = Path::new(env!("CARGO_BIN_EXE_sayso")).parent().unwrap().join("build");
    let ours = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.strip_prefix("sayso-").is_some_and(|hash| !hash.contains('-'))
    });
    let built = ours.map(|folder| folder.join("build-script-build")).filter(|program| program.exists());
    built.max_by_key(|program| program.metadata().unwrap().modified().unwrap()).expect("no build script")
}

/// The commit that it tells the build of in a folder.
fn told(program: &Path, folder: &Path, environment: &[(&str, &str)]) -> Option<String> {
    fs::create_dir_all(folder.join("static")).unwrap();
    fs::create_dir_all(folder.join("packed")).unwrap();
    fs::create_dir_all(folder.join("src/api")).unwrap();
    fs::write(folder.join("src/api/openapi.json"), "{}").unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("OUT_DIR", folder.join("packed"))
        .env("PATH", std::env::var_os("PATH").unwrap());
    // What lies above the folder is nobody's.
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap()).envs(environment.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("cargo::rerun-if-env-changed=SAYSO_COMMIT"), "{said}");
    said.lines().find_map(|line| line.strip_prefix("cargo::rustc-env=SAYSO_COMMIT=")).map(str::to_owned)
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments).current_dir(folder);
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_build_knows_its_commit_where_it_can_be_known() {
    let folder = TempDir::new().unwrap();
    let program = build_script();
    let source = folder.path().join("source");
    fs::create_dir(&source).unwrap();
    let release = [("PROFILE", "release")];
    // A source archive: no history. A container's build: told, or with an argument that was left empty.
    assert_eq!(told(&program, &source, &release), None);
    assert_eq!(told(&program, &source, &[("SAYSO_COMMIT", "1a2b3c4"), release[0]]).as_deref(), Some("1a2b3c4"));
    assert_eq!(told(&program, &source, &[("SAYSO_COMMIT", ""), release[0]]), None);
    // It stands on a page: nothing but a name gets there.
    assert_eq!(told(&program, &source, &[("SAYSO_COMMIT", "<b>\nx"), release[0]]), None);
    // A checkout.
    git(&source, &["init", "--quiet"]);
    assert_eq!(told(&program, &source, &release), None, "there is no commit yet");
    git(&source, &["commit", "--quiet", "--allow-empty", "--message", "First"]);
    let head = git(&source, &["rev-parse", "--short=12", "HEAD"]);
    assert_eq!(told(&program, &source, &release), Some(head));
    assert_eq!(told(&program, &source, &[("SAYSO_COMMIT", "mine"), release[0]]).as_deref(), Some("mine"));
    assert_eq!(told(&program, &source, &[("PROFILE", "debug")]), None, "a debug build compiles anew with each commit");
    // A folder inside of somebody else's repository is not theirs.
    let inner = source.join("vendor");
    fs::create_dir(&inner).unwrap();
    assert_eq!(told(&program, &inner, &[release[0], ("GIT_CEILING_DIRECTORIES", "/")]), None);
}

/// A repository in which `cargo` and `ldd` are stand-ins: what the script makes of what they give.
struct Workshop {
    home: TempDir,
}

impl Workshop {
    fn new() -> Self {
        let workshop = Self { home: TempDir::new().unwrap() };
        let source = workshop.source();
        for folder in ["deploy", "docs/pictures", "bin"] {
            fs::create_dir_all(source.join(folder)).unwrap();
        }
        for file in ["deploy/release.sh", "Cargo.toml"] {
            fs::copy(root().join(file), source.join(file)).unwrap();
        }
        for file in ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE", "docs/README.md"] {
            fs::write(source.join(file), file).unwrap();
        }
        fs::write(source.join("docs/pictures/a.png"), "a picture").unwrap();
        fs::write(source.join(".gitignore"), "/target\n/bin\n").unwrap();
        git(&source, &["init", "--quiet"]);
        git(&source, &["add", "."]);
        git(&source, &["commit", "--quiet", "--message", "First"]);
        workshop
    }

    fn source(&self) -> PathBuf {
        self.home.path().join("source")
    }

    /// Runs the script with a `cargo` that makes a program of so many bytes, which names this version, linked to that.
    fn run(&self, version: &str, bytes: usize, linked: &str) -> (bool, String) {
        use std::os::unix::fs::PermissionsExt as _;
        let bin = self.source().join("bin");
        let cargo = format!(
            "#!/bin/sh\nset -eu\nmkdir -p target/release\n\
             printf '#!/bin/sh\\necho \"{version} ($SAYSO_COMMIT)\"\\nexit 0\\n' > target/release/sayso\n\
             head -c {bytes} /dev/zero >> target/release/sayso\nchmod +x target/release/sayso\necho \"$@\" > target/asked\n"
        );
        for (name, text) in [("cargo", cargo), ("ldd", format!("#!/bin/sh\nprintf '{linked}'\n"))] {
            fs::write(bin.join(name), text).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut script = Command::new("deploy/release.sh");
        let output = script.current_dir(self.source()).env("PATH", path).env_remove("SAYSO_COMMIT").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }
}

/// What the program may be linked to, as `ldd` tells it.
const LINKED: &str = "\\tlinux-vdso.so.1 (0x1)\\n\\tlibgcc_s.so.1 => /lib/libgcc_s.so.1 (0x2)\\n\\tlibm.so.6 => /lib/libm.so.6 (0x3)\\n\
    \\tlibc.so.6 => /lib/libc.so.6 (0x4)\\n\\t/lib64/ld-linux-x86-64.so.2 (0x5)\\n";

#[test]
fn a_release_is_one_archive_with_its_sum() {
    let workshop = Workshop::new();
    let (version, target) = (env!("CARGO_PKG_VERSION"), workshop.source().join("target"));
    let named = format!("sayso {version}");
    for _ in 0..2 {
        let (is_made, said) = workshop.run(&named, 1 << 20, LINKED);
        assert!(is_made, "{said}");
        // Safe to run again: the same archive, to the byte.
        let made: Vec<_> = fs::read_dir(target.join("releases")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(made.len(), 2, "{made:?}");
    }
    assert_eq!(fs::read_to_string(target.join("asked")).unwrap().trim(), "build --release --locked --bin sayso");
    let archive = |extension: &str| {
        let found = fs::read_dir(target.join("releases")).unwrap().map(|entry| entry.unwrap().path());
        found.into_iter().find(|path| path.to_str().unwrap().ends_with(extension)).unwrap()
    };
    let sum =
        Command::new("sha256sum").arg("--check").arg(archive(".sha256")).current_dir(target.join("releases")).output();
    assert!(sum.unwrap().status.success());
    let listed = Command::new("tar").arg("-tzf").arg(archive(".tar.gz")).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for file in
        ["sayso", "LICENSE-MIT", "LICENSE-APACHE", "README.md", "CHANGELOG.md", "docs/README.md", "docs/pictures/a.png"]
    {
        assert!(
            listed
                .lines()
                .any(|line| line.starts_with(&format!("sayso-{version}-")) && line.ends_with(&format!("/{file}"))),
            "{file}:\n{listed}"
        );
    }
}

#[test]
fn what_is_no_release_is_not_made_into_one() {
    let workshop = Workshop::new();
    let named = format!("sayso {}", env!("CARGO_PKG_VERSION"));
    let refused = |version: &str, bytes: usize, linked: &str, words: &str| {
        let (is_made, said) = workshop.run(version, bytes, linked);
        assert!(!is_made && said.contains(words), "{said}");
        let left = fs::read_dir(workshop.source().join("target/releases")).map(Iterator::count).unwrap_or_default();
        assert_eq!(left, 0, "something was left");
    };
    refused(&named, 30 << 20, LINKED, "30 MiB");
    refused("sayso 0.0.0", 1 << 20, LINKED, "0.0.0");
    refused("sayso needs GLIBC_2.40", 1 << 20, LINKED, "needs GLIBC_2.40; GLIBC_2.36 is promised");
    refused(&named, 1 << 20, &format!("{LINKED}\\tlibssl.so.3 => /lib/libssl.so.3 (0x6)\\n"), "libssl.so.3");
    fs::write(workshop.source().join("README.md"), "changed").unwrap();
    refused(&named, 1 << 20, LINKED, "not committed");
}
