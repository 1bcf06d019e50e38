//! What people attached and tools gave, for the person whose conversation it is: in their browser, or by a token that reads
//! their conversations.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::header::{
        self, Charset, ContentDisposition, DispositionParam, DispositionType, EntityTag, ExtendedValue, IfNoneMatch,
    },
    web,
};

use super::{Answer, conversations::parse_id};
use crate::{
    error::{Code, Error},
    http::api_caller::ApiCaller,
    models::blob,
    state::AppState,
    types::TokenScope,
};

/// Nothing in it runs, whatever a browser takes it for.
const POLICY: &str = "sandbox; default-src 'none'";

/// As what everything is sent that is not shown.
const OPAQUE: &str = "application/octet-stream";

/// GET `/conversations/{id}/attachments/{n}`: to the conversation's person alone. A browser asks again each time,
/// so that nothing is shown after signing out; what it still has is not sent twice.
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: ApiCaller,
    address: web::Path<(String, String)>,
) -> Answer {
    who.must(TokenScope::Chat)?;
    let (id, text) = address.into_inner();
    let (id, number) = (parse_id(&id)?, text.parse::<i64>().map_err(|_| Error::from(Code::NotFound))?);
    let mut conn = state.db.read(who.caller.tenant.id).await?;
    let found = blob::find(&mut conn, who.owner(), id, number).await?.ok_or(Code::NotFound)?;
    // What has a number never changes.
    let tag = EntityTag::new_strong(format!("{id}-{number}"));
    let is_known = match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Some(IfNoneMatch::Any) => true,
        None => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, "private, immutable"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(header::ETag(tag));
    if is_known {
        return Ok(response.finish());
    }
    let bytes = blob::bytes_of(&mut conn, who.caller.tenant.id, id, &[number]).await?.remove(&number);
    let bytes = bytes.ok_or(Code::NotFound)?;
    // Only what was decoded when it was stored is shown. A page or a drawing of a tool's would run as one of ours.
    let (media_type, shown_or_saved, name) = match endings(&found.media_type) {
        Some(endings) => (found.media_type, DispositionType::Inline, file_name(&found.name, endings)),
        None => (OPAQUE.to_owned(), DispositionType::Attachment, found.name),
    };
    Ok(response
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header(disposition(shown_or_saved, &name))
        .body(bytes))
}

/// How names of images that are shown end; `None` for everything else.
fn endings(media_type: &str) -> Option<&'static [&'static str]> {
    Some(match media_type {
        "image/png" => &["png"],
        "image/jpeg" => &["jpg", "jpeg"],
        "image/gif" => &["gif"],
        "image/webp" => &["webp"],
        _ => return None,
    })
}

/// The name with one of the endings that belong to what it is, so that nothing else opens it.
fn file_name(name: &str, endings: &[&str]) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if endings.contains(&ending.as_str()) {
        return name.to_owned();
    }
    endings.first().map_or_else(|| name.to_owned(), |ending| format!("{name}.{ending}"))
}

/// Shown or saved, under this name.
fn disposition(shown_or_saved: DispositionType, name: &str) -> ContentDisposition {
    let plain = |character: char| if matches!(character, ' '..='~') { character } else { '_' };
    let plain: String = name.replace(['"', '\\', '/'], "_").chars().map(plain).collect();
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.into() };
    ContentDisposition {
        disposition: shown_or_saved,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(whole)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_and_ends_as_what_it_is() {
        for (name, media_type, expected) in [
            ("a.PNG", "image/png", "a.PNG"),
            ("a.jpeg", "image/jpeg", "a.jpeg"),
            ("page.html", "image/png", "page.html.png"),
            ("image", "image/webp", "image.webp"),
        ] {
            assert_eq!(file_name(name, endings(media_type).unwrap()), expected);
        }
        for media_type in ["image/svg+xml", "text/html", "application/octet-stream", "IMAGE/PNG", ""] {
            assert_eq!(endings(media_type), None, "{media_type}");
        }
        let header = disposition(DispositionType::Inline, "\u{e9}\"\r\nx\\.png").to_string();
        assert!(header.starts_with("inline; filename=\"__"), "{header}");
        assert!(header.contains("filename*=UTF-8''%C3%A9"), "{header}");
        assert!(!header.contains(['\r', '\n']) && header.is_ascii(), "{header}");
    }
}
