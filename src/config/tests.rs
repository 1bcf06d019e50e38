use std::{collections::HashMap, fs};

use secrecy::ExposeSecret;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let map: HashMap<String, String> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Settings::read(|name| map.get(name).cloned(), None)
}

fn refused(name: &str, value: &str) -> String {
    match read(&[(name, value)]) {
        Ok(_) => panic!("{name}={value:?} was taken"),
        Err(error) => error.to_string(),
    }
}

fn with_file(text: &str, pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sayso.toml");
    fs::write(&path, text).unwrap();
    let map: HashMap<&str, &str> = pairs.iter().copied().collect();
    Settings::read(|name| map.get(name).copied(), Some(&path))
}

const LONG: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn a_release_names_its_commit_where_it_is_known() {
    assert_eq!(named("1.2.3", None), "1.2.3");
    assert_eq!(named("1.2.3", Some("1a2b3c4d5e6f")), "1.2.3 (1a2b3c4d5e6f)");
    assert!(release().starts_with(VERSION) && release().contains(COMMIT.unwrap_or(VERSION)));
}

#[test]
fn an_empty_environment_gives_the_defaults() {
    let settings = read(&[]).unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("127.0.0.1", 8080));
    assert!(settings.public_url.is_none());
    assert!(matches!(&settings.database, DatabaseUrl::Sqlite(path) if path == Path::new("data/sayso.db")));
    assert_eq!(settings.workspace_dir, Path::new("workspace"));
    assert_eq!(settings.answering_provider(), ProviderChoice::Demo);
    assert_eq!(settings.max_output_tokens.get(), 4096);
    assert_eq!((settings.context_message_count, settings.history_max_messages), (None, None));
    assert_eq!((settings.json_limit, settings.upload_limit), (1_048_576, 10_485_760));
    assert_eq!(settings.streams_per_person.get(), 64);
    assert_eq!((settings.turns_per_person.get(), settings.turns_per_tenant.get()), (4, 32));
    assert_eq!((settings.files_per_tenant, settings.file_limit), (1_073_741_824, 1_048_576));
    assert_eq!((settings.script_seconds.get(), settings.script_memory), (10, 67_108_864));
    assert_eq!((settings.collection_limit, settings.records_timeout), (16_777_216, Duration::from_secs(15)));
    assert_eq!((settings.tool_timeout, settings.tool_result_limit), (Duration::from_secs(120), 262_144));
    assert_eq!(settings.rate_login, Rate { count: whole(10), per: Duration::from_secs(60) });
    assert_eq!(settings.rate_messages.count.get(), 30);
    assert_eq!((settings.fetch_timeout, settings.fetch_limit), (Duration::from_secs(30), 5_242_880));
    assert_eq!((settings.fetch_characters.get(), settings.rate_tools.count.get()), (50_000, 30));
    assert_eq!((settings.log_level.as_str(), settings.chosen_log_format), ("info", None));
    assert_eq!(settings.ws_allowed_origins, AllowedOrigins::Home);
    assert!(!settings.fetch_allow_private && settings.guest_tenant.is_none() && settings.trusted_proxies.is_empty());
}

/// The names of CONTRACT §1 with their aliases; a setting forgotten in either place is found here.
#[test]
fn every_setting_of_the_contract_is_asked_for_and_no_other() {
    let contract = "HOST PORT PUBLIC_URL DATA_DIR DATABASE_URL WORKSPACE_DIR MODEL_PROVIDER ANTHROPIC_API_KEY \
        CLAUDE_API_KEY ANTHROPIC_BASE_URL ANTHROPIC_MODEL OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL OLLAMA_URL \
        OLLAMA_MODEL LLM_MODEL MAX_OUTPUT_TOKENS CONTEXT_MESSAGE_COUNT HISTORY_MAX_MESSAGES MCP_CONFIG \
        TAVILY_API_KEY TAVILY_URL DUCKDUCKGO_URL READER_URL FETCH_ALLOW_PRIVATE JWT_SECRET SESSION_SECRET MASTER_KEY \
        FETCH_TIMEOUT FETCH_LIMIT FETCH_CHARACTERS RATE_TOOLS TOOL_TIMEOUT TOOL_RESULT_LIMIT RECORDS_TIMEOUT \
        WS_ALLOWED_ORIGINS CLIENT_ORIGIN TRUSTED_PROXIES JSON_LIMIT UPLOAD_LIMIT LOG_LEVEL LOG_FORMAT METRICS_TOKEN \
        MODEL_PRICES GUEST_TENANT STREAMS_PER_PERSON TURNS_PER_PERSON TURNS_PER_TENANT FILES_PER_TENANT FILE_LIMIT SCRIPT_SECONDS SCRIPT_MEMORY \
        COLLECTION_LIMIT RATE_LOGIN RATE_MESSAGES";
    let source = Source::open(|_: &str| None::<String>, None).unwrap();
    Settings::from_source(&source).unwrap();
    assert_eq!(source.asked(), contract.split_whitespace().collect());
}

#[test]
fn a_wrong_value_is_one_line_with_its_name_what_it_was_and_what_is_accepted() {
    for (name, wrong) in [
        ("HOST", "a b"),
        ("HOST", "127.0.0.1:80"),
        ("HOST", "1"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "+1"),
        ("PORT", "80\n81"),
        ("PUBLIC_URL", "chat.example"),
        ("PUBLIC_URL", "ftp://chat.example"),
        ("PUBLIC_URL", "https://chat.example/a?b"),
        ("PUBLIC_URL", "https://chat.example/a'b"),
        ("PUBLIC_URL", "https://chat.example/a//b"),
        ("DATABASE_URL", "sqllite:x.db"),
        ("DATABASE_URL", "x.db"),
        ("DATABASE_URL", "sqlite:"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite:file:x.db"),
        ("DATABASE_URL", "sqlite:x.db?mode=ro"),
        ("DATABASE_URL", "postgres:/db"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "mysql://db/x"),
        ("MODEL_PROVIDER", "claude"),
        ("MODEL_PROVIDER", "anthropic"),
        ("MODEL_PROVIDER", "openai"),
        ("ANTHROPIC_BASE_URL", "api.example"),
        ("OPENAI_MODEL", "gpt 5"),
        ("MAX_OUTPUT_TOKENS", "0"),
        ("CONTEXT_MESSAGE_COUNT", "many"),
        ("MCP_CONFIG", "/nowhere/mcp.json"),
        ("MODEL_PRICES", "/nowhere/prices.toml"),
        ("FETCH_ALLOW_PRIVATE", "maybe"),
        ("FETCH_TIMEOUT", "0"),
        ("FETCH_TIMEOUT", "101"),
        ("FETCH_TIMEOUT", "30s"),
        ("FETCH_LIMIT", "much"),
        ("FETCH_CHARACTERS", "0"),
        ("RATE_TOOLS", "30"),
        ("TOOL_TIMEOUT", "0"),
        ("TOOL_TIMEOUT", "3601"),
        ("TOOL_TIMEOUT", "2m"),
        ("TOOL_RESULT_LIMIT", "1023"),
        ("TOOL_RESULT_LIMIT", "17mb"),
        ("RECORDS_TIMEOUT", "0"),
        ("RECORDS_TIMEOUT", "101"),
        ("WS_ALLOWED_ORIGINS", "https://a.example,*"),
        ("WS_ALLOWED_ORIGINS", "https://a.example/path"),
        ("CLIENT_ORIGIN", "*"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1,,10.0.0.2"),
        ("JSON_LIMIT", "1tb"),
        ("JSON_LIMIT", "0"),
        ("JSON_LIMIT", "99999999999gb"),
        ("UPLOAD_LIMIT", "ten"),
        ("LOG_LEVEL", "inof"),
        ("LOG_LEVEL", "sayso=loud"),
        ("LOG_LEVEL", "info,[{"),
        ("LOG_FORMAT", "xml"),
        ("GUEST_TENANT", "My Tenant"),
        ("STREAMS_PER_PERSON", "0"),
        ("TURNS_PER_PERSON", "0"),
        ("SCRIPT_SECONDS", "0"),
        ("SCRIPT_SECONDS", "101"),
        ("SCRIPT_MEMORY", "1mb"),
        ("SCRIPT_MEMORY", "2gb"),
        ("COLLECTION_LIMIT", "0"),
        ("FILE_LIMIT", "0"),
        ("RATE_LOGIN", "10"),
        ("RATE_LOGIN", "0/min"),
        ("RATE_MESSAGES", "10/fortnight"),
    ] {
        let line = refused(name, wrong);
        assert!(line.starts_with(&format!("{name} is \"")), "{line}");
        assert!(line.contains("; accepted: "), "{line}");
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}

#[test]
fn secrets_appear_neither_in_refusals_nor_in_debug() {
    for name in ["JWT_SECRET", "SESSION_SECRET", "MASTER_KEY"] {
        let line = refused(name, "hunter2");
        assert_eq!(line, format!("{name} is (hidden, 7 bytes); accepted: at least 32 bytes"));
    }
    for name in ["ANTHROPIC_API_KEY", "CLAUDE_API_KEY", "OPENAI_API_KEY", "TAVILY_API_KEY", "METRICS_TOKEN"] {
        let line = refused(name, "hunter2 hunter2");
        assert!(line.starts_with(name) && !line.contains("hunter2"), "{line}");
    }
    for (name, value) in [
        ("DATABASE_URL", "postgers://me:hunter2@db/x"),
        ("DATABASE_URL", "postgres://me:hunter2@db:port/x"),
        ("OPENAI_BASE_URL", "https://me:hunter2@models.example"),
        ("PUBLIC_URL", "https://me:hunter2@chat.example"),
        ("TAVILY_URL", "https://x.example/?key=hunter2"),
    ] {
        let line = refused(name, value);
        assert!(line.starts_with(name) && !line.contains("hunter2"), "{line}");
    }
    let settings = read(&[
        ("JWT_SECRET", LONG),
        ("OPENAI_API_KEY", "sk-hunter2"),
        ("DATABASE_URL", "postgres://me:hunter2@db/x"),
        ("METRICS_TOKEN", "hunter2"),
    ])
    .unwrap();
    let debug = format!("{settings:?}");
    assert!(!debug.contains("hunter2") && !debug.contains(LONG), "{debug}");
}

#[test]
fn empty_is_unset_and_aliases_stand_in() {
    let settings = read(&[("PORT", ""), ("ANTHROPIC_API_KEY", " "), ("CLAUDE_API_KEY", "key"), ("LLM_MODEL", "qwen3")]);
    let settings = settings.unwrap();
    assert_eq!(settings.port, 8080);
    let anthropic = settings.anthropic.as_ref().unwrap();
    assert_eq!(anthropic.key.as_ref().unwrap().expose_secret(), "key");
    assert_eq!(anthropic.base_url.as_str(), "https://api.anthropic.com/");
    assert!(settings.ollama.is_none(), "a model without an address is no Ollama");

    let settings = read(&[("ANTHROPIC_API_KEY", "own"), ("CLAUDE_API_KEY", "alias")]).unwrap();
    assert_eq!(settings.anthropic.unwrap().key.unwrap().expose_secret(), "own");
    let settings = read(&[("OLLAMA_URL", "http://o:11434"), ("LLM_MODEL", "a"), ("OLLAMA_MODEL", "b")]).unwrap();
    assert_eq!(settings.ollama.unwrap().model.as_deref(), Some("b"));
}

#[test]
fn auto_takes_what_is_configured_in_order() {
    let (a, o, l) =
        (("ANTHROPIC_API_KEY", "k"), ("OPENAI_BASE_URL", "http://vllm:8000/v1"), ("OLLAMA_URL", "http://o"));
    for (pairs, expected) in [
        (vec![a, o, l], ProviderChoice::Anthropic),
        (vec![o, l], ProviderChoice::OpenAi),
        (vec![l], ProviderChoice::Ollama),
        (vec![("MODEL_PROVIDER", "ollama"), a], ProviderChoice::Ollama),
        (vec![("MODEL_PROVIDER", "DEMO"), a], ProviderChoice::Demo),
    ] {
        let settings = read(&pairs).unwrap();
        assert_eq!(settings.answering_provider(), expected, "{pairs:?}");
    }
    let chosen = read(&[("MODEL_PROVIDER", "ollama")]).unwrap();
    assert_eq!(chosen.ollama.unwrap().url.as_str(), "http://localhost:11434/");
}

#[test]
fn values_become_types() {
    let settings = read(&[
        ("HOST", "[::1]"),
        ("PUBLIC_URL", "https://Chat.Example:443/talk/"),
        ("DATABASE_URL", "sqlite:///var/lib/x.db"),
        ("WS_ALLOWED_ORIGINS", "https://a.example:443/, http://b.example:81"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("JSON_LIMIT", "64KB"),
        ("RATE_LOGIN", "5/s"),
        ("LOG_LEVEL", "WARN,sayso::turn=Debug"),
        ("CONTEXT_MESSAGE_COUNT", "20"),
    ])
    .unwrap();
    assert_eq!(settings.host, "::1");
    let public = settings.public_url.unwrap();
    assert_eq!((public.origin.as_str(), public.authority.as_str()), ("https://chat.example", "chat.example"));
    assert_eq!((public.prefix.as_str(), public.secure), ("/talk", true));
    assert!(matches!(settings.database, DatabaseUrl::Sqlite(path) if path == Path::new("/var/lib/x.db")));
    let AllowedOrigins::These(origins) = settings.ws_allowed_origins else { panic!("not a list") };
    assert_eq!(origins.iter().map(Origin::as_str).collect::<Vec<_>>(), ["https://a.example", "http://b.example:81"]);
    assert!(settings.trusted_proxies[0].contains("10.200.1.1".parse().unwrap()));
    assert!(settings.trusted_proxies[0].contains("::ffff:10.1.1.1".parse().unwrap()));
    assert!(!settings.trusted_proxies[0].contains("11.0.0.1".parse().unwrap()));
    assert!(!settings.trusted_proxies[1].contains("::2".parse().unwrap()));
    assert_eq!((settings.json_limit, settings.rate_login.per), (65_536, Duration::from_secs(1)));
    assert_eq!(settings.log_level, "warn,sayso::turn=debug");
    assert_eq!(settings.context_message_count.map(NonZeroU32::get), Some(20));
    for url in ["postgres://me:pw@db/x", "postgresql:///x?host=/run/postgresql"] {
        assert!(matches!(read(&[("DATABASE_URL", url)]).unwrap().database, DatabaseUrl::Postgres(_)), "{url}");
    }
}

#[test]
fn everyone_lies_in_the_widest_network() {
    for (network, address) in
        [("0.0.0.0/0", "203.0.113.9"), ("::/0", "2001:db8::1"), ("::ffff:10.0.0.0/104", "10.9.9.9")]
    {
        assert!(parse::network(network).unwrap().contains(address.parse().unwrap()), "{network}");
    }
    assert_eq!(parse::network("::ffff:10.0.0.0/80"), None);
}

#[test]
fn the_file_stands_below_the_environment() {
    let text =
        "port = 9000\nhost = \"0.0.0.0\"\nfetch_allow_private = true\ntrusted_proxies = [\"10.0.0.1\", \"::1\"]\n";
    let settings = with_file(text, &[("PORT", "9001")]).unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("0.0.0.0", 9001));
    assert!(settings.fetch_allow_private);
    assert_eq!(settings.trusted_proxies.len(), 2);
    let settings = with_file("anthropic_api_key = \"file\"", &[("CLAUDE_API_KEY", "environment")]).unwrap();
    assert_eq!(settings.anthropic.unwrap().key.unwrap().expose_secret(), "environment");
}

#[test]
fn a_wrong_file_is_refused_by_name_and_without_its_secrets() {
    for (text, part) in [
        ("prot = 9000", "\"prot\" in "),
        ("PORT = 9000", "\"PORT\" in "),
        ("port = 1.5", "port in "),
        ("port = 70000", "port in "),
        ("[server]\nport = 1", "\"server\" in "),
        ("port = 1\njwt_secret = hunter2", "not TOML at line 2"),
        ("jwt_secret = \"hunter2", "not TOML at line 1"),
        ("jwt_secret = \"hunter2\"", "jwt_secret in "),
    ] {
        let line = with_file(text, &[]).unwrap_err().to_string();
        assert!(line.contains(part) && !line.contains("hunter2") && !line.contains('\n'), "{line}");
    }
    assert!(Settings::read(|_| None::<String>, Some(Path::new("/nowhere/sayso.toml"))).is_err());
}

fn secrets_in(directory: &Path) -> Result<Secrets, SecretsError> {
    Secrets::load_or_create(&read(&[("DATA_DIR", directory.to_str().unwrap())]).unwrap())
}

#[test]
fn secrets_are_made_once_and_given_ones_win() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("new/data");
    let first = secrets_in(&data).unwrap();
    assert_eq!(first.fingerprint(), secrets_in(&data).unwrap().fingerprint());
    assert_eq!(fs::read_dir(data.join("secrets")).unwrap().count(), 3, "no drafts are left");
    let given = read(&[("DATA_DIR", data.to_str().unwrap()), ("MASTER_KEY", LONG)]).unwrap();
    let given = Secrets::load_or_create(&given).unwrap();
    assert_ne!(first.fingerprint(), given.fingerprint());
    assert!(first.key(Purpose::AccessToken).bytes() == given.key(Purpose::AccessToken).bytes());
    assert!(first.key(Purpose::AuditChain).bytes() != given.key(Purpose::AuditChain).bytes());
}

#[test]
fn with_all_secrets_given_nothing_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let pairs = [("JWT_SECRET", LONG), ("SESSION_SECRET", LONG), ("MASTER_KEY", LONG)];
    let settings = read(&[&pairs[..], &[("DATA_DIR", data.to_str().unwrap())]].concat()).unwrap();
    let secrets = Secrets::load_or_create(&settings).unwrap();
    assert!(!data.exists());
    // One secret thrice gives eight different keys all the same.
    let keys: std::collections::HashSet<_> = Purpose::ALL.iter().map(|p| *secrets.key(*p).bytes()).collect();
    assert_eq!(keys.len(), Purpose::ALL.len());
    assert_eq!(secrets.key(Purpose::Sealing).half()[..], secrets.key(Purpose::Sealing).bytes()[..32]);
}

#[test]
fn processes_that_start_at_once_get_the_same_secrets() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let starts = std::sync::Barrier::new(8);
    let prints: std::collections::HashSet<String> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    starts.wait();
                    secrets_in(&data).unwrap().fingerprint()
                })
            })
            .collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    assert_eq!(prints.len(), 1);
}

#[test]
fn damaged_secrets_stop_the_start() {
    let directory = tempfile::tempdir().unwrap();
    secrets_in(directory.path()).unwrap();
    let path = directory.path().join("secrets/master_key");
    for wrong in ["", "short", &format!("{LONG}\n{LONG}"), &"x".repeat(5000)] {
        fs::write(&path, wrong).unwrap();
        let line = secrets_in(directory.path()).err().unwrap().to_string();
        assert!(line.contains("master_key holds no secret"), "{line}");
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(secrets_in(directory.path()).is_err());
}

#[cfg(unix)]
#[test]
fn secrets_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    secrets_in(&data).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let path = data.join("secrets/jwt_secret");
    assert_eq!((mode(&path), mode(&data.join("secrets")), mode(&data)), (0o600, 0o700, 0o700));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    secrets_in(&data).unwrap();
    assert_eq!(mode(&path), 0o600);
}
