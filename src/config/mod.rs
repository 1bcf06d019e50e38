//! Settings, read once at the start and parsed into types; nothing further inside reads the environment.
//!
//! CONTRACT §1 names them. What was not foreseen there: an empty value counts as unset; blanks around a value are
//! dropped; kilobytes have 1,024 bytes; in `sayso.toml` a list may be a TOML list. A wrong value is a
//! [`ConfigError`] of one line. `Debug` shows no secret: all of them are [`SecretString`]s.

mod parse;
mod secrets;
mod source;
mod types;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    io::IsTerminal,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};

use secrecy::SecretString;
use url::Url;

pub use secrets::{Key, Purpose, Secrets, SecretsError};
pub use source::ConfigError;
use source::Source;
pub use types::*;

/// The file in the working directory that is read if it is there.
pub const FILE: &str = "sayso.toml";

/// Bytes that a secret must have at least: as many as its HMAC-SHA256 puts out.
pub const SECRET_BYTES: usize = 32;

/// By Anthropic's list of models the current Sonnet; an alias that stays.
const ANTHROPIC_MODEL: &str = "claude-sonnet-5-5";
/// The newest of OpenAI's general models that takes tools over Chat Completions without further parameters:
/// from 5.5 on, tools are refused there unless `reasoning_effort` is `none`.
const OPENAI_MODEL: &str = "gpt-5.4";

const ANTHROPIC_URL: &str = "https://api.anthropic.com";
const OPENAI_URL: &str = "https://api.openai.com/v1";
const OLLAMA_URL: &str = "http://localhost:11434";
const TAVILY_URL: &str = "https://api.tavily.com";
const DUCKDUCKGO_URL: &str = "https://html.duckduckgo.com/html/";

const WEB_ADDRESS: &str = "an address with http:// or https://, without name, password, ? and #";
const A_FILE: &str = "the path of a file that exists";
const A_COUNT: &str = "a whole number from 1 to 4294967295";
const A_NUMBER: &str = "a whole number from 0 to 4294967295";
const A_SIZE: &str = "a size such as 65536, 64kb, 10mb or 1gb";
const A_RATE: &str = "a rate such as 10/min, 5/s or 100/hour";
const A_SECRET: &str = "at least 32 bytes";
const A_KEY: &str = "visible ASCII characters without blanks";
const A_MODEL: &str = "the name of a model, without blanks";

/// The version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, where the build was told (`SAYSO_COMMIT`) or found out (`build.rs`).
pub const COMMIT: Option<&str> = match option_env!("SAYSO_COMMIT") {
    // As of an argument of a container's build that was left empty.
    Some(commit) if commit.is_empty() => None,
    told => told,
};

/// The version with the commit, where it is known: `0.1.0 (1a2b3c4d5e6f)`.
pub fn release() -> &'static str {
    static RELEASE: LazyLock<String> = LazyLock::new(|| named(VERSION, COMMIT));
    &RELEASE
}

fn named(version: &str, commit: Option<&str>) -> String {
    commit.map_or_else(|| version.to_owned(), |commit| format!("{version} ({commit})"))
}

/// Everything that an operator can set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `HOST`: an address, IPv6 without brackets, or a host's name.
    pub host: String,
    /// `PORT`; 0 picks a free one.
    pub port: u16,
    /// `PUBLIC_URL`; unset means `localhost` and loopback at the real port.
    pub public_url: Option<PublicUrl>,
    /// `DATA_DIR`: database and generated secrets.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`
    pub database: DatabaseUrl,
    /// `WORKSPACE_DIR`: tools write only below `{workspace_dir}/{tenant slug}/`.
    pub workspace_dir: PathBuf,
    /// `MODEL_PROVIDER`, as chosen; [`Settings::answering_provider`] says what comes of it.
    pub model_provider: ProviderChoice,
    /// `ANTHROPIC_API_KEY` or `CLAUDE_API_KEY`, `ANTHROPIC_BASE_URL`, `ANTHROPIC_MODEL`; absent without key and address.
    pub anthropic: Option<HostedApi>,
    /// `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL`; absent without key and address.
    pub openai: Option<HostedApi>,
    /// `OLLAMA_URL`, `OLLAMA_MODEL` or `LLM_MODEL`; absent without address, unless Ollama was chosen.
    pub ollama: Option<OllamaApi>,
    /// `MAX_OUTPUT_TOKENS` per model call.
    pub max_output_tokens: NonZeroU32,
    /// `CONTEXT_MESSAGE_COUNT`: the newest messages sent to the model; `None` sends as many as fit.
    pub context_message_count: Option<NonZeroU32>,
    /// `HISTORY_MAX_MESSAGES`: messages kept per conversation; `None` keeps all.
    pub history_max_messages: Option<NonZeroU32>,
    /// `MCP_CONFIG`: a file that existed at the start.
    pub mcp_config: Option<PathBuf>,
    /// `TAVILY_API_KEY`; without it DuckDuckGo is asked.
    pub tavily_api_key: Option<SecretString>,
    /// `TAVILY_URL`
    pub tavily_url: Url,
    /// `DUCKDUCKGO_URL`
    pub duckduckgo_url: Url,
    /// `READER_URL`; unset by default, since a reader learns every address that is fetched.
    pub reader_url: Option<Url>,
    /// `FETCH_ALLOW_PRIVATE`
    pub fetch_allow_private: bool,
    /// `FETCH_TIMEOUT`: how long a fetch or a search may take as a whole.
    pub fetch_timeout: Duration,
    /// `FETCH_LIMIT` in bytes: what is read of one answer, unpacked.
    pub fetch_limit: u64,
    /// `FETCH_CHARACTERS`: what is given of one page.
    pub fetch_characters: NonZeroU32,
    /// `JWT_SECRET`, if given; [`Secrets`] holds what is used.
    pub jwt_secret: Option<SecretString>,
    /// `SESSION_SECRET`, if given.
    pub session_secret: Option<SecretString>,
    /// `MASTER_KEY`, if given.
    pub master_key: Option<SecretString>,
    /// `WS_ALLOWED_ORIGINS`
    pub ws_allowed_origins: AllowedOrigins,
    /// `CLIENT_ORIGIN`: the one foreign origin whose scripts may call `/api`.
    pub client_origin: Option<Origin>,
    /// `TRUSTED_PROXIES`: addresses and networks.
    pub trusted_proxies: Vec<Network>,
    /// `JSON_LIMIT` in bytes: request bodies and socket frames.
    pub json_limit: u64,
    /// `UPLOAD_LIMIT` in bytes: attachments and imports.
    pub upload_limit: u64,
    /// `LOG_LEVEL`: a level, or directives as `EnvFilter` takes them; small letters.
    pub log_level: String,
    /// `LOG_FORMAT`; unset decides by [`Settings::log_format`].
    pub chosen_log_format: Option<LogFormat>,
    /// `METRICS_TOKEN`
    pub metrics_token: Option<SecretString>,
    /// `MODEL_PRICES`: a TOML file that existed at the start.
    pub model_prices: Option<PathBuf>,
    /// `GUEST_TENANT`: the slug of the tenant that guests may enter.
    pub guest_tenant: Option<String>,
    /// `STREAMS_PER_PERSON`: sockets and streams that one person has open on an instance.
    pub streams_per_person: NonZeroU32,
    /// `TURNS_PER_PERSON` that run at once.
    pub turns_per_person: NonZeroU32,
    /// `TURNS_PER_TENANT` that run at once.
    pub turns_per_tenant: NonZeroU32,
    /// `FILES_PER_TENANT` in bytes.
    pub files_per_tenant: u64,
    /// `FILE_LIMIT` in bytes: one file that a tool reads or writes.
    pub file_limit: u64,
    /// `SCRIPT_SECONDS` that a script of `run_js` may take.
    pub script_seconds: NonZeroU32,
    /// `SCRIPT_MEMORY` in bytes that it may hold.
    pub script_memory: u64,
    /// `COLLECTION_LIMIT` in bytes: documents of one collection of records.
    pub collection_limit: u64,
    /// `RECORDS_TIMEOUT`: how long looking through records or changing them may take.
    pub records_timeout: Duration,
    /// `RATE_LOGIN` per address and per account.
    pub rate_login: Rate,
    /// `RATE_MESSAGES` per person.
    pub rate_messages: Rate,
    /// `TOOL_TIMEOUT`: how long any run of a tool may take.
    pub tool_timeout: Duration,
    /// `TOOL_RESULT_LIMIT` in bytes: what is kept of one result, and given to the model.
    pub tool_result_limit: u64,
    /// `RATE_TOOLS` per person and tool.
    pub rate_tools: Rate,
}

impl Settings {
    /// From the process's environment and `sayso.toml` in the working directory, if there is one.
    pub fn from_environment() -> Result<Self, ConfigError> {
        let file = Path::new(FILE);
        // `try_exists` and not `exists`: a file that cannot be looked at must not be passed over silently.
        let found = file.try_exists().map_err(|error| ConfigError::new(format!("{FILE} cannot be read: {error}")))?;
        Self::read(|name| std::env::var_os(name), found.then_some(file))
    }

    /// From any environment and a file, which must exist if it is given.
    pub fn read<V: Into<OsString>>(
        environment: impl Fn(&str) -> Option<V>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let source = Source::open(environment, file)?;
        let settings = Self::from_source(&source)?;
        source.refuse_unknown_keys()?;
        Ok(settings)
    }

    #[allow(clippy::too_many_lines, reason = "one line or two per setting, in the contract's order")]
    fn from_source<V: Into<OsString>, F: Fn(&str) -> Option<V>>(source: &Source<F>) -> Result<Self, ConfigError> {
        let port = |text: &str| u16::try_from(parse::number(text)?).ok();
        let path = |text: &str| Some(PathBuf::from(text));
        let file = |text: &str| Some(PathBuf::from(text)).filter(|path| path.is_file());
        let count = |name, default| Ok(source.parsed(name, A_COUNT, parse::count)?.unwrap_or(default));
        let size = |name, default| Ok(source.parsed(name, A_SIZE, parse::size)?.unwrap_or(default));
        let rate = |name, default| Ok(source.parsed(name, A_RATE, parse::rate)?.unwrap_or(default));
        let secret = |name| source.secret(&[name], A_SECRET, |text| text.len() >= SECRET_BYTES);

        let data_dir = source.parsed("DATA_DIR", "a path", path)?.unwrap_or_else(|| PathBuf::from("data"));
        let database = match source.find(&["DATABASE_URL"])? {
            None => DatabaseUrl::Sqlite(data_dir.join("sayso.db")),
            Some(found) => parse::database(&found.text)
                .ok_or_else(|| found.refuse_url("sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE"))?,
        };
        let public_url = match source.find(&["PUBLIC_URL"])? {
            None => None,
            Some(found) => Some(parse::public_url(&found.text).ok_or_else(|| {
                found.refuse_url("an address such as https://chat.example or https://example.org/chat")
            })?),
        };
        let mcp_default = || Some(PathBuf::from("mcp.json")).filter(|path| path.is_file());

        let settings = Self {
            host: source
                .parsed("HOST", "an IP address or a host's name, without a port", parse::host)?
                .unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: source.parsed("PORT", "a number from 0 to 65535", port)?.unwrap_or(8080),
            public_url,
            data_dir,
            database,
            workspace_dir: source
                .parsed("WORKSPACE_DIR", "a path", path)?
                .unwrap_or_else(|| PathBuf::from("workspace")),
            model_provider: source
                .parsed("MODEL_PROVIDER", "auto, anthropic, openai, ollama or demo", provider_choice)?
                .unwrap_or_default(),
            anthropic: hosted_api(
                source,
                &["ANTHROPIC_API_KEY", "CLAUDE_API_KEY"],
                ("ANTHROPIC_BASE_URL", ANTHROPIC_URL),
                ("ANTHROPIC_MODEL", ANTHROPIC_MODEL),
            )?,
            openai: hosted_api(
                source,
                &["OPENAI_API_KEY"],
                ("OPENAI_BASE_URL", OPENAI_URL),
                ("OPENAI_MODEL", OPENAI_MODEL),
            )?,
            ollama: ollama(source)?,
            max_output_tokens: count("MAX_OUTPUT_TOKENS", whole(4096))?,
            context_message_count: source
                .parsed("CONTEXT_MESSAGE_COUNT", A_NUMBER, parse::number)?
                .and_then(NonZeroU32::new),
            history_max_messages: source
                .parsed("HISTORY_MAX_MESSAGES", A_NUMBER, parse::number)?
                .and_then(NonZeroU32::new),
            mcp_config: source.parsed("MCP_CONFIG", A_FILE, file)?.or_else(mcp_default),
            tavily_api_key: source.secret(&["TAVILY_API_KEY"], A_KEY, parse::header_safe)?,
            tavily_url: web_address(source, "TAVILY_URL", TAVILY_URL)?,
            duckduckgo_url: web_address(source, "DUCKDUCKGO_URL", DUCKDUCKGO_URL)?,
            reader_url: optional_web_address(source, "READER_URL")?,
            fetch_allow_private: source
                .parsed("FETCH_ALLOW_PRIVATE", "true or false", parse::boolean)?
                .unwrap_or(false),
            fetch_timeout: source
                .parsed("FETCH_TIMEOUT", "a whole number of seconds from 1 to 100", parse::tool_seconds)?
                .unwrap_or(Duration::from_secs(30)),
            fetch_limit: size("FETCH_LIMIT", 5 << 20)?,
            fetch_characters: count("FETCH_CHARACTERS", whole(50_000))?,
            jwt_secret: secret("JWT_SECRET")?,
            session_secret: secret("SESSION_SECRET")?,
            master_key: secret("MASTER_KEY")?,
            ws_allowed_origins: source
                .parsed("WS_ALLOWED_ORIGINS", "origins such as https://app.example, joined by commas, or *", |text| {
                    match text {
                        "*" => Some(AllowedOrigins::Any),
                        _ => parse::list(text, parse::origin).map(AllowedOrigins::These),
                    }
                })?
                .unwrap_or_default(),
            client_origin: source.parsed("CLIENT_ORIGIN", "an origin such as https://app.example", parse::origin)?,
            trusted_proxies: source
                .parsed("TRUSTED_PROXIES", "addresses or networks such as 10.0.0.0/8, joined by commas", |text| {
                    parse::list(text, parse::network)
                })?
                .unwrap_or_default(),
            json_limit: size("JSON_LIMIT", 1 << 20)?,
            upload_limit: size("UPLOAD_LIMIT", 10 << 20)?,
            log_level: source
                .parsed(
                    "LOG_LEVEL",
                    "off, error, warn, info, debug, trace, or module=level joined by commas",
                    parse::log_level,
                )?
                .unwrap_or_else(|| "info".to_owned()),
            chosen_log_format: source.parsed("LOG_FORMAT", "pretty or json", log_format)?,
            metrics_token: source.secret(&["METRICS_TOKEN"], A_KEY, parse::header_safe)?,
            model_prices: source.parsed("MODEL_PRICES", A_FILE, file)?,
            guest_tenant: source.parsed(
                "GUEST_TENANT",
                "the slug of a tenant: small letters, digits and inner hyphens, at most 63",
                parse::slug,
            )?,
            streams_per_person: count("STREAMS_PER_PERSON", whole(64))?,
            turns_per_person: count("TURNS_PER_PERSON", whole(4))?,
            turns_per_tenant: count("TURNS_PER_TENANT", whole(32))?,
            files_per_tenant: size("FILES_PER_TENANT", 1 << 30)?,
            file_limit: size("FILE_LIMIT", 1 << 20)?,
            script_seconds: source
                .parsed("SCRIPT_SECONDS", "a whole number from 1 to 100", |text| {
                    parse::count(text).filter(|seconds| seconds.get() <= 100)
                })?
                .unwrap_or(whole(10)),
            script_memory: source
                .parsed("SCRIPT_MEMORY", "a size from 8mb to 1gb", |text| {
                    parse::size(text).filter(|bytes| (8 << 20..=1 << 30).contains(bytes))
                })?
                .unwrap_or(64 << 20),
            collection_limit: size("COLLECTION_LIMIT", 16 << 20)?,
            records_timeout: source
                .parsed("RECORDS_TIMEOUT", "a whole number of seconds from 1 to 100", parse::tool_seconds)?
                .unwrap_or(Duration::from_secs(15)),
            rate_login: rate("RATE_LOGIN", Rate { count: whole(10), per: Duration::from_secs(60) })?,
            rate_messages: rate("RATE_MESSAGES", Rate { count: whole(30), per: Duration::from_secs(60) })?,
            tool_timeout: source
                .parsed("TOOL_TIMEOUT", "a whole number of seconds from 1 to 3600", |text| {
                    parse::count(text).filter(|seconds| seconds.get() <= 3600)
                })?
                .map_or(Duration::from_secs(120), |seconds| Duration::from_secs(seconds.get().into())),
            tool_result_limit: source
                .parsed("TOOL_RESULT_LIMIT", "a size from 1kb to 16mb", |text| {
                    parse::size(text).filter(|bytes| (1 << 10..=16 << 20).contains(bytes))
                })?
                .unwrap_or(256 << 10),
            rate_tools: rate("RATE_TOOLS", Rate { count: whole(30), per: Duration::from_secs(60) })?,
        };
        settings.with_chosen_provider()
    }

    /// A provider that was chosen by name must be configured; Ollama has an address by custom.
    fn with_chosen_provider(mut self) -> Result<Self, ConfigError> {
        let missing = |name: &str, needs: &str| {
            Err(ConfigError::new(format!("MODEL_PROVIDER is \"{name}\"; accepted: with {needs} set, or auto")))
        };
        match self.model_provider {
            ProviderChoice::Anthropic if self.anthropic.is_none() => missing("anthropic", "ANTHROPIC_API_KEY"),
            ProviderChoice::OpenAi if self.openai.is_none() => missing("openai", "OPENAI_API_KEY or OPENAI_BASE_URL"),
            ProviderChoice::Ollama if self.ollama.is_none() => {
                let url = built_in(OLLAMA_URL)?;
                self.ollama = Some(OllamaApi { url, model: None });
                Ok(self)
            }
            _ => Ok(self),
        }
    }

    /// The provider for those who ask for none; never `Auto`.
    pub fn answering_provider(&self) -> ProviderChoice {
        match self.model_provider {
            ProviderChoice::Auto if self.anthropic.is_some() => ProviderChoice::Anthropic,
            ProviderChoice::Auto if self.openai.is_some() => ProviderChoice::OpenAi,
            ProviderChoice::Auto if self.ollama.is_some() => ProviderChoice::Ollama,
            ProviderChoice::Auto => ProviderChoice::Demo,
            chosen => chosen,
        }
    }

    /// As set; else pretty if standard error, where the log goes, is a terminal.
    pub fn log_format(&self) -> LogFormat {
        let terminal = || if std::io::stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json };
        self.chosen_log_format.unwrap_or_else(terminal)
    }
}

fn provider_choice(text: &str) -> Option<ProviderChoice> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Some(ProviderChoice::Auto),
        "anthropic" => Some(ProviderChoice::Anthropic),
        "openai" => Some(ProviderChoice::OpenAi),
        "ollama" => Some(ProviderChoice::Ollama),
        "demo" => Some(ProviderChoice::Demo),
        _ => None,
    }
}

fn log_format(text: &str) -> Option<LogFormat> {
    match text.to_ascii_lowercase().as_str() {
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

fn hosted_api<V: Into<OsString>, F: Fn(&str) -> Option<V>>(
    source: &Source<F>,
    keys: &[&'static str],
    (url_name, url_default): (&'static str, &str),
    (model_name, model_default): (&'static str, &str),
) -> Result<Option<HostedApi>, ConfigError> {
    let key = source.secret(keys, A_KEY, parse::header_safe)?;
    let base_url = optional_web_address(source, url_name)?;
    let model = source.parsed(model_name, A_MODEL, parse::model)?.unwrap_or_else(|| model_default.to_owned());
    let base_url = match (&key, base_url) {
        (_, Some(url)) => url,
        (Some(_), None) => built_in(url_default)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(HostedApi { key, base_url, model }))
}

fn ollama<V: Into<OsString>, F: Fn(&str) -> Option<V>>(source: &Source<F>) -> Result<Option<OllamaApi>, ConfigError> {
    let url = optional_web_address(source, "OLLAMA_URL")?;
    let model = match source.find(&["OLLAMA_MODEL", "LLM_MODEL"])? {
        None => None,
        Some(found) => Some(parse::model(&found.text).ok_or_else(|| found.refuse(A_MODEL))?),
    };
    Ok(url.map(|url| OllamaApi { url, model }))
}

fn optional_web_address<V: Into<OsString>, F: Fn(&str) -> Option<V>>(
    source: &Source<F>,
    name: &'static str,
) -> Result<Option<Url>, ConfigError> {
    let Some(found) = source.find(&[name])? else { return Ok(None) };
    parse::web_address(&found.text).map(Some).ok_or_else(|| found.refuse_url(WEB_ADDRESS))
}

fn web_address<V: Into<OsString>, F: Fn(&str) -> Option<V>>(
    source: &Source<F>,
    name: &'static str,
    default: &str,
) -> Result<Url, ConfigError> {
    optional_web_address(source, name)?.map_or_else(|| built_in(default), Ok)
}

/// One of the addresses above; a test reads them all.
fn built_in(address: &str) -> Result<Url, ConfigError> {
    Url::parse(address).map_err(|error| ConfigError::new(format!("the built-in address {address} is wrong: {error}")))
}

/// A default; each of them is at least one.
fn whole(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}
