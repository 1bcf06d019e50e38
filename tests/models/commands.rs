//! The command line, through the library.

use std::{io::Cursor, process::ExitCode, sync::Arc};

use clap::Parser as _;
use sayso::{
    cli::{self, Cli, Console},
    config::Settings,
    models::{password::Passwords, session},
    providers::{Providers, demo::Demo},
    types::*,
};
use serde_json::Value;

use crate::*;

/// What a command wrote, or the one line of its error.
async fn run(place: &Place, arguments: &[&str], input: &str) -> (Result<ExitCode, String>, String) {
    let data = place.home.path().join("data");
    let settings = Settings::read(
        |name| match name {
            "DATA_DIR" => Some(data.to_string_lossy().into_owned()),
            "DATABASE_URL" => place.postgres.as_ref().map(postgres::Database::url),
            _ => None,
        },
        None,
    )
    .unwrap();
    let providers = Providers::new(vec![Arc::new(Demo::new())]);
    let (mut out, mut input) = (Vec::new(), Cursor::new(input.to_owned()));
    let mut console = Console { out: &mut out, input: &mut input, is_terminal: false };
    let command = Cli::try_parse_from([&["sayso"], arguments].concat()).unwrap().command();
    let result = cli::run(command, &settings, &providers, &mut console).await;
    let result = result.map_err(|error| cli::explain(&error));
    if let Err(line) = &result {
        assert!(!line.contains('\n'), "{line}");
    }
    (result, String::from_utf8(out).unwrap())
}

async fn fine(place: &Place, arguments: &[&str], input: &str) -> String {
    let (result, out) = run(place, arguments, input).await;
    assert_eq!(result, Ok(ExitCode::SUCCESS), "{arguments:?}: {out}");
    out
}

async fn refused(place: &Place, arguments: &[&str], input: &str, words: &str) {
    let (result, out) = run(place, arguments, input).await;
    let line = result.expect_err(&out);
    assert!(line.contains(words), "{arguments:?}: {line}");
}

/// As a process of its own: what it says, and how it ends.
fn process(place: &Place, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_sayso"));
    command.args(arguments).current_dir(place.home.path()).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(database) = &place.postgres {
        command.env("DATABASE_URL", database.url());
    }
    let mut child = command.spawn().unwrap();
    // Who reads nothing may be gone before it is told anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

both! {
    async fn the_program_says_it_in_a_line_and_a_code(backend) {
        let place = Place::new(backend);
        let (code, out, _) = process(&place, &["--version"], "");
        let commit = sayso::config::COMMIT.map(|commit| format!(" ({commit})")).unwrap_or_default();
        assert_eq!((code, out.trim()), (Some(0), &*format!("sayso {}{commit}", env!("CARGO_PKG_VERSION"))));
        assert_eq!(process(&place, &["migrate"], "").0, Some(0));
        let make = ["admin", "create-user", "--email", "a@b.example", "--name", "A", "--operator", "--json"];
        let (code, out, fault) = process(&place, &make, "correct horse\n");
        assert_eq!(code, Some(0), "{fault}");
        let made: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(made["user"]["is_operator"], true);
        let (code, out, fault) = process(&place, &make, "correct horse\n");
        assert_eq!((code, out.as_str(), fault.lines().count()), (Some(1), "", 1), "{fault}");
        assert!(fault.contains("already"), "{fault}");
        assert_eq!(process(&place, &["audit", "verify"], "").0, Some(0));
        let (code, out, fault) = process(&place, &["check"], "");
        assert_eq!((code, out.lines().count()), (Some(0), 3), "{out}{fault}");
    }

    async fn an_operator_works_from_the_command_line(backend) {
        let place = Place::new(backend);
        assert!(fine(&place, &["migrate"], "").await.contains("up to date"));
        fine(&place, &["admin", "create-tenant", "--slug", "acme", "--name", "Acme"], "").await;
        refused(&place, &["admin", "create-tenant", "--slug", "acme", "--name", "B"], "", "already").await;
        refused(&place, &["admin", "create-tenant", "--slug", "../x", "--name", "B"], "", "slug").await;
        let user = ["admin", "create-user", "--email", " Ann@Example.org", "--name", "Ann", "--tenant", "acme", "--role", "owner"];
        refused(&place, &user, "", "password is missing").await;
        refused(&place, &user, "short\n", "at least 8").await;
        let said = fine(&place, &[&user[..], &["--json"]].concat(), "correct horse\r\nmore").await;
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&said["user"]["email"], &said["user"]["memberships"][0]["role"]), (&"ann@example.org".into(), &"owner".into()));
        refused(&place, &user, "correct horse\n", "already").await;
        refused(&place, &["admin", "create-user", "--email", "x", "--name", "X"], "correct horse\n", "email").await;
        let lost = ["admin", "create-user", "--email", "x@y", "--name", "X", "--tenant", "none"];
        refused(&place, &lost, "correct horse\n", "no tenant").await;

        // Beside a running server.
        let server = place.open().await;
        let ann = user::find_by_email(&mut server.read(ALL).await.unwrap(), "ann@example.org").await.unwrap().unwrap();
        let good = Passwords::new().verify(ann.password_hash.as_deref(), "correct horse".to_owned().into()).await.unwrap();
        assert!(good, "the line's end belongs to the password");
        let here = tenant::find_by_slug(&mut server.read(ALL).await.unwrap(), "acme").await.unwrap().unwrap();
        let sign_in = async |key: &str| {
            let mut tx = server.write(ALL).await.unwrap();
            let session = session::Session {
                id: SessionId::new(), key_hash: digest(key), state: "{}".into(), user_id: Some(ann.id),
                tenant_id: Some(here.id), user_epoch: 0, user_agent: String::new(), address: String::new(),
                created_at: sayso::db::now().into(), last_used_at: sayso::db::now().into(),
                expires_at: (sayso::db::now() + chrono::Duration::hours(1)).into(),
            };
            session::insert(&mut tx, &session).await.unwrap();
            tx.commit().await.unwrap();
        };
        let now = async || {
            let mut tx = server.read(ALL).await.unwrap();
            let epoch = user::find(&mut tx, ann.id).await.unwrap().unwrap().epoch;
            (epoch, count(&mut tx, "sessions").await)
        };
        let role = |role| ["admin", "set-role", "--email", "ann@example.org", "--tenant", "acme", "--role", role];
        sign_in("a").await;
        fine(&place, &role("owner"), "").await;
        assert_eq!(now().await, (0, 1), "nothing was taken away");
        refused(&place, &role("member"), "", "needs an owner").await;
        assert_eq!(now().await, (0, 1), "nothing was taken away");
        let other = ["admin", "create-user", "--email", "bob@example.org", "--name", "Bob", "--tenant", "acme", "--role", "owner"];
        fine(&place, &other, "correct horse\n").await;
        fine(&place, &role("member"), "").await;
        assert_eq!(now().await, (0, 0), "what a place loses ends in its tenant, and the account stays as it is");
        sign_in("a2").await;
        fine(&place, &role("admin"), "").await;
        assert_eq!(now().await, (0, 1), "nothing was taken away");
        fine(&place, &["admin", "create-tenant", "--slug", "second", "--name", "Second"], "").await;
        let joins = ["admin", "set-role", "--email", "ann@example.org", "--tenant", "second", "--role", "member"];
        fine(&place, &joins, "").await;

        sign_in("b").await;
        refused(&place, &["admin", "reset-password", "--email", "nobody@x"], "another horse\n", "nobody has").await;
        fine(&place, &["admin", "reset-password", "--email", "ann@example.org"], "another horse\n").await;
        assert_eq!(now().await, (1, 0));
        let limits = ["admin", "set-limits", "--tenant", "acme", "--requests", "10", "--output-tokens", "none", "--json"];
        let said: Value = serde_json::from_str(&fine(&place, &limits, "").await).unwrap();
        let set = &said["tenant"]["limits"];
        assert_eq!((&set["monthly_requests"], &set["monthly_output_tokens"], &set["monthly_input_tokens"], &set["is_active"]),
            (&10.into(), &Value::Null, &1_000_000.into(), &true.into()));
        let own = ["admin", "set-limits", "--tenant", "acme", "--user", "Ann@example.org", "--credits", "2.5", "--json"];
        let said: Value = serde_json::from_str(&fine(&place, &own, "").await).unwrap();
        assert_eq!((&said["user"]["email"], &said["user"]["limits"]["monthly_credits"]), (&"ann@example.org".into(), &"2.5".into()));
        let added = ["admin", "add-credits", "--tenant", "acme", "--amount", "12.000001", "--note", "paid", "--json"];
        let said: Value = serde_json::from_str(&fine(&place, &added, "").await).unwrap();
        assert_eq!((&said["entry"]["amount"], &said["entry"]["note"]), (&"12.000001".into(), &"paid".into()));
        let shown: Value = serde_json::from_str(&fine(&place, &["admin", "show-usage", "--tenant", "acme", "--json"], "").await).unwrap();
        assert_eq!((&shown["added_credits"], &shown["used"]["requests"], &shown["limits"]["monthly_requests"]),
            (&"12.000001".into(), &0.into(), &10.into()));
        let shown = fine(&place, &["admin", "show-usage", "--tenant", "acme", "--user", "ann@example.org", "--month", "2020-01"], "").await;
        assert!(shown.contains("ann@example.org in acme used in 2020-01: 0 input tokens") && shown.contains("2.5 credits"), "{shown}");
        let only = ["admin", "set-models", "--tenant", "acme", "--model", "openai/b/c", "--model", "demo/demo", "--json"];
        let said: Value = serde_json::from_str(&fine(&place, &only, "").await).unwrap();
        assert_eq!((&said["tenant"]["slug"], &said["tenant"]["models"]), (&"acme".into(), &serde_json::json!(["demo/demo", "openai/b/c"])));
        for wrong in [&["--model", "openai"][..], &["--model", "nobody/x"], &["--model", "demo/"], &["--all", "--model", "demo/demo"], &[]] {
            let arguments = [&["sayso", "admin", "set-models", "--tenant", "acme"][..], wrong].concat();
            assert!(Cli::try_parse_from(arguments).is_err(), "{wrong:?}");
        }
        refused(&place, &["admin", "set-models", "--tenant", "nowhere", "--all"], "", "there is no tenant nowhere").await;
        let all = fine(&place, &["admin", "set-models", "--tenant", "acme", "--all"], "").await;
        assert!(all.contains("acme may use all models."), "{all}");
        sign_in("c").await;
        fine(&place, &["admin", "disable-user", "--email", "ann@example.org"], "").await;
        assert_eq!(now().await, (2, 0));

        let users: Value = serde_json::from_str(&fine(&place, &["admin", "list", "users", "--json"], "").await).unwrap();
        assert_eq!((&users["users"][0]["is_active"], users["users"][0]["memberships"].as_array().unwrap().len()), (&false.into(), 2));
        let tenants = fine(&place, &["admin", "list", "tenants"], "").await;
        assert_eq!(tenants.lines().map(|line| line.split('\t').next().unwrap()).collect::<Vec<_>>(), ["acme", "second"]);
        assert!(!fine(&place, &["admin", "list", "users"], "").await.contains("$2b$"));

        let mut tx = server.read(ALL).await.unwrap();
        let rows = count(&mut tx, "audit_rows").await;
        assert_eq!(count(&mut tx, "audit_rows WHERE actor = 'nobody' AND address = 'command line'").await, rows);
        for action in ["tenant_created", "user_created", "member_added", "role_changed", "limits_changed", "models_changed", "credits_added", "user_disabled", "password_reset"] {
            assert!(count(&mut tx, &format!("audit_rows WHERE action = '{action}'")).await > 0, "{action}");
        }
        drop(tx);
        assert!(fine(&place, &["audit", "verify"], "").await.contains(&format!("{rows} rows")));
        let mut tx = server.write(ALL).await.unwrap();
        sql(&mut tx, "UPDATE audit_rows SET details = 'owner' WHERE action = 'user_disabled'").await.unwrap();
        tx.commit().await.unwrap();

        refused(&place, &["audit", "verify"], "", "chain system, row 6").await;
    }

    async fn places_and_invitations_by_command(backend) {
        let place = Place::new(backend);
        fine(&place, &["migrate"], "").await;
        fine(&place, &["admin", "create-tenant", "--slug", "acme", "--name", "Acme"], "").await;
        let json = async |arguments: &[&str]| -> Value {
            serde_json::from_str(&fine(&place, &[&["admin", "--json"][..], arguments].concat(), "").await).unwrap()
        };
        let make = |email: &'static str, role: &'static str| {
            ["admin", "create-user", "--email", email, "--name", "N", "--tenant", "acme", "--role", role]
        };
        fine(&place, &make("ann@example.org", "owner"), "correct horse\n").await;
        fine(&place, &make("bob@example.org", "member"), "correct horse\n").await;

        let made = json(&["invite", "--email", "Cy@Example.org", "--tenant", "acme", "--role", "admin"]).await;
        let link = made["invitation"]["link"].as_str().unwrap().to_owned();
        assert!(link.contains("/invitations/") && made["invitation"]["email"] == "cy@example.org", "{made}");
        let again = ["admin", "invite", "--email", "cy@example.org", "--tenant", "acme"];
        refused(&place, &again, "", "invited already").await;
        refused(&place, &["admin", "invite", "--email", "bob@example.org", "--tenant", "acme"], "", "already").await;
        let listed = json(&["list", "invitations"]).await;
        assert_eq!((listed["invitations"].as_array().unwrap().len(), &listed["invitations"][0]["role"]), (1, &"admin".into()));
        assert!(!listed.to_string().contains(link.rsplit('/').next().unwrap()), "the link is shown once");
        fine(&place, &["admin", "revoke-invitation", "--email", "cy@example.org", "--tenant", "acme"], "").await;
        assert_eq!(json(&["list", "invitations"]).await["invitations"], Value::Array(Vec::new()));

        let of = |verb: &'static str, email: &'static str| ["admin", verb, "--email", email, "--tenant", "acme"];
        for verb in ["suspend-user", "remove-user"] {
            refused(&place, &of(verb, "ann@example.org"), "", "needs an owner").await;
        }
        for verb in ["sign-out", "suspend-user", "resume-user", "remove-user"] {
            fine(&place, &of(verb, "bob@example.org"), "").await;
        }
        refused(&place, &of("sign-out", "bob@example.org"), "", "is not in acme").await;
        fine(&place, &["admin", "suspend-tenant", "--slug", "acme"], "").await;
        assert_eq!(json(&["list", "tenants"]).await["tenants"][0]["is_active"], false);
        fine(&place, &["admin", "resume-tenant", "--slug", "acme"], "").await;
        fine(&place, &["admin", "rename-tenant", "--slug", "acme", "--name", "Acme & Co."], "").await;
        assert_eq!(json(&["list", "tenants"]).await["tenants"][0]["name"], "Acme & Co.");
        fine(&place, &["admin", "disable-user", "--email", "bob@example.org"], "").await;
        fine(&place, &["admin", "enable-user", "--email", "bob@example.org"], "").await;
        assert!(json(&["password-link", "--email", "bob@example.org"]).await["link"].as_str().unwrap().contains("/password/"));

        let server = place.open().await;
        let mut tx = server.read(ALL).await.unwrap();
        for action in ["member_invited", "invitation_revoked", "member_signed_out", "member_suspended", "member_resumed",
            "member_removed", "tenant_suspended", "tenant_resumed", "tenant_renamed", "user_enabled", "password_link_made"] {
            assert_eq!(count(&mut tx, &format!("audit_rows WHERE action = '{action}'")).await, 1, "{action}");
        }
        drop(tx);
        assert!(fine(&place, &["audit", "verify"], "").await.contains("whole"));
    }

    async fn check_has_a_line_for_each_thing(backend) {
        let place = Place::new(backend);
        if backend == Backend::Sqlite {
            let (result, out) = run(&place, &["check"], "").await;
            assert_eq!(result, Ok(ExitCode::FAILURE));
            assert!(out.contains("fault database: ") && out.contains("there is no database at"), "{out}");
            refused(&place, &["admin", "list", "users"], "", "there is no database at").await;
            refused(&place, &["audit", "verify"], "", "there is no database at").await;
            assert!(!place.home.path().join("data").exists(), "a mistyped path made something");
        }
        let server = place.open().await;
        let out = fine(&place, &["check"], "").await;
        assert_eq!(out.lines().count(), 3, "{out}");
        assert!(out.lines().all(|line| line.starts_with("ok ")) && out.contains("provider demo"), "{out}");
        drop(server);
    }

    async fn a_backup_is_a_whole_copy_in_a_new_file(backend) {
        let place = Place::new(backend);
        let file = place.home.path().join("copy.db");
        let backup = ["backup", file.to_str().unwrap()];
        if backend == Backend::Postgres {
            return refused(&place, &backup, "", "pg_dump").await;
        }
        refused(&place, &backup, "", "there is no database at").await;
        let server = place.open().await;
        let mut tx = server.write(ALL).await.unwrap();
        tenant::create(&mut tx, "kept", "Kept").await.unwrap();
        tx.commit().await.unwrap();
        let mut open = server.write(ALL).await.unwrap();
        tenant::create(&mut open, "open", "Not committed").await.unwrap();
        fine(&place, &backup, "").await;
        drop(open);
        refused(&place, &backup, "", "exists already").await;
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o077, 0);
        let copy = Database::open(&DatabaseUrl::Sqlite(file), Access::Tool).await.unwrap();
        let tenants = tenant::all(&mut copy.read(ALL).await.unwrap()).await.unwrap();
        assert_eq!(tenants.into_iter().map(|tenant| tenant.slug).collect::<Vec<_>>(), ["kept"]);
        let left = std::fs::read_dir(place.home.path()).unwrap().filter(|entry| {
            entry.as_ref().unwrap().file_name().to_string_lossy().contains(".part")
        }).count();
        assert_eq!(left, 0);
    }
}
