//! `sayso check`: one line for each thing that must be in order.

use std::{process::ExitCode, sync::Arc, time::Duration};

use futures_util::future::join_all;

use super::{Console, explain};
use crate::{
    app,
    config::{DatabaseUrl, Settings},
    db::{Access, Database, Scope},
    error::Result,
    models::{price::Prices, user},
    providers::Providers,
    tools::mcp::{ConnectionKey, Fault, Freshness, ServerName, ServerSpec, Servers},
    types::TenantId,
};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn run(settings: &Settings, providers: &Providers, console: &mut Console<'_>) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let mut tell = |what: &str, found: Result<String, String>| {
        let (word, text) = match &found {
            Ok(text) => ("ok", text),
            Err(text) => ("fault", text),
        };
        if found.is_err() {
            code = ExitCode::FAILURE;
        }
        console.say(&format!("{word:<6}{what}: {text}"))
    };
    // Wrong ones have stopped the command before it got here, but for what stands in the file of prices.
    let places = format!("data in {}, tools in {}", path(&settings.data_dir), path(&settings.workspace_dir));
    let prices = Prices::read(settings.model_prices.as_deref());
    tell("settings", prices.map(|_| places).map_err(|error| error.to_string()))?;
    tell("database", database(settings).await.map_err(|error| explain(&error)))?;
    if let Some(slug) = &settings.guest_tenant {
        let found = guests(settings, slug).await.map_err(|error| explain(&error));
        tell("GUEST_TENANT", found)?;
    }
    if providers.iter().next().is_none() {
        tell("provider", Err("none is configured".to_owned()))?;
    }
    for provider in providers.iter() {
        let found = match tokio::time::timeout(PATIENCE, provider.check()).await {
            Ok(Ok(())) => Ok(format!("model {}", provider.model())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {PATIENCE:?}")),
        };
        tell(&format!("provider {}", provider.name()), found)?;
    }
    let servers = match app::operators_servers(settings) {
        Ok(servers) => servers,
        Err(error) => {
            tell("servers", Err(explain(&error)))?;
            Vec::new()
        }
    };
    if !servers.is_empty() {
        let connections = app::connections(settings)?;
        let found = join_all(servers.into_iter().map(|spec| server(&connections, spec))).await;
        connections.close_all().await;
        for (name, found) in found {
            tell(&format!("server {name}"), found)?;
        }
    }
    Ok(code)
}

/// Starts or reaches a server of tools and asks what it offers; in a tenant that there is not.
async fn server(connections: &Servers, spec: ServerSpec) -> (ServerName, Result<String, String>) {
    let (name, spec) = (spec.name.clone(), Arc::new(spec));
    let key = ConnectionKey { tenant: TenantId::new(), server: name.clone(), user: None };
    // It has limits of its own time.
    let found = match connections.list(&key, &spec, Freshness::Fresh).await {
        Ok(listing) => {
            let status = connections.status(&key);
            let tools = match listing.tools.len() {
                1 => "1 tool".to_owned(),
                count => format!("{count} tools"),
            };
            Ok(format!("{tools}, protocol {}", status.protocol.as_deref().unwrap_or("unknown")))
        }
        Err(Fault::NeedsAuthorisation { .. }) => {
            Ok("asks for an authorisation, which an admin of each tenant gives on its page of servers".to_owned())
        }
        Err(fault) => Err(fault.to_string()),
    };
    (name, found)
}

async fn guests(settings: &Settings, slug: &str) -> Result<String> {
    let database = Database::open(&settings.database, Access::Tool).await?;
    app::guests_have_a_tenant(settings, &database).await?;
    Ok(format!("guests may enter {slug}"))
}

async fn database(settings: &Settings) -> Result<String> {
    let database = Database::open(&settings.database, Access::Tool).await?;
    let any = user::any(&mut *database.read(Scope::System("check")).await?).await?;
    let gaps = database.gaps().await?;
    if !gaps.is_empty() {
        return Err(super::fault(gaps.join("; ")));
    }
    let place = match &settings.database {
        DatabaseUrl::Sqlite(file) => format!("sqlite, {}", path(file)),
        DatabaseUrl::Postgres(_) => "postgres, with row-level security between tenants".to_owned(),
    };
    Ok(if any { place } else { format!("{place}; there is no account yet") })
}

fn path(path: &std::path::Path) -> std::path::Display<'_> {
    path.display()
}
