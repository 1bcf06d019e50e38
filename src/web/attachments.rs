//! What people attached, for the one who did: in their browser, or by a token that reads their conversations.

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
    let name = file_name(&found.name, &found.media_type);
    Ok(response.insert_header((header::CONTENT_TYPE, found.media_type)).insert_header(disposition(&name)).body(bytes))
}

/// The name with the ending that belongs to what it is, so that nothing else opens it.
fn file_name(name: &str, media_type: &str) -> String {
    let endings: &[&str] = match media_type {
        "image/png" => &["png"],
        "image/jpeg" => &["jpg", "jpeg"],
        "image/gif" => &["gif"],
        "image/webp" => &["webp"],
        _ => &["bin"],
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if endings.contains(&ending.as_str()) {
        return name.to_owned();
    }
    format!("{name}.{}", endings.first().unwrap_or(&"bin"))
}

/// Shown, not saved; under this name if someone saves it.
fn disposition(name: &str) -> ContentDisposition {
    let plain = |character: char| if matches!(character, ' '..='~') { character } else { '_' };
    let plain: String = name.replace(['"', '\\', '/'], "_").chars().map(plain).collect();
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.into() };
    ContentDisposition {
        disposition: DispositionType::Inline,
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
            assert_eq!(file_name(name, media_type), expected);
        }
        let header = disposition("\u{e9}\"\r\nx\\.png").to_string();
        assert!(header.starts_with("inline; filename=\"__"), "{header}");
        assert!(header.contains("filename*=UTF-8''%C3%A9"), "{header}");
        assert!(!header.contains(['\r', '\n']) && header.is_ascii(), "{header}");
    }
}
