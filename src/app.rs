//! The server: build, port, run; recovery before the first request, and an end that loses nothing.

mod anchors;

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_session::{
    SessionMiddleware,
    config::{PersistentSession, TtlExtensionPolicy},
};
use actix_web::{
    App, HttpServer,
    cookie::{Key, SameSite, time},
    middleware::from_fn,
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::{
    runtime::Handle,
    signal::unix::{SignalKind, signal},
};

use crate::{
    api::{self, mcp_server::Door},
    config::{COMMIT, DatabaseUrl, HostedApi, ProviderChoice, Purpose, Secrets, Settings, VERSION},
    db::{Access, Database, Scope},
    error::{Error, Result},
    feed::{Feed, follow_other_instances, watch_people},
    http::{
        Edge, access_token::AccessTokens, cors, headers, limits::Limits, origin, request_id,
        session_store::DatabaseSessions,
    },
    models::{
        audit::Auditor, password::Passwords, price::Prices, sealed::Sealer, secrets_in_use, setup_link, tenant, user,
    },
    providers::{
        Provider, Providers,
        anthropic::{self, Anthropic},
        demo::{self, Demo},
        ollama::{self, Ollama},
        openai::{self, OpenAi},
        transport,
    },
    state::{AppState, Parts, Runs},
    telemetry::metrics,
    tenancy::{self, Desk},
    tools::{
        Tool, Toolbox, Toolboxes,
        fetch::FetchUrl,
        limited::Limited,
        listed::Lists,
        mcp::{self, Authorisations, McpSource, NoTokens, Roster, ServerSpec, Servers, Tokens},
        net::Guard,
        rate::Rates,
        records::{self, RecordsFind, RecordsInsert, RecordsUpdate},
        research::Research,
        script::{self, RunJs},
        search::WebSearch,
        workspace::{Ledger, ListFiles, ReadFile, Workspace, WriteFile},
    },
    turn,
    types::InstanceId,
    web as pages,
};

/// How long running turns may go on after SIGTERM.
const GRACE: Duration = Duration::from_secs(20);

/// How long those that outlast it may take to write down what they have told, and to leave themselves to others.
const LEAVING: Duration = Duration::from_secs(3);

/// How long a session lives after its last use.
const SESSION_DAYS: i64 = 14;

/// A server that is ready to run.
pub struct Application {
    state: AppState,
    edge: Edge,
    listener: TcpListener,
    session_key: Key,
    access_tokens: AccessTokens,
    setup_link: Option<String>,
}

impl Application {
    /// Opens everything, recovers what a crash left, and takes the port. Must be called on the multi-thread runtime
    /// that will own it all.
    ///
    /// # Errors
    /// In one line, what is wrong.
    pub async fn build(settings: Settings) -> Result<Self> {
        metrics::install().map_err(Error::internal)?;
        let secrets = Secrets::load_or_create(&settings).map_err(Error::internal)?;
        let db = Database::open(&settings.database, Access::Serve).await?;
        for gap in db.gaps().await? {
            tracing::warn!("tenants are walled off by the queries alone: {gap}");
        }
        metrics::built(VERSION, COMMIT, db.backend());
        let workspace = workspace(&settings)?;
        let auditor = Auditor::from_secrets(&secrets)?;
        let authorisations = authorisations(&settings, &db, &secrets, &auditor)?;
        let servers = servers(&settings, &db, &secrets, authorisations.clone())?;
        let state = AppState::from(Parts {
            feed: Feed::default(),
            providers: providers(&settings)?,
            tools: Toolboxes::new(toolbox(&settings, &db, &workspace)?, Some(Arc::new(servers.clone()))),
            servers,
            authorisations,
            tool_lists: Lists::default(),
            workspace,
            prices: Prices::read(settings.model_prices.as_deref()).map_err(Error::internal)?,
            auditor,
            passwords: Passwords::new(),
            instance: InstanceId::new(),
            runs: Runs::new(),
            settings: Arc::new(settings),
            db,
        });
        same_secrets(&state, &secrets).await?;
        guests_have_a_tenant(&state.settings, &state.db).await?;
        turn::recover_at_start(&state).await?;
        let settings = &state.settings;
        let listener = TcpListener::bind((settings.host.as_str(), settings.port)).map_err(|error| {
            Error::internal(format!("cannot listen on {}:{}: {error}", settings.host, settings.port))
        })?;
        let port = listener.local_addr().map_err(Error::internal)?.port();
        let edge = Edge::new(settings, port);
        let setup_link = setup_link(&state, &edge).await?;
        let session_key = Key::from(secrets.key(Purpose::SessionCookie).bytes());
        let access_tokens = AccessTokens::from_secrets(&secrets);
        Ok(Self { state, edge, listener, session_key, access_tokens, setup_link })
    }

    /// Where it listens: `127.0.0.1:8080`.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> Result<std::net::SocketAddr> {
        self.listener.local_addr().map_err(Error::internal)
    }

    /// Serves until SIGTERM or SIGINT; then lets running turns come to their end for a while.
    ///
    /// # Errors
    /// When the server cannot run.
    pub async fn run(self) -> Result<()> {
        let address = self.address()?;
        let Self { state, edge, listener, session_key, access_tokens, setup_link } = self;
        let access_tokens = web::Data::new(access_tokens);
        let (shared, edge) = (web::Data::new(state.clone()), web::Data::new(edge));
        let limits = web::Data::new(Limits::new(&state.settings));
        let door = web::Data::new(Door::new(&state, &edge, address));
        let server = HttpServer::new(move || {
            let sessions = sessions(&shared, &edge, session_key.clone());
            App::new()
                .app_data(shared.clone())
                .app_data(edge.clone())
                .app_data(limits.clone())
                .app_data(door.clone())
                .app_data(access_tokens.clone())
                .app_data(web::QueryConfig::default().error_handler(pages::error::unreadable_query))
                .wrap(from_fn(origin::guard))
                .wrap(from_fn(pages::error::render))
                .wrap(from_fn(cors::share))
                .wrap(from_fn(headers::secure))
                .wrap(from_fn(request_id::trace))
                .configure(|config| without_last_slash(config, edge.urls.prefix()))
                .service(
                    web::scope(edge.urls.prefix())
                        .route("/assets/{hash}/{path:.*}", web::get().to(pages::assets::show))
                        .configure(api::addresses)
                        .service(
                            web::scope("").wrap(sessions).configure(api::with_sessions).configure(pages::addresses),
                        )
                        .default_service(web::to(pages::error::not_found)),
                )
                .default_service(web::to(pages::error::not_found))
        })
        .disable_signals()
        .shutdown_timeout(GRACE.as_secs() + 5)
        .listen(listener)
        .map_err(Error::internal)?
        .run();
        let tasks = [
            tokio::spawn(turn::keep_checkpoints(state.clone())),
            tokio::spawn(turn::recover_others(state.clone())),
            tokio::spawn(follow_other_instances(state.db.clone(), state.feed.clone(), state.instance)),
            tokio::spawn(watch_people(state.db.clone(), state.feed.clone())),
            tokio::spawn(tenancy::keep_tidy(Desk::from(&state))),
            tokio::spawn(state.providers.clone().keep_lists()),
            tokio::spawn(metrics::gather()),
            tokio::spawn(anchors::log_heads(state.clone())),
        ];
        announce(address, setup_link.as_deref());
        let (handle, server) = (server.handle(), tokio::spawn(server));
        wait_for_signal().await?;
        tracing::info!("stopping");
        // The listener closes now; open requests and turns go on.
        let stopped = tokio::spawn(handle.stop(true));
        state.runs.tasks.close();
        if tokio::time::timeout(GRACE, state.runs.tasks.wait()).await.is_err() {
            tracing::warn!("turns still run; they are left to other instances, or to the next start");
        }
        state.runs.closing.cancel();
        if tokio::time::timeout(LEAVING, state.runs.tasks.wait()).await.is_err() {
            tracing::warn!("turns still run; they are found when their leases are over");
        }
        // No process of a server outlives this one.
        state.servers.close().await;
        state.authorisations.close().await;
        stopped.await.map_err(Error::internal)?;
        for task in tasks {
            task.abort();
        }
        server.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// The two lines that a start prints, the link last.
#[allow(clippy::print_stdout, reason = "these lines are for the person at the terminal and for scripts")]
fn announce(address: std::net::SocketAddr, setup_link: Option<&str>) {
    println!("Sayso {VERSION} listening on http://{address}");
    if let Some(link) = setup_link {
        println!("No account exists yet. Create the first one (the link works once, within the hour): {link}");
    }
}

async fn wait_for_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// The path of `PUBLIC_URL` as people type it leads to the front page, which lies behind the slash.
fn without_last_slash(config: &mut web::ServiceConfig, prefix: &str) {
    if !prefix.is_empty() {
        config.service(web::redirect(prefix.to_owned(), format!("{prefix}/")));
    }
}

fn sessions(state: &AppState, edge: &Edge, key: Key) -> SessionMiddleware<DatabaseSessions> {
    let lifecycle = PersistentSession::default()
        .session_ttl(time::Duration::days(SESSION_DAYS))
        .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    let is_secure = edge.home.is_secure();
    // The prefix binds the cookie to this host and to https; it demands the path `/`.
    let name = if is_secure && edge.urls.cookie_path() == "/" { "__Host-sayso" } else { "sayso" };
    SessionMiddleware::builder(DatabaseSessions::new(state.db.clone()), key)
        .cookie_name(name.to_owned())
        .cookie_path(edge.urls.cookie_path().to_owned())
        .cookie_secure(is_secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .session_lifecycle(lifecycle)
        .build()
}

/// Refuses to start with other secrets than those this database is used with: cookies and audit chains of the one
/// would be void for the other.
async fn same_secrets(state: &AppState, secrets: &Secrets) -> Result<()> {
    let mut tx = state.db.write(Scope::System("secrets")).await?;
    if !secrets_in_use::are(&mut tx, &secrets.fingerprint()).await? {
        return Err(Error::internal(
            "JWT_SECRET, SESSION_SECRET or MASTER_KEY are not those this database is used with. Give every instance \
             the same ones (or the same DATA_DIR). If you changed them on purpose, run `sayso migrate --new-secrets` once",
        ));
    }
    tx.commit().await
}

/// A slug that nobody has would be a door that never opens, found out by the first guest.
///
/// # Errors
/// In one line, that `GUEST_TENANT` names no tenant.
pub async fn guests_have_a_tenant(settings: &Settings, db: &Database) -> Result<()> {
    let Some(slug) = &settings.guest_tenant else { return Ok(()) };
    match tenant::find_by_slug(&mut *db.read(Scope::System("GUEST_TENANT")).await?, slug).await? {
        Some(_) => Ok(()),
        None => Err(Error::internal(format!(
            "GUEST_TENANT is {slug:?}; accepted: the slug of a tenant that exists (`sayso admin list tenants`)"
        ))),
    }
}

/// On a first start, the link that makes the first account: new at each start until one exists.
async fn setup_link(state: &AppState, edge: &Edge) -> Result<Option<String>> {
    let mut tx = state.db.write(Scope::System("set-up")).await?;
    if user::any(&mut tx).await? {
        return Ok(None);
    }
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    setup_link::replace(&mut tx, &token).await?;
    tx.commit().await?;
    Ok(Some(edge.urls.absolute(&format!("/setup?token={token}"))))
}

/// The model APIs that are configured, in the order of preference: the one that `MODEL_PROVIDER` names stands first, and
/// alone answers those who choose none. Demo is there only if it was chosen or nothing else is.
///
/// # Errors
/// When one cannot be used.
pub fn providers(settings: &Settings) -> Result<Providers> {
    let client = transport::http_client(transport::Timeouts::default()).map_err(Error::internal)?;
    let mut all: Vec<Arc<dyn Provider>> = Vec::new();
    if let Some(api) = &settings.anthropic {
        all.push(Arc::new(anthropic(&client, api)));
    }
    if let Some(api) = &settings.openai {
        all.push(Arc::new(OpenAi::new(client.clone(), api.base_url.as_str(), api.key.clone(), api.model.clone())));
    }
    if let Some(api) = &settings.ollama {
        all.push(Arc::new(Ollama::new(client, api.url.as_str(), api.model.clone())));
    }
    let chosen = match settings.answering_provider() {
        ProviderChoice::Anthropic => anthropic::NAME,
        ProviderChoice::OpenAi => openai::NAME,
        ProviderChoice::Ollama => ollama::NAME,
        ProviderChoice::Auto | ProviderChoice::Demo => {
            all.insert(0, Arc::new(Demo::new()));
            demo::NAME
        }
    };
    // Stable: the others keep their order.
    all.sort_by_key(|provider| provider.name() != chosen);
    Ok(match settings.model_provider {
        ProviderChoice::Auto => Providers::new(all),
        _ => Providers::with_first_alone(all),
    })
}

fn anthropic(client: &reqwest::Client, api: &HostedApi) -> Anthropic {
    Anthropic::new(client.clone(), api.base_url.as_str(), api.key.clone().unwrap_or_default(), api.model.clone())
}

/// The workspace, without what dead processes left in it.
///
/// # Errors
/// When it cannot be opened.
fn workspace(settings: &Settings) -> Result<Workspace> {
    let folder = &settings.workspace_dir;
    let fault = |error: std::io::Error| Error::internal(format!("WORKSPACE_DIR {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(fault)?;
    let workspace = Workspace::open(folder).map_err(fault)?;
    // Where another instance may be writing into the shared folder just now, only what is an hour old is left behind.
    let shared = matches!(settings.database, DatabaseUrl::Postgres(_));
    let before = std::time::SystemTime::now() - Duration::from_secs(if shared { 3600 } else { 0 });
    let swept = workspace.sweep(before).map_err(fault)?;
    tracing::debug!(swept, "temporary files of dead processes");
    Ok(workspace)
}

/// The tools that are built in.
///
/// # Errors
/// When the system does not say which program this is, or no certificate authorities can be found.
fn toolbox(settings: &Settings, db: &Database, workspace: &Workspace) -> Result<Toolbox> {
    let ledger = Ledger::new(db.clone(), settings.file_limit, settings.files_per_tenant);
    let script = script::Limits {
        time: Duration::from_secs(settings.script_seconds.get().into()),
        memory: usize::try_from(settings.script_memory).map_err(Error::internal)?,
    };
    let records = records::Store::new(db.clone(), settings.collection_limit).within(settings.records_timeout);
    let guard = Guard::new(&user_agent(settings)).map_err(Error::internal)?;
    let rates = Rates::new(settings.rate_tools);
    let search = WebSearch::new(guard.clone(), settings);
    let most = usize::try_from(settings.tool_result_limit).map_err(Error::internal)?;
    let tools = [
        Arc::new(WriteFile::new(workspace.clone(), ledger)) as Arc<dyn Tool>,
        Arc::new(ReadFile::new(workspace.clone(), settings.file_limit)),
        Arc::new(ListFiles::new(workspace.clone())),
        Arc::new(RunJs::new(script::Launch::this_program().map_err(Error::internal)?, script)),
        Arc::new(RecordsFind::new(records.clone())),
        Arc::new(RecordsInsert::new(records.clone())),
        Arc::new(RecordsUpdate::new(records.clone())),
        Arc::new(Research::new(records, search.clone(), settings.fetch_timeout)),
        Arc::new(FetchUrl::new(guard, settings)),
        Arc::new(search),
    ];
    Ok(Toolbox::new(tools.map(|tool| Arc::new(Limited::new(tool, rates.clone(), most)) as Arc<dyn Tool>)))
}

/// The servers of tools that the operators configured.
///
/// # Errors
/// In one line, what is wrong with the file.
pub fn operators_servers(settings: &Settings) -> Result<Vec<ServerSpec>> {
    let Some(file) = &settings.mcp_config else { return Ok(Vec::new()) };
    mcp::read_config(file).map_err(|fault| Error::internal(format!("MCP_CONFIG: {fault}")))
}

/// What connects to servers of tools, as nobody who is authorised anywhere.
///
/// # Errors
/// When no certificate authorities can be found.
pub fn connections(settings: &Settings) -> Result<Servers> {
    connections_with(settings, Arc::new(NoTokens))
}

fn connections_with(settings: &Settings, tokens: Arc<dyn Tokens>) -> Result<Servers> {
    let guard = Guard::new(&user_agent(settings)).map_err(Error::internal)?;
    Servers::new(Handle::current(), guard, settings.fetch_allow_private, tokens).map_err(Error::internal)
}

/// By what servers know tenants and people.
fn authorisations(settings: &Settings, db: &Database, secrets: &Secrets, auditor: &Auditor) -> Result<Authorisations> {
    let guard = Guard::new(&user_agent(settings)).map_err(Error::internal)?;
    let (sealer, allow_private) = (Sealer::from_secrets(secrets)?, settings.fetch_allow_private);
    Ok(Authorisations::new(db.clone(), sealer, auditor.clone(), guard, allow_private))
}

/// The tools of servers: the operators' and those of tenants.
fn servers(settings: &Settings, db: &Database, secrets: &Secrets, tokens: Authorisations) -> Result<McpSource> {
    let roster = Roster::new(db.clone(), Sealer::from_secrets(secrets)?, operators_servers(settings)?);
    let most = usize::try_from(settings.tool_result_limit).map_err(Error::internal)?;
    mcp::kill_orphans();
    let connections = connections_with(settings, Arc::new(tokens))?;
    Ok(McpSource::new(roster, connections, Rates::new(settings.rate_tools), most))
}

/// What servers are told of us: the version, and where the people are who run it, if they said so.
fn user_agent(settings: &Settings) -> String {
    match &settings.public_url {
        Some(home) => format!("Sayso/{VERSION} (+{}{})", home.origin, home.prefix),
        None => format!("Sayso/{VERSION}"),
    }
}
