//! The pages: people with browsers. Every address in one table. A handler parses, checks who asks, calls one verb
//! below and renders; every action is a plain form that works without JavaScript, and htmx makes it live.

mod account;
mod admin;
mod answers;
mod approvals;
pub mod assets;
mod attachments;
mod authorise;
mod connections;
mod conversations;
mod decisions;
pub mod error;
mod files;
mod grants;
mod invitations;
mod messages;
mod models;
mod page;
mod passwords;
mod sessions;
mod settings;
mod setup;
mod socket;
mod tokens;
mod usage;

use actix_web::{
    Resource,
    web::{self, ServiceConfig},
};

use crate::http::error::HttpError;

/// What a handler gives.
type Answer = Result<actix_web::HttpResponse, HttpError>;

/// Every page and form. Mounted below the prefix of `PUBLIC_URL`, with a session around it.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(at("/").route(web::get().to(conversations::home)))
        .service(at("/setup").route(web::get().to(setup::show)).route(web::post().to(setup::create)))
        .service(at("/login").route(web::get().to(sessions::new)).route(web::post().to(sessions::create)))
        .service(at("/logout").route(web::post().to(sessions::delete)))
        .service(
            at("/conversations")
                .route(web::get().to(conversations::index))
                .route(web::post().to(conversations::create)),
        )
        .service(at("/conversations/{id}").route(web::get().to(conversations::show)))
        .service(at("/conversations/{id}/messages").route(web::post().to(messages::create)))
        .service(at("/conversations/{id}/stop").route(web::post().to(messages::stop)))
        .service(at("/conversations/{id}/retry").route(web::post().to(messages::retry)))
        .service(at("/conversations/{id}/rename").route(web::post().to(conversations::rename)))
        .service(at("/conversations/{id}/delete").route(web::post().to(conversations::delete)))
        .service(at("/conversations/{id}/end").route(web::post().to(conversations::end)))
        .service(at("/conversations/{id}/export").route(web::get().to(conversations::export)))
        .service(
            at("/conversations/{id}/decisions")
                .route(web::get().to(decisions::show))
                .route(web::post().to(decisions::create)),
        )
        .service(at("/conversations/{id}/attachments/{number}").route(web::get().to(attachments::show)))
        .service(at("/conversations/{id}/socket").route(web::get().to(socket::open)))
        .service(at("/tool-calls/{id}/decision").route(web::post().to(approvals::decide)))
        .service(at("/tool-calls/{id}/answer").route(web::post().to(answers::create)))
        .service(at("/tool-calls/{id}/edit").route(web::get().to(approvals::edit)))
        .service(at("/tool-calls/{id}/undo").route(web::post().to(files::undo)))
        .service(at("/files").route(web::get().to(files::index)))
        .service(at("/files/{path:.*}").route(web::get().to(files::show)))
        .service(at("/approvals").route(web::get().to(approvals::index)))
        .service(at("/usage").route(web::get().to(usage::show)))
        .service(at("/settings").route(web::get().to(settings::show)).route(web::post().to(settings::update)))
        .service(
            at("/settings/password")
                .route(web::get().to(account::password))
                .route(web::post().to(account::change_password)),
        )
        .service(at("/settings/data").route(web::get().to(account::data)).route(web::post().to(account::download)))
        .service(at("/settings/delete").route(web::get().to(account::end)).route(web::post().to(account::delete)))
        .service(at("/settings/grants/{id}/revoke").route(web::post().to(grants::revoke)))
        .service(at("/settings/tokens").route(web::get().to(tokens::index)).route(web::post().to(tokens::create)))
        .service(at("/settings/tokens/{id}/revoke").route(web::post().to(tokens::revoke)))
        .service(at("/settings/sessions/{id}/revoke").route(web::post().to(settings::revoke_session)))
        .service(at("/settings/sign-ins/{id}/revoke").route(web::post().to(settings::revoke_sign_in)))
        .service(at("/settings/connections/{name}/authorise").route(web::post().to(connections::begin)))
        .service(at("/settings/connections/{name}/remove").route(web::post().to(connections::remove)))
        .service(
            at("/invitations/{token}")
                .route(web::get().to(invitations::show))
                .route(web::post().to(invitations::accept)),
        )
        .service(at("/password/{token}").route(web::get().to(passwords::show)).route(web::post().to(passwords::create)))
        .service(at("/guest").route(web::post().to(sessions::guest)))
        .service(at("/switch").route(web::post().to(sessions::switch)))
        .service(at("/admin").route(web::get().to(admin::tenants::index)))
        .service(at("/admin/tenants").route(web::post().to(admin::tenants::create)))
        .service(at("/admin/tenants/{id}/rename").route(web::post().to(admin::tenants::rename)))
        .service(at("/admin/tenants/{id}/suspend").route(web::post().to(admin::tenants::suspend)))
        .service(at("/admin/tenants/{id}/resume").route(web::post().to(admin::tenants::resume)))
        .service(at("/admin/tenants/{id}/members").route(web::get().to(admin::members::show)))
        .service(at("/admin/tenants/{id}/members/{user}/role").route(web::post().to(admin::members::set_role)))
        .service(at("/admin/tenants/{id}/members/{user}/suspend").route(web::post().to(admin::members::suspend)))
        .service(at("/admin/tenants/{id}/members/{user}/resume").route(web::post().to(admin::members::resume)))
        .service(at("/admin/tenants/{id}/members/{user}/remove").route(web::post().to(admin::members::remove)))
        .service(at("/admin/tenants/{id}/members/{user}/sign-out").route(web::post().to(admin::members::sign_out)))
        .service(
            at("/admin/tenants/{id}/members/{user}/password-link").route(web::post().to(admin::members::password_link)),
        )
        .service(at("/admin/tenants/{id}/invitations").route(web::post().to(admin::inviting::create)))
        .service(at("/admin/tenants/{id}/invitations/{invitation}/renew").route(web::post().to(admin::inviting::renew)))
        .service(
            at("/admin/tenants/{id}/invitations/{invitation}/revoke").route(web::post().to(admin::inviting::revoke)),
        )
        .service(at("/admin/audit").route(web::get().to(admin::audit::show_system)))
        .service(at("/admin/audit/export").route(web::get().to(admin::audit::export_system)))
        .service(at("/admin/tenants/{id}/audit").route(web::get().to(admin::audit::show)))
        .service(at("/admin/tenants/{id}/audit/export").route(web::get().to(admin::audit::export)))
        .service(at("/admin/tenants/{id}").route(web::get().to(admin::index::show)))
        .service(
            at("/admin/tenants/{id}/prompt")
                .route(web::get().to(admin::prompt::show))
                .route(web::post().to(admin::prompt::update)),
        )
        .service(
            at("/admin/tenants/{id}/tools")
                .route(web::get().to(admin::tools::show))
                .route(web::post().to(admin::tools::set_expiry)),
        )
        .service(
            at("/admin/tenants/{id}/models")
                .route(web::get().to(admin::models::show))
                .route(web::post().to(admin::models::update)),
        )
        .service(at("/admin/tenants/{id}/usage").route(web::get().to(admin::usage::show)))
        .service(
            at("/admin/tenants/{id}/limits")
                .route(web::get().to(admin::limits::show))
                .route(web::post().to(admin::limits::update)),
        )
        .service(at("/admin/tenants/{id}/limits/credits").route(web::post().to(admin::limits::add_credits)))
        .service(at("/admin/tenants/{id}/tools/{server}").route(web::post().to(admin::accepting::accept_all)))
        .service(at("/admin/tenants/{id}/tools/{server}/{name}").route(web::post().to(admin::tools::update)))
        .service(at("/admin/tenants/{id}/tools/{server}/{name}/accept").route(web::post().to(admin::accepting::accept)))
        .service(
            at("/admin/tenants/{id}/servers")
                .route(web::get().to(admin::servers::index))
                .route(web::post().to(admin::servers::create)),
        )
        .service(
            at("/admin/tenants/{id}/servers/{name}")
                .route(web::get().to(admin::servers::show))
                .route(web::post().to(admin::servers::update)),
        )
        .service(at("/admin/tenants/{id}/servers/{name}/remove").route(web::post().to(admin::servers::remove)))
        .service(at("/admin/tenants/{id}/servers/{name}/reconnect").route(web::post().to(admin::servers::reconnect)))
        .service(at("/admin/tenants/{id}/servers/{name}/refresh").route(web::post().to(admin::servers::refresh)))
        .service(at("/admin/tenants/{id}/servers/{name}/authorise").route(web::post().to(admin::authorising::begin)))
        .service(at("/admin/tenants/{id}/servers/{name}/unauthorise").route(web::post().to(admin::authorising::remove)))
        .service(at("/admin/tenants/{id}/servers/{name}/client").route(web::post().to(admin::authorising::update)))
        .service(at("/admin/tenants/{id}/servers/{name}/callback").route(web::get().to(authorise::callback)))
        .service(at("/admin/tenants/{id}/servers/{name}/client.json").route(web::get().to(authorise::document)))
        .service(
            at("/admin/tenants/{id}/servers/{name}/tools/{tool}")
                .route(web::get().to(admin::tryout::show))
                .route(web::post().to(admin::tryout::run)),
        )
        .service(
            at("/admin/tenants/{id}/records")
                .route(web::get().to(admin::records::show))
                .route(web::post().to(admin::upload::create)),
        )
        .service(at("/admin/tenants/{id}/records/delete").route(web::post().to(admin::records::delete)));
}

/// An address that answers other methods with 405.
fn at(path: &str) -> Resource {
    web::resource(path).default_service(web::to(error::method_not_allowed))
}
